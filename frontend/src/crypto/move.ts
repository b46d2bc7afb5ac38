/**
 * What is signed of a move of a request, and of the second hand under one, as every reader checks
 * it. Python: requests_mla/statements.py.
 */

import { concat, hex, sha256, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { verifies } from "./ed25519";

export const MOVE = "move";
export const SECOND = "move-second";
/** Of what is signed as a move now: since the first, some of them take a second hand (ADR 52). */
export const FORM = 2;

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
  /** 1 in what was signed before some moves took a second hand. */
  readonly form: number;
  /** {@link factsOf} the version; empty in form 1, which does not sign for them. */
  readonly disclosed: string;
};

/** SHA-256 (hex) of the facts that the server was told of a version: by them it is judged who signs. */
export const factsOf = async (facts: object): Promise<string> =>
  hex.encode(await sha256(canonical(facts as Json)));

/** The canonical JSON under the signature, without what says what it is for. */
export function moveBody(moved: Moved): Uint8Array {
  const { request, number, act, before, after, version, digest, on, issued, said } = moved;
  const told = { v: moved.form, request, number, act, before, after, version, digest, on, issued };
  return canonical(
    moved.form < FORM ? { ...told, said } : { ...told, said, disclosed: moved.disclosed },
  );
}

/** All that a signature of a move covers. */
export function moveInput(moved: Moved): Uint8Array<ArrayBuffer> {
  return concat(utf8.encode(`casehub/${MOVE}/1\0`), moveBody(moved));
}

/** Whether the signature is that of the public key, 32 bytes. */
export function movedBy(key: Uint8Array, moved: Moved, signature: Uint8Array): Promise<boolean> {
  return verifies(key, signature, moveInput(moved));
}

/** SHA-256 (hex) of what the signature covers: what a second hand names. */
export const stepOf = async (moved: Moved): Promise<string> =>
  hex.encode(await sha256(moveInput(moved)));

/** The second hand under a move, as whoever confirms it signs it. */
export type Seconded = {
  readonly request: string;
  readonly number: number;
  /** {@link stepOf} what was signed first. */
  readonly step: string;
  /** Whose signature that is, and the signature: no other can be put in its place. */
  readonly first: string;
  readonly signature: string;
  /** The moment of the second signature. */
  readonly issued: string;
};

export function secondBody(seconded: Seconded): Uint8Array {
  const { request, number, step, first, signature, issued } = seconded;
  return canonical({ v: 1, request, number, step, first, signature, issued });
}

export function secondInput(seconded: Seconded): Uint8Array<ArrayBuffer> {
  return concat(utf8.encode(`casehub/${SECOND}/1\0`), secondBody(seconded));
}

export function secondedBy(
  key: Uint8Array,
  seconded: Seconded,
  signature: Uint8Array,
): Promise<boolean> {
  return verifies(key, signature, secondInput(seconded));
}
