/**
 * A record as a PDF for reading, with the same mark at the foot of every page: who took it away, when
 * and for whom. What stands in it is the caller's, ready to be drawn.
 */
import type { Language } from "./languages";
import { everyWord, makeSheets, type Piece, type Sheets } from "./sheets";

/** So many UTF-16 units are on one line at the foot. */
const LINE = 96;

/** A label of the program's and a text of somebody's. */
export type Labelled = { readonly label: string; readonly text: string };

export type Sheet = {
  readonly language: Language;
  readonly title: string;
  readonly facts: readonly Labelled[];
  readonly notes: readonly string[];
  /** Above the entries. */
  readonly heading: string;
  readonly entries: readonly {
    readonly head: string;
    readonly what: string;
    readonly parts: readonly Labelled[];
  }[];
  /** On every page. */
  readonly mark: string;
  /** Tells it from any other: a digest, on every page. */
  readonly digest: string;
  /** When it was made, in milliseconds. */
  readonly at: number;
  readonly page: (number: number, count: number) => string;
};

export async function writeMarked(sheet: Sheet): Promise<Uint8Array> {
  const { language, title, mark, digest, at, page } = sheet;
  const below = [...linesOf(mark), digest];
  const given = { language, title, mark: digest, at: new Date(at), banner: title.slice(0, LINE) };
  const made = await makeSheets(
    { ...given, page, words: everyWord(sheet), letterhead: { above: [], below } },
    (sheets) => write(sheets, sheet),
  );
  return made.bytes;
}

function write(sheets: Sheets, { title, facts, notes, heading, entries }: Sheet): void {
  sheets.heading(1, title);
  for (const one of facts) labelled(sheets, one, { bold: true });
  for (const note of notes) sheets.paragraph([{ text: note, quiet: true }]);
  sheets.heading(2, heading);
  for (const { head, what, parts } of entries) {
    sheets.heading(3, head);
    sheets.paragraph([{ text: what, quiet: true }]);
    for (const part of parts) labelled(sheets, part, { quiet: true });
  }
}

function labelled(sheets: Sheets, { label, text }: Labelled, style: Omit<Piece, "text">): void {
  const own = label === "" ? [] : [{ text: text === "" ? label : `${label}: `, ...style }];
  for (const [at, line] of text.split("\n").entries()) {
    const pieces = [...(at === 0 ? own : []), { text: line }];
    if (pieces.some((one) => one.text !== "")) sheets.paragraph(pieces);
  }
}

/** In lines that fit, between words where there are any. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > LINE) {
    const space = rest.lastIndexOf(" ", LINE);
    const cut = space > LINE / 2 ? space : LINE;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
