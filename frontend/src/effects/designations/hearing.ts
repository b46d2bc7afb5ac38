/**
 * Whether what somebody heard are the six words of a key: pure.
 *
 * The words come from a list in which the first four letters are each word's own, so these are
 * enough. Accents are not heard, and so not asked for.
 */

const OWN_LETTERS = 4;

function plain(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
}

/** One word, whole or by its first four letters. */
function isHeard(typed: string, word: string): boolean {
  const [said, asked] = [plain(typed), plain(word)];
  return said === asked || (said.length >= OWN_LETTERS && asked.startsWith(said));
}

/** Places (from 0) at which the word that was typed is not the key's. */
export function misheard(typed: readonly string[], words: readonly string[]): number[] {
  return words.flatMap((word, at) => (isHeard(typed[at] ?? "", word) ? [] : [at]));
}
