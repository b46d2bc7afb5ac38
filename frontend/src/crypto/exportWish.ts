/**
 * What is signed about an export for a court: the wish of whoever makes it, and the consent of
 * their coordination. The server knows of the wish its SHA-256 alone; casehub/custody/statements.py
 * checks the consent alike.
 */

import * as v from "valibot";
import { concat, hex, sha256, utf8 } from "../bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "../canonical";
import { signWith, verifies } from "./ed25519";
import { StateCode, Uuid } from "./identity";

/** For what it is asked; in words beside it. */
export const PURPOSES = ["trial", "investigation", "hearing", "appeal", "other"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** UTF-16 units of each text that is typed. */
export const LONGEST_WORD = 160;

const Moment = v.pipe(
  v.string(),
  v.regex(/^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_WORD));
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const WishShape = v.strictObject({
  v: v.literal(1),
  /** Of whoever asks, and the id that their device gave the wish. */
  id: Uuid,
  person: Uuid,
  device: Uuid,
  state: StateCode,
  circle: Uuid,
  /** What the thread and the case are called where they ask. */
  name: v.pipe(v.string(), v.maxLength(512)),
  reference: v.pipe(v.string(), v.maxLength(32)),
  /** First and last entry of the thread's log, both included, and when each was taken. */
  first: Count,
  last: Count,
  from: v.pipe(v.string(), v.maxLength(40)),
  until: v.pipe(v.string(), v.maxLength(40)),
  /** Messages and acts that leave, and those that are held back. */
  leaves: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  held: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Other States whose information is in it, as far as it is known where they ask. */
  states: v.pipe(v.array(StateCode), v.maxLength(32)),
  purpose: v.picklist(PURPOSES),
  /** The court or authority, and the person who receives it. */
  court: Word,
  recipient: Word,
  at: Moment,
});
export type Wish = v.InferOutput<typeof WishShape>;

const ConsentShape = v.strictObject({
  v: v.literal(1),
  wish: Digest,
  person: Uuid,
  device: Uuid,
  at: Moment,
});
export type Consent = v.InferOutput<typeof ConsentShape>;

const label = (kind: string): Uint8Array => utf8.encode(`casehub/${kind}/1\0`);
const wishInput = (wish: Wish) => concat(label("export-wish"), canonical(wish as Json));
const consentInput = (consent: Consent) =>
  concat(label("export-consent"), canonical(consent as Json));

/** A moment as it is signed: UTC, whole seconds. */
export const signedMoment = (ms: number): string =>
  `${new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;

/** Null for anything else than a wish in its one spelling. */
export const readWish = (value: unknown): Wish | null => read(WishShape, value);
export const readConsent = (value: unknown): Consent | null => read(ConsentShape, value);

function read<Shape extends v.GenericSchema>(
  shape: Shape,
  value: unknown,
): v.InferOutput<Shape> | null {
  const found = v.safeParse(shape, value);
  return found.success ? found.output : null;
}

/** From the bytes that were sealed; null if they are no wish. */
export function wishIn(bytes: Uint8Array): Wish | null {
  try {
    return readWish(fromCanonical(bytes));
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

export const wishBytes = (wish: Wish): Uint8Array<ArrayBuffer> => canonical(wish as Json);

/** SHA-256 of a wish in hex: by it all acts name it. */
export async function wishDigest(wish: Wish): Promise<string> {
  return hex.encode(await sha256(wishBytes(wish)));
}

/** 64 bytes, by the device's signature key (an Ed25519 seed). */
export async function signWish(wish: Wish, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, wishInput(wish))).signature;
}

export function wishSignedBy(key: Uint8Array, wish: Wish, signature: Uint8Array) {
  return verifies(key, signature, wishInput(wish));
}

export async function signConsent(consent: Consent, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, consentInput(consent))).signature;
}

export function consentSignedBy(key: Uint8Array, consent: Consent, signature: Uint8Array) {
  return verifies(key, signature, consentInput(consent));
}
