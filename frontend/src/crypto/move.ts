/**
 * What is signed of a move of a request, and of the second hand under one, as every reader checks
 * it. Python: requests_mla/statements.py.
 */

import { concat, hex, sha256, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { verifies } from "./ed25519";

export const MOVE = "move";
export const SECOND = "move-second";
/** Of a move: since the second some take a second hand (ADR 52), the third says no more (ADR 55). */
export const [SECOND_FORM, THIRD_FORM] = [2, 3];
/** Of what is signed as a move now. */
export const FORM = THIRD_FORM;
/** What a move could say in its first two forms, each of which holds all of it, empty or not. */
const AT_FIRST: readonly string[] = [
  ...["channel", "language", "agreed", "codes", "rules", "measures"],
  ...["evidence", "conditions", "consulted", "due", "proof", "keep_until"],
];
type Words = { readonly [name: string]: Json };

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
  readonly said: Words;
  /** 1 in what was signed before some moves took a second hand, 2 before more was asked of some. */
  readonly form: number;
  /** {@link factsOf} the version; empty in form 1, which does not sign for them. */
  readonly disclosed: string;
};

/** SHA-256 (hex) of the facts that the server was told of a version: by them it is judged who signs. */
export const factsOf = async (facts: object): Promise<string> =>
  hex.encode(await sha256(canonical(facts as Json)));

/** Whether a form knows of a field of what is said. */
export const knows = (form: number, field: string): boolean =>
  form >= THIRD_FORM || AT_FIRST.includes(field);

/** The fields that say something. */
export const filled = (said: Words): string[] =>
  Object.entries(said).flatMap(([name, one]) =>
    one === "" || one === false || (Array.isArray(one) && one.length === 0) ? [] : [name],
  );

/**
 * What a move says, as a form holds it: from the third on what is said alone, so that no field that
 * is added changes what was signed before it.
 */
function saidSigned(said: Words, form: number): Words {
  const held =
    form < THIRD_FORM ? Object.keys(said).filter((one) => knows(form, one)) : filled(said);
  return Object.fromEntries(held.map((name) => [name, said[name] as Json]));
}

/** The canonical JSON under the signature, without what says what it is for. */
export function moveBody(moved: Moved): Uint8Array {
  const { request, number, act, before, after, version, digest, on, issued, form } = moved;
  const said = saidSigned(moved.said, form);
  const told = { v: form, request, number, act, before, after, version, digest, on, issued, said };
  return canonical(form < SECOND_FORM ? told : { ...told, disclosed: moved.disclosed });
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
