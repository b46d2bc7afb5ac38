/**
 * The number by which two people see that they have each other's devices: 60 digits.
 *
 * Each side is 30 digits of SHA-512 over the person's id and the signature keys of their devices in
 * force, sorted; the lower side stands first, so that both read the same. Any device that comes or
 * goes on either side makes another number. Shared vectors: tests/vectors/safety-numbers.json.
 */

import { concat, owned, utf8, uuid } from "../bytes";

const LABEL = utf8.encode("casehub/safety-number/1\0");
const CHUNKS = 6;
const CHUNK = 5; // bytes, and digits
export const DIGITS = 2 * CHUNKS * CHUNK;

export type Side = { readonly person: string; readonly keys: readonly Uint8Array[] };

/** Sixty digits; the same whichever side is named first. */
export async function safetyNumber(one: Side, other: Side): Promise<string> {
  const sides = await Promise.all([digitsOf(one), digitsOf(other)]);
  return sides.sort().join("");
}

async function digitsOf({ person, keys }: Side): Promise<string> {
  const sorted = [...keys].sort(compare);
  const input = concat(LABEL, uuid.toBytes(person), ...sorted);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", owned(input)));
  return Array.from({ length: CHUNKS }, (_, at) => {
    const value = digest
      .subarray(at * CHUNK, (at + 1) * CHUNK)
      .reduce((sum, byte) => sum * 256 + byte, 0); // 40 bits: exact
    return String(value % 100_000).padStart(CHUNK, "0");
  }).join("");
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (const [at, byte] of a.entries()) {
    const difference = byte - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
