/** Words as people look for them: without accents, without capitals. Pure. */

const MARKS = /\p{Mark}/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

export function fold(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLocaleLowerCase("en");
}

/** The words of a text as they are written; what stands between them is not part of any. */
export function wordsIn(text: string): string[] {
  return text.match(WORD) ?? [];
}

export type Piece = { readonly text: string; readonly hit: boolean };

/**
 * A text in pieces, in order and whole: those that are words which begin with one of `sought`
 * (folded), and what stands between them.
 */
export function marked(text: string, sought: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(WORD)) {
    const word = fold(found[0]);
    if (!sought.some((one) => one !== "" && word.startsWith(one))) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), hit: false });
    pieces.push({ text: found[0], hit: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}
