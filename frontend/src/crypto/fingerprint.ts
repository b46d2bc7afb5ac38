/** What two people compare of a key. Python: `fingerprint` in casehub/directory/statements.py. */

import { concat, sha256, utf8 } from "../bytes";

/** Words of a fingerprint, and bits of each: 66 in all. */
export const WORDS = 6;
export const WORD_BITS = 11;

const LABEL = utf8.encode("casehub/fingerprint/1\0");

/** Six indices into the list of words, of a raw 32-byte public key. */
export async function fingerprint(key: Uint8Array): Promise<number[]> {
  const digest = await sha256(concat(LABEL, key));
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: WORDS }, (_, at) =>
    Number.parseInt(bits.slice(at * WORD_BITS, (at + 1) * WORD_BITS), 2),
  );
}
