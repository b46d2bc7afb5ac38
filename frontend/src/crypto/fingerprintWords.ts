/** The words in which people compare keys, aloud: one list for all languages, as it is signed. */

import list from "../../../casehub/directory/data/fingerprint-words.json";
import { fingerprint } from "./fingerprint";

/** The words of a binding. */
export function spoken(indices: readonly number[]): string[] {
  return indices.map((index) => list.words[index] ?? "");
}

/** The six words of a raw 32-byte public key. */
export async function wordsOf(key: Uint8Array): Promise<string[]> {
  return spoken(await fingerprint(key));
}
