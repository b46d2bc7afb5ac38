/**
 * An outline as a PDF: tagged (headings, paragraphs, lists, tables), with its title, its languages
 * and bookmarks, so that a screen reader can read it. It does not call itself PDF/UA (ISO 14289-1):
 * no validator has said so.
 */
import PDFDocument from "pdfkit";
import { concat } from "../bytes";
import { type Fonts, fontsFor } from "./fonts";
import type { Line, Outline, Part, Table } from "./outline";

export type MadePdf = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Characters that stand in it only as their code, because no font of ours has them. */
  readonly missing: string;
};

const MARGIN = 72;
const HALF = MARGIN / 2;
const SIZE = { title: 20, section: 15, item: 12.5, text: 10.5, small: 9 };
const INK = "#1a1a1a";
const QUIET = "#555555";
const RULE = "#999999";
const INDENT = 18;
const CELL = 4;
/** Least room that a heading keeps with what follows it. */
const TOGETHER = 64;

type Piece = { readonly text: string; readonly bold?: boolean; readonly color?: string };
type Place = { x?: number; y?: number; width?: number; size?: number; oneLine?: boolean };
type Element = PDFKit.PDFStructureElement;

export async function writePdf(outline: Outline): Promise<MadePdf> {
  const fonts = await fontsFor(everyWord(outline));
  const document = new PDFDocument({
    size: "LETTER",
    margin: MARGIN,
    pdfVersion: "1.7",
    tagged: true,
    displayTitle: true,
    lang: outline.language,
    bufferPages: true,
    autoFirstPage: false,
    // none of the fonts that every reader has: ours are inside
    font: null as unknown as string,
    info: { Title: titleOf(outline), Creator: "CaseHub", Producer: "CaseHub" },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  new Writer(document, fonts, outline).write();
  document.end();
  await ended;
  return { bytes: concat(...chunks), missing: fonts.missing };
}

const titleOf = ({ title, reference }: Outline): string =>
  reference === "" ? title : `${title} · ${reference}`;

/** All text of an outline, to know its letters. */
function everyWord(outline: Outline): string {
  const texts: string[] = ["0123456789", outline.page(1, 1)];
  const walk = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  walk(outline);
  return texts.join("\n");
}

class Writer {
  readonly #root: Element;

  constructor(
    readonly document: PDFKit.PDFDocument,
    readonly fonts: Fonts,
    readonly outline: Outline,
  ) {
    for (const { name, regular, bold } of fonts.all) {
      // its types do not know yet that it takes a font that was read already
      document.registerFont(`${name} regular`, regular as unknown as Uint8Array);
      document.registerFont(`${name} bold`, bold as unknown as Uint8Array);
    }
    document.addPage();
    this.#root = document.struct("Document");
    document.addStructure(this.#root);
  }

  write(): void {
    const { title, head, parts, signature } = this.outline;
    this.#heading("H1", title, SIZE.title);
    for (const line of head) this.#line(line);
    for (const [place, part] of parts.entries()) this.#part(part, place + 1);
    this.#heading("H2", signature.title, SIZE.section);
    this.document.outline.addItem(signature.title);
    for (const line of signature.lines) this.#line(line);
    this.#room(TOGETHER);
    this.document.y += HALF;
    this.#paragraph([{ text: `${this.outline.before(signature.on)}${"_".repeat(40)}` }]);
    this.#root.end();
    this.#margins();
  }

  #part({ title, lines, items, table }: Part, number: number): void {
    const heading = `${number}. ${title}`;
    this.#heading("H2", heading, SIZE.section);
    const mark = this.document.outline.addItem(heading);
    for (const line of lines) this.#line(line);
    if (table) this.#table(table);
    for (const item of items) {
      this.#heading("H3", item.title, SIZE.item);
      mark.addItem(item.title);
      for (const line of item.lines) this.#line(line);
    }
  }

  #heading(tag: "H1" | "H2" | "H3", text: string, size: number): void {
    this.#room(TOGETHER + size);
    if (this.document.y > MARGIN) this.document.y += size * 0.6;
    this.#add(tag, this.outline.language, () => this.#flow([{ text, bold: true }], { size }));
    this.document.y += size * 0.25;
  }

  #line({ label, paragraphs, long, numbered, language, note }: Line): void {
    const notes = note === undefined ? [] : [{ text: ` ${note}`, color: QUIET }];
    if (!long) {
      const text = paragraphs.join(" ");
      this.#paragraph(
        [{ text: this.outline.before(label), bold: true }, { text }, ...notes],
        language,
      );
      return;
    }
    this.#room(SIZE.text * 3);
    this.#paragraph([{ text: label, bold: true }, ...notes]);
    if (!numbered) {
      for (const text of paragraphs) this.#paragraph([{ text }], language);
      return;
    }
    const list = this.document.struct("L", { lang: language });
    this.#root.add(list);
    for (const [place, text] of paragraphs.entries()) this.#entry(list, `${place + 1}.`, text);
    list.end();
  }

  #entry(list: Element, number: string, text: string): void {
    const { document } = this;
    this.#room(SIZE.text * 2);
    const entry = document.struct("LI");
    list.add(entry);
    const { y } = document;
    entry.add(
      document.struct("Lbl", {}, () =>
        this.#flow([{ text: number }], { x: MARGIN, y, width: INDENT }),
      ),
    );
    const width = this.#width - INDENT;
    entry.add(
      document.struct("LBody", {}, () => this.#flow([{ text }], { x: MARGIN + INDENT, y, width })),
    );
    entry.end();
    document.x = MARGIN;
    document.y += CELL;
  }

  #table({ head, rows }: Table): void {
    const table = this.document.struct("Table");
    this.#root.add(table);
    this.#row(table, head, true);
    for (const row of rows) this.#row(table, row, false);
    table.end();
    this.document.x = MARGIN;
    this.document.y += CELL;
  }

  /** The first column is a number: narrow. */
  #row(table: Element, cells: readonly string[], head: boolean): void {
    const { document } = this;
    const first = INDENT * 2;
    const others = (this.#width - first) / Math.max(cells.length - 1, 1);
    const widths = cells.map((_, column) => (column === 0 ? first : others) - 2 * CELL);
    document.font(`${this.fonts.all[0].name} bold`).fontSize(SIZE.text);
    const heights = cells.map((text, column) =>
      document.heightOfString(text, { width: widths[column] ?? others }),
    );
    this.#room(Math.max(...heights) + 3 * CELL);
    const top = document.y + CELL;
    let [x, bottom] = [MARGIN, top];
    const row = document.struct("TR");
    table.add(row);
    for (const [column, text] of cells.entries()) {
      const place = { x: x + CELL, y: top, width: widths[column] ?? others };
      const write = (): unknown => this.#flow([{ text, bold: head }], place);
      const scope = head ? ({ scope: "Column" } as object) : {};
      row.add(document.struct(head ? "TH" : "TD", scope, write as () => void));
      bottom = Math.max(bottom, document.y);
      x += place.width + 2 * CELL;
    }
    row.end();
    this.#rule(bottom + CELL / 2);
    document.x = MARGIN;
    document.y = bottom + CELL;
  }

  #rule(y: number): void {
    this.document.markContent("Artifact", { type: "Layout" });
    this.document.moveTo(MARGIN, y).lineTo(MARGIN + this.#width, y);
    this.document.lineWidth(0.5).strokeColor(RULE).stroke();
    this.document.endMarkedContent();
  }

  #paragraph(pieces: readonly Piece[], language: string = this.outline.language): void {
    this.#add("P", language, () => this.#flow(pieces));
    this.document.y += CELL;
  }

  #add(tag: string, language: string, write: () => void): void {
    const options = language === this.outline.language ? {} : { lang: language };
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
    for (const [at, { font, text, bold = false, color = INK }] of runs.entries()) {
      document.font(`${font.name} ${bold ? "bold" : "regular"}`).fillColor(color);
      const options = { continued: at < runs.length - 1, lineGap: 2, width, lineBreak: !oneLine };
      if (at > 0) document.text(text, options);
      else document.text(text, place.x ?? document.x, place.y ?? document.y, options);
    }
  }

  get #width(): number {
    return this.document.page.width - 2 * MARGIN;
  }

  /** Go on on another page unless that many points are left on this one. */
  #room(points: number): void {
    if (this.document.y + points > this.document.page.height - MARGIN) this.document.addPage();
  }

  /** What stands above and below every page, and is not read aloud. */
  #margins(): void {
    const { document, outline } = this;
    const { start, count } = document.bufferedPageRange();
    const banner =
      outline.reference === "" ? outline.banner : `${outline.banner} · ${outline.reference}`;
    for (let number = 1; number <= count; number += 1) {
      document.switchToPage(start + number - 1);
      document.page.margins.bottom = 0;
      this.#margin(banner, HALF, "Header");
      this.#margin(outline.page(number, count), document.page.height - HALF - SIZE.small, "Footer");
    }
  }

  #margin(text: string, y: number, subtype: string): void {
    const { document } = this;
    document.markContent("Artifact", {
      type: "Pagination",
      attached: [subtype === "Header" ? "Top" : "Bottom"],
    });
    this.#flow([{ text, color: QUIET }], { x: MARGIN, y, size: SIZE.small, oneLine: true });
    document.endMarkedContent();
  }
}
