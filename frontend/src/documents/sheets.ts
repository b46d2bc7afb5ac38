/**
 * Sheets of paper: a PDF of headings, paragraphs, lists and tables, with what stands on top and at
 * the foot of every page.
 *
 * It is PDF/A-3a (ISO 19005-3): everything it needs is inside, it is tagged for screen readers, and
 * files may lie in it. Nothing in it comes from the clock or from chance, so the same content makes
 * the same bytes. Letters stand where they were written: no font here has a script that runs from
 * right to left, and what turns a line around (UAX #9) is written as its code.
 */
import PDFDocument from "pdfkit";
import { concat } from "../bytes";
import { type Fonts, fontsFor } from "./fonts";

export type MadePdf = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Characters that stand in it only as their code, because no font of ours has them. */
  readonly missing: string;
};

/** A file that lies in the PDF: what its pages say, for programs. */
export type Enclosed = {
  readonly name: string;
  /** E.g. `application/json`. */
  readonly type: string;
  readonly description: string;
  readonly bytes: Uint8Array;
};

/** What a first page begins with, and every page ends with. */
export type Letterhead = {
  readonly above: readonly string[];
  readonly below: readonly string[];
  /** A JPEG (baseline, RGB or grey), and what it shows, for whoever does not see it. */
  readonly emblem?: { readonly bytes: Uint8Array; readonly says: string };
};

export type SheetsGiven = {
  readonly language: string;
  readonly title: string;
  /** Tells this content from any other of the same title: its digest, or a number. */
  readonly mark: string;
  /** The day it says it is of, whenever it was made. */
  readonly at: Date;
  /** Stands on top of every page. */
  readonly banner: string;
  readonly page: (number: number, of: number) => string;
  /** All that is going to be written, so that only its letters are loaded; see `everyWord`. */
  readonly words: string;
  readonly letterhead?: Letterhead;
  readonly enclosed?: readonly Enclosed[];
};

export type Piece = { readonly text: string; readonly bold?: boolean; readonly quiet?: boolean };
export type Rows = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What part of the width each column takes, as numbers of any sum; else all the same. */
  readonly widths?: readonly number[];
};

const MARGIN = 72;
const HALF = MARGIN / 2;
const SIZE = { 1: 20, 2: 15, 3: 12.5, text: 10.5, small: 9 } as const;
const INK = "#1a1a1a";
const QUIET = "#555555";
const RULE = "#999999";
const INDENT = 18;
const CELL = 4;
const LINE = 12;
const EMBLEM = 64;
/** Least room that a heading keeps with what follows it. */
const TOGETHER = 64;
/** A row that takes more of a page than that is written one cell below the other. */
const TALL = 0.5;

type Place = { x?: number; y?: number; width?: number; size?: number; oneLine?: boolean };
type Element = PDFKit.PDFStructureElement;

/** @throws whatever `write` throws. */
export async function makeSheets(
  given: SheetsGiven,
  write: (sheets: Sheets) => void,
): Promise<MadePdf> {
  const fonts = await fontsFor(everyWord([given, "0123456789"]) + given.page(1, 1) + given.words);
  const document = new Archived({
    size: "LETTER",
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN },
    pdfVersion: "1.7",
    subset: "PDF/A-3a",
    tagged: true,
    displayTitle: true,
    lang: given.language,
    bufferPages: true,
    autoFirstPage: false,
    // none of the fonts that every reader has: ours are inside
    font: null as unknown as string,
    info: {
      Title: given.title,
      Subject: given.mark,
      Creator: "CaseHub",
      Producer: "CaseHub",
      CreationDate: given.at,
    },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  for (const { name, type, description, bytes } of given.enclosed ?? []) {
    document.file(
      bytes as unknown as Buffer,
      {
        name,
        type,
        description,
        relationship: "Data",
        creationDate: given.at,
        modifiedDate: given.at,
      } as PDFKit.Mixins.PDFAttachmentOptions,
    );
  }
  const sheets = new Sheets(document, fonts, given);
  write(sheets);
  sheets.end();
  document.end();
  await ended;
  return { bytes: concat(...chunks), missing: fonts.missing };
}

/** All text of a plain value, to know its letters. */
export function everyWord(value: unknown): string {
  if (typeof value === "string") return `${value}\n`;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return "";
  return Object.values(value).map(everyWord).join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replace(/[&<>]/g, (one) => ENTITIES[one] ?? "");

/** pdfkit writes a title into the file's XML as it is; a title may be anybody's words. */
class Archived extends PDFDocument {
  _addInfo(): void {
    const plain = this.info;
    const texts = Object.entries(plain).map(([key, value]): [string, unknown] => [
      key,
      typeof value === "string" ? escaped(value) : value,
    ]);
    this.info = Object.fromEntries(texts) as PDFKit.DocumentInfo;
    (PDFDocument.prototype as unknown as Archived)._addInfo.call(this);
    this.info = plain;
  }
}

/** What `makeSheets` hands out to write on. */
export class Sheets {
  readonly #root: Element;
  #mark: PDFKit.PDFOutline | null = null;

  constructor(
    private readonly document: PDFKit.PDFDocument,
    private readonly fonts: Fonts,
    private readonly given: SheetsGiven,
  ) {
    for (const { name, regular, bold } of fonts.all) {
      // its types do not know yet that it takes a font that was read already
      document.registerFont(`${name} regular`, regular as unknown as Uint8Array);
      document.registerFont(`${name} bold`, bold as unknown as Uint8Array);
    }
    document.on("pageAdded", () => {
      const { margins } = document.page;
      margins.bottom = MARGIN + Math.max(0, this.#foot.length - 1) * LINE;
    });
    document.addPage();
    this.#root = document.struct("Document");
    document.addStructure(this.#root);
    this.#letterhead();
  }

  /** Level 1 is the title; 2 and 3 are bookmarks as well. */
  heading(level: 1 | 2 | 3, text: string): void {
    const { document } = this;
    const size = SIZE[level];
    // another heading may follow, and that with something
    this.room((level === 2 ? 2 * TOGETHER : TOGETHER) + size);
    if (document.y > MARGIN) document.y += size * 0.6;
    this.#add(`H${level}`, this.given.language, () => this.#flow([{ text, bold: true }], { size }));
    document.y += size * 0.25;
    if (level === 2) this.#mark = document.outline.addItem(text);
    if (level === 3) (this.#mark ?? document.outline).addItem(text);
  }

  /** `language`: of the text, if it is another than the document's. */
  paragraph(pieces: readonly Piece[], language: string = this.given.language): void {
    this.#add("P", language, () => this.#flow(pieces));
    this.document.y += CELL;
  }

  /** A numbered list. */
  list(texts: readonly string[], language: string = this.given.language): void {
    const list = this.document.struct("L", { lang: language });
    this.#root.add(list);
    for (const [place, text] of texts.entries()) this.#entry(list, `${place + 1}.`, text);
    list.end();
  }

  table({ head, rows, widths = head.map(() => 1) }: Rows): void {
    const { document } = this;
    const all = widths.reduce((sum, one) => sum + one, 0);
    const columns = widths.map((one) => (this.#width * one) / all - 2 * CELL);
    const table = document.struct("Table");
    this.#root.add(table);
    this.#row(table, head, columns, "TH");
    for (const row of rows) {
      if (this.#height(row, columns) > document.page.height * TALL) this.#tall(table, head, row);
      else this.#row(table, row, columns, "TD");
    }
    table.end();
    document.x = MARGIN;
    document.y += CELL;
  }

  /** Leave so many points free. */
  space(points: number): void {
    this.document.y += points;
  }

  /** Go on on another page unless so many points are left on this one. */
  room(points: number = TOGETHER): void {
    const { height, margins } = this.document.page;
    if (this.document.y + points > height - margins.bottom) this.document.addPage();
  }

  /** Called by `makeSheets`, once: what stands above and below every page, and is not read aloud. */
  end(): void {
    this.#root.end();
    const { document, given } = this;
    const { start, count } = document.bufferedPageRange();
    for (let number = 1; number <= count; number += 1) {
      document.switchToPage(start + number - 1);
      document.page.margins.bottom = 0;
      this.#margin(given.banner, HALF, "Top");
      const lines = [...this.#foot, given.page(number, count)];
      const first = document.page.height - HALF - SIZE.small - (lines.length - 1) * LINE;
      for (const [place, text] of lines.entries()) {
        this.#margin(text, first + place * LINE, "Bottom");
      }
    }
  }

  get #foot(): readonly string[] {
    return this.given.letterhead?.below ?? [];
  }

  #letterhead(): void {
    const { letterhead } = this.given;
    if (letterhead === undefined) return;
    const { document } = this;
    const { emblem, above } = letterhead;
    const top = document.y;
    let left = MARGIN;
    if (emblem !== undefined) {
      const draw = (): unknown =>
        document.image(emblem.bytes as unknown as Buffer, MARGIN, top, { fit: [EMBLEM, EMBLEM] });
      this.#root.add(document.struct("Figure", { alt: emblem.says }, draw as () => void));
      left += EMBLEM + 3 * CELL;
    }
    document.y = top;
    const width = this.#width - (left - MARGIN);
    for (const [place, text] of above.entries()) {
      const at = { x: left, y: document.y, width };
      const write = (): void => this.#flow([{ text, bold: place === 0 }], at);
      this.#root.add(document.struct("P", {}, write));
    }
    const bottom = Math.max(document.y, emblem === undefined ? 0 : top + EMBLEM) + 2 * CELL;
    this.#rule(bottom);
    document.x = MARGIN;
    document.y = bottom + 4 * CELL;
  }

  #entry(list: Element, number: string, text: string): void {
    const { document } = this;
    this.room(SIZE.text * 2);
    const entry = document.struct("LI");
    list.add(entry);
    const { y } = document;
    const label = { x: MARGIN, y, width: INDENT + 2 * CELL };
    const left = MARGIN + label.width;
    const body = { x: left, y, width: this.#width - label.width };
    entry.add(document.struct("Lbl", {}, () => this.#flow([{ text: number }], label)));
    entry.add(document.struct("LBody", {}, () => this.#flow([{ text }], body)));
    entry.end();
    document.x = MARGIN;
    document.y += CELL;
  }

  #height(cells: readonly string[], columns: readonly number[]): number {
    const { document } = this;
    document.font(`${this.fonts.all[0].name} bold`).fontSize(SIZE.text);
    const heights = cells.map((text, column) => {
      const written = this.fonts.runs(text).map((run) => run.text);
      const width = columns[column] ?? this.#width;
      return document.heightOfString(written.join(""), { width, lineGap: 2 });
    });
    return Math.max(0, ...heights);
  }

  #row(
    table: Element,
    cells: readonly string[],
    columns: readonly number[],
    tag: "TH" | "TD",
  ): void {
    const { document } = this;
    this.room(this.#height(cells, columns) + 3 * CELL);
    const top = document.y + CELL;
    let [x, bottom] = [MARGIN, top];
    const row = document.struct("TR");
    table.add(row);
    for (const [column, text] of cells.entries()) {
      const place = { x: x + CELL, y: top, width: columns[column] ?? this.#width };
      this.#cell(row, tag, [{ text, bold: tag === "TH" }], place);
      bottom = Math.max(bottom, document.y);
      x += place.width + 2 * CELL;
    }
    row.end();
    this.#rule(bottom + CELL / 2);
    document.x = MARGIN;
    document.y = bottom + CELL;
  }

  /** A row that fits on no page: each cell takes the whole width, after what its column is called. */
  #tall(table: Element, head: readonly string[], cells: readonly string[]): void {
    const { document } = this;
    const row = document.struct("TR");
    table.add(row);
    for (const [column, text] of cells.entries()) {
      this.room(SIZE.text * 2);
      const label = { text: `${head[column] ?? ""}: `, bold: true };
      const place = { x: MARGIN + CELL, y: document.y, width: this.#width - 2 * CELL };
      this.#cell(row, "TD", [label, { text }], place);
    }
    row.end();
    this.#rule(document.y + CELL / 2);
    document.x = MARGIN;
    document.y += CELL;
  }

  #cell(row: Element, tag: "TH" | "TD", pieces: readonly Piece[], place: Place): void {
    const scope = tag === "TH" ? ({ scope: "Column" } as object) : {};
    row.add(this.document.struct(tag, scope, () => this.#flow(pieces, place)));
  }

  #rule(y: number): void {
    const { document } = this;
    document.markContent("Artifact", { type: "Layout" });
    document.moveTo(MARGIN, y).lineTo(MARGIN + this.#width, y);
    document.lineWidth(0.5).strokeColor(RULE).stroke();
    document.endMarkedContent();
  }

  #add(tag: string, language: string, write: () => void): void {
    const options = language === this.given.language ? {} : { lang: language };
    this.#root.add(this.document.struct(tag, options, write));
  }

  /** Write pieces one after the other, changing fonts where the alphabet changes. */
  #flow(pieces: readonly Piece[], place: Place = {}): void {
    const { document } = this;
    const { size = SIZE.text, width = this.#width, oneLine = false } = place;
    document.fontSize(size);
    const runs = pieces.flatMap(({ text, ...style }) =>
      this.fonts.runs(text).map((run) => ({ ...run, ...style })),
    );
    for (const [at, { font, text, bold = false, quiet = false }] of runs.entries()) {
      document.font(`${font.name} ${bold ? "bold" : "regular"}`).fillColor(quiet ? QUIET : INK);
      const options = { continued: at < runs.length - 1, lineGap: 2, width, lineBreak: !oneLine };
      if (at > 0) document.text(text, options);
      else document.text(text, place.x ?? document.x, place.y ?? document.y, options);
    }
  }

  get #width(): number {
    return this.document.page.width - 2 * MARGIN;
  }

  #margin(text: string, y: number, attached: "Top" | "Bottom"): void {
    this.document.markContent("Artifact", { type: "Pagination", attached: [attached] });
    const place = { x: MARGIN, y, size: SIZE.small, oneLine: true };
    this.#flow([{ text, quiet: true }], place);
    this.document.endMarkedContent();
  }
}
