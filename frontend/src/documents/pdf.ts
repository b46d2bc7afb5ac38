/** An outline as a PDF; see sheets.ts for what kind of PDF. */

import type { Line, Outline, Part } from "./outline";
import type { Sheets } from "./sheets";
import { type Enclosed, everyWord, type Letterhead, type MadePdf, makeSheets } from "./sheets";

/** Where somebody signs, above the line. */
const HAND = 36;

export async function writePdf(outline: Outline, beside: Beside): Promise<MadePdf> {
  const { language, title, banner, reference, page } = outline;
  const named = (text: string): string => (reference === "" ? text : `${text} · ${reference}`);
  const given = { language, title: named(title), banner: named(banner), page };
  return makeSheets({ ...given, ...beside, words: everyWord(outline) }, (sheets) =>
    new Writer(sheets, outline).write(),
  );
}

/** What goes with an outline. */
export type Beside = {
  readonly at: Date;
  readonly mark: string;
  readonly letterhead?: Letterhead;
  readonly enclosed?: readonly Enclosed[];
};

class Writer {
  constructor(
    readonly sheets: Sheets,
    readonly outline: Outline,
  ) {}

  write(): void {
    const { sheets } = this;
    const { title, head, parts, signature, before } = this.outline;
    sheets.heading(1, title);
    for (const line of head) this.#line(line);
    for (const [place, part] of parts.entries()) this.#part(part, place + 1);
    sheets.heading(2, signature.title);
    for (const line of signature.lines) this.#line(line);
    sheets.room();
    sheets.space(HAND);
    sheets.paragraph([{ text: `${before(signature.on)}${"_".repeat(40)}` }]);
  }

  #part({ title, lines, items, table }: Part, number: number): void {
    const { sheets } = this;
    sheets.heading(2, `${number}. ${title}`);
    for (const line of lines) this.#line(line);
    // the first column is a number: narrow
    if (table) sheets.table({ ...table, widths: table.head.map((_, at) => (at === 0 ? 1 : 3)) });
    for (const item of items) {
      sheets.heading(3, item.title);
      for (const line of item.lines) this.#line(line);
    }
  }

  #line({ label, paragraphs, long, numbered, language, note }: Line): void {
    const { sheets } = this;
    const notes = note === undefined ? [] : [{ text: ` ${note}`, quiet: true }];
    if (!long) {
      const text = paragraphs.join(" ");
      const pieces = [{ text: this.outline.before(label), bold: true }, { text }, ...notes];
      sheets.paragraph(pieces, language);
      return;
    }
    sheets.room(32);
    sheets.paragraph([{ text: label, bold: true }, ...notes]);
    if (numbered) sheets.list(paragraphs, language);
    else for (const text of paragraphs) sheets.paragraph([{ text }], language);
  }
}
