/**
 * What somebody who carries or drafts a request writes to the others: signed, padded and sealed to
 * each of them (ADR 49).
 *
 * Signed: "casehub/letter/1" 00 and canonical JSON. Sealed: the letter, its signature and who made it,
 * JSON || 0x80 || 0x00... up to one of four sizes, for this request and this id alone.
 */

import * as v from "valibot";
import { AUDIENCES, type Audience } from "../audience";
import { b64u, concat, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { type FileSaid, Files } from "./content";
import { verifies } from "./ed25519";
import { type Handling, HandlingShape } from "./handling";
import { Uuid } from "./identity";
import {
  NotSealedToUs,
  type Opening,
  openSealed,
  type Sealed,
  sealTo,
  shareSealed,
} from "./sealTo";
import { instantText } from "./statements";

export const LETTER = "letter";
/** UTF-16 units: in the longest alphabet they fit the largest size, with files. */
export const LONGEST_LETTER = 8000;
/** Bytes of what is sealed, tag included; the largest is the server's limit. */
export const LETTER_BUCKETS = [4096, 8192, 16_384, 32_768] as const;
const TAG = 16;

export type Letter = {
  readonly request: string;
  readonly id: string;
  /** The number of the move that it goes with; 0: with none. */
  readonly step: number;
  readonly person: string;
  readonly state: string;
  /** Between which two States the request is, as its author was shown: a host can say otherwise later. */
  readonly requesting_state: string;
  readonly requested_state: string;
  /** The moment at which it was signed. */
  readonly issued: string;
  readonly text: string;
  readonly handling: Handling | null;
  readonly files?: readonly FileSaid[];
  /** Absent in what was signed before there were others than to both (form 1). */
  readonly audience?: Audience;
  /** To one's own: what was signed when documents among the files were made. */
  readonly made?: readonly MadeSaid[];
} & Particulars;

export const audienceOf = ({ audience }: Pick<Letter, "audience">): Audience => audience ?? "both";

/**
 * Documents that were made of a version, as whoever made them signed it (./papers.ts), with the salt
 * of that version's files: whoever has it finds out whether a file is one of them.
 */
export type MadeSaid = {
  readonly version: number;
  readonly letterhead: string;
  readonly template: string;
  readonly files: readonly {
    readonly kind: "docx" | "pdf";
    readonly language: "es" | "en" | "fr";
    readonly commitment: string;
  }[];
  readonly recipients: readonly string[];
  readonly person: string;
  readonly device: string;
  /** When, as the server told it. */
  readonly at: string;
  readonly signature: string;
  readonly salt: string;
};
/** Makings in one letter: of more no file of it is. */
export const MOST_MADE = 4;

/** What a step has besides its codes, where its record wants it said: in nobody's reach but the readers'. */
export type Particulars = {
  /** Of the paper, or of its way: as the office that sends or receives it numbers it. */
  readonly reference?: string;
  /** Whom to reach about it at that office. */
  readonly contact?: string;
};
/** UTF-16 units of each. */
export const LONGEST_PARTICULAR = 200;

/** A letter with the signature of its author: by their device's key, or by their identity key. */
export type SignedLetter = {
  readonly letter: Letter;
  readonly device: string | null;
  /** Ed25519, base64url. */
  readonly key: string;
  readonly signature: string;
};

/** More than the largest size holds. */
export class LetterTooLong extends Error {
  override readonly name = "LetterTooLong";
}

/** It opens, and is not what anybody here writes. */
export class LetterMalformed extends Error {
  override readonly name = "LetterMalformed";
}

type Place = Pick<Letter, "request" | "id">;

const State = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));
/** A second that there is: what no calendar has stops whoever draws it. */
const Instant = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  v.check((text) => instantText(Date.parse(text)) === text),
);
const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const Signature = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/));
const DigestText = v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/));
const MadeShape = v.strictObject({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  letterhead: DigestText,
  template: DigestText,
  files: v.pipe(
    v.array(
      v.strictObject({
        kind: v.picklist(["docx", "pdf"]),
        language: v.picklist(["es", "en", "fr"]),
        commitment: Bytes32,
      }),
    ),
    v.minLength(1),
    v.maxLength(6),
  ),
  recipients: v.pipe(v.array(Uuid), v.maxLength(12)),
  person: Uuid,
  device: Uuid,
  at: Instant,
  signature: Signature,
  salt: Bytes32,
});
const Particular = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_PARTICULAR));
const Shape = v.strictObject({
  letter: v.strictObject({
    request: Uuid,
    id: Uuid,
    step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    person: Uuid,
    state: State,
    requesting_state: State,
    requested_state: State,
    issued: Instant,
    text: v.pipe(v.string(), v.maxLength(LONGEST_LETTER)),
    handling: v.nullable(HandlingShape),
    files: Files,
    audience: v.exactOptional(v.picklist(AUDIENCES)),
    made: v.exactOptional(v.pipe(v.array(MadeShape), v.minLength(1), v.maxLength(MOST_MADE))),
    reference: v.exactOptional(Particular),
    contact: v.exactOptional(Particular),
  }),
  device: v.nullable(Uuid),
  key: Bytes32,
  signature: Signature,
});

/** The canonical JSON under the signature, without what says what it is for. */
export function letterBody(letter: Letter): Uint8Array<ArrayBuffer> {
  const { request, id, step, person, state, issued, text, handling, files } = letter;
  const { reference, contact, audience, made } = letter;
  const { requesting_state, requested_state } = letter;
  const between = { requesting_state, requested_state };
  // Of the first form none says for whom it is: all were for both.
  const form = audience === undefined ? { v: 1 } : { v: 2, audience };
  const said = { ...form, request, id, step, person, state, ...between, issued, text, handling };
  const besides = {
    ...(files && { files }),
    ...(made && { made }),
    ...(reference !== undefined && { reference }),
    ...(contact !== undefined && { contact }),
  };
  return canonical({ ...said, ...besides } as unknown as Json);
}

/** All that the signature covers. */
export function letterInput(letter: Letter): Uint8Array<ArrayBuffer> {
  return concat(utf8.encode(`casehub/${LETTER}/1\0`), letterBody(letter));
}

/** Whether the signature is that of the key that it names. */
export function isSigned({ letter, key, signature }: SignedLetter): Promise<boolean> {
  return verifies(b64u.decode(key), b64u.decode(signature), letterInput(letter));
}

const infoOf = ({ request, id }: Place) => utf8.encode(`casehub/${LETTER}/1\0${request}\0${id}`);

/** @throws {LetterTooLong} */
export async function sealLetter(
  signed: SignedLetter,
  publicKeys: readonly Uint8Array[],
): Promise<Sealed> {
  const plain = canonical(signed as unknown as Json);
  const size = LETTER_BUCKETS.find((bucket) => plain.length < bucket - TAG);
  if (size === undefined) throw new LetterTooLong(`${plain.length} bytes do not fit`);
  const padded = new Uint8Array(size - TAG);
  padded.set(plain);
  padded[plain.length] = 0x80;
  return sealTo(publicKeys, padded, infoOf(signed.letter)).finally(() => padded.fill(0));
}

/**
 * @throws {NotSealedToUs}
 * @throws {LetterMalformed}
 */
export async function openLetter(
  place: Place,
  opening: Opening,
  key: Uint8Array,
  box: Uint8Array,
): Promise<SignedLetter> {
  const padded = await openSealed(opening, key, box, infoOf(place));
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 0x80) throw new LetterMalformed("padding");
  let said: unknown;
  try {
    said = JSON.parse(utf8.decode(padded.subarray(0, end)));
  } catch {
    throw new LetterMalformed("no JSON");
  }
  const parsed = v.safeParse(Shape, said);
  if (!parsed.success) throw new LetterMalformed("shape");
  const signed: SignedLetter = parsed.output;
  const { request, id } = signed.letter;
  // Sealed again by somebody who could read it, under another name.
  if (request !== place.request || id !== place.id) throw new LetterMalformed("place");
  return signed;
}

/** The letter's key for further public keys. @throws {NotSealedToUs} */
export function shareLetter(
  place: Place,
  opening: Opening,
  key: Uint8Array,
  publicKeys: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  return shareSealed(opening, key, publicKeys, infoOf(place));
}

export { NotSealedToUs };
