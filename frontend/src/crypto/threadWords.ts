/** The words by which people hear that they are in one group, in one epoch of it. */

import { concat, sha256, utf8 } from "../bytes";
import { WORD_BITS } from "./fingerprint";
import { spoken } from "./fingerprintWords";

/** 88 bits: whoever wants two groups to sound alike has to find both. */
export const THREAD_WORDS = 8;

const LABEL = utf8.encode("casehub/thread-words/1\0");

/**
 * Eight words of a group's `epoch_authenticator` (RFC 9420, section 8.7), which depends on the
 * whole history of its roster: two who hear the same words share the group and who is in it.
 *
 * They are the first bits of SHA-256 over `casehub/thread-words/1` NUL and the 32 bytes.
 */
export async function threadWords(epochAuthenticator: Uint8Array): Promise<string[]> {
  const digest = await sha256(concat(LABEL, epochAuthenticator));
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return spoken(
    Array.from({ length: THREAD_WORDS }, (_, at) =>
      Number.parseInt(bits.slice(at * WORD_BITS, (at + 1) * WORD_BITS), 2),
    ),
  );
}
