/**
 * Names and posts as people type them: one line, in which nothing is there that nobody sees.
 * Python: casehub/core/lines.py; both read tests/vectors/lines.json.
 */

/** Letters, marks, numbers, punctuation and the plain space. */
const SEEN = /^[\p{L}\p{M}\p{N}\p{P} ]+$/u;
/** Some letters and marks are drawn as nothing: names that differ in one look the same. */
const DRAWN_AS_NOTHING = /\p{Default_Ignorable_Code_Point}/u;

/** Whether a text may stand as a name, a post or an agency in what people sign. */
export function isLine(text: string): boolean {
  if (text.startsWith(" ") || text.endsWith(" ")) return false;
  return SEEN.test(text) && !DRAWN_AS_NOTHING.test(text) && text === text.normalize("NFC");
}
