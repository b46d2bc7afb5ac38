/** What is signed of a move of a request, as every reader checks it. Python: requests_mla/statements.py. */

import { concat, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { verifies } from "./ed25519";

export const MOVE = "move";

export type Moved = {
  readonly request: string;
  readonly number: number;
  readonly act: string;
  readonly before: string;
  readonly after: string;
  readonly version: number;
  /** SHA-256 of the version's ciphertext, in hexadecimal digits. */
  readonly digest: string;
  /** The day on which it was done. */
  readonly on: string;
  /** The moment at which it is signed. */
  readonly issued: string;
  readonly said: { readonly [name: string]: Json };
};

/** The canonical JSON under the signature, without what says what it is for. */
export function moveBody(moved: Moved): Uint8Array {
  const { request, number, act, before, after, version, digest, on, issued, said } = moved;
  return canonical({
    v: 1,
    request,
    number,
    act,
    before,
    after,
    version,
    digest,
    on,
    issued,
    said,
  });
}

/** All that a signature of a move covers. */
export function moveInput(moved: Moved): Uint8Array<ArrayBuffer> {
  return concat(utf8.encode(`casehub/${MOVE}/1\0`), moveBody(moved));
}

/** Whether the signature is that of the public key, 32 bytes. */
export function movedBy(key: Uint8Array, moved: Moved, signature: Uint8Array): Promise<boolean> {
  return verifies(key, signature, moveInput(moved));
}
