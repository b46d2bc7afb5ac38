/** Text: UTF-8 without doubt, with everything in it that one could not see. */

import { type Note, Unsound } from "./kinds";
import { begins, isPage, isPdfToo, isZipToo } from "./seen";

/** Characters that are shown; the rest is said to be there. */
export const MOST_TEXT = 400_000;

/** How files of other kinds begin that hold no zero byte early. */
const OTHERS = ["%PDF-", "PK\x03\x04", "GIF8", "{\\rtf", "%!PS", "MZ", "\x7fELF"] as const;

/** Direction, joins and spaces of no width, tags, controls: U+200D joins emoji and stays. */
const UNSEEN =
  /(?!\u200d)[\p{Cf}\u2028\u2029\u115f\u1160\u3164\u2800\u0080-\u009f\u{e0000}-\u{e0fff}]/gu;

export type Text = { readonly text: string; readonly notes: readonly Note[] };

/**
 * What is shown of a text: marks of direction and other characters that cannot be seen stand in it by
 * their numbers, as `⟦U+202E⟧`.
 *
 * @throws {Unsound} "differs" if it is no UTF-8 text; "two" if it is a page or another file as well
 */
export function textOf(bytes: Uint8Array): Text {
  if (OTHERS.some((head) => begins(bytes, head))) throw new Unsound("differs");
  if (isPage(bytes) || isPdfToo(bytes) || isZipToo(bytes)) throw new Unsound("two");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unsound("differs");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0b\x0e-\x1f\x7f]/.test(text)) throw new Unsound("differs");
  const isCut = text.length > MOST_TEXT;
  const shown = isCut ? text.slice(0, MOST_TEXT).replace(/[\ud800-\udbff]$/, "") : text;
  return { text: shown.replace(UNSEEN, named), notes: isCut ? ["cut"] : [] };
}

function named(character: string): string {
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `⟦U+${number}⟧`;
}
