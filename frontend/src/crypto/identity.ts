/** The identity in an MLS leaf's basic credential: which device of which person this is. */
import * as v from "valibot";
import { b64u, hex, MalformedBytes, uuid } from "../bytes";
import { canonical, fromCanonical, NotCanonical } from "../canonical";

export type Identity = {
  /** ISO 3166-1 alpha-2 code of the State. */
  readonly state: string;
  readonly person: string;
  readonly device: string;
  /** Ed25519, 32 bytes; the leaf stands under this key. */
  readonly signatureKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly historyKey: Uint8Array;
  /** Serial of the device statement that names all of the above. */
  readonly serial: string;
};

/** A credential that is not the canonical bytes of one identity. */
export class IdentityMalformed extends Error {
  override readonly name = "IdentityMalformed";
}

/** ISO 3166-1 alpha-2. */
export const StateCode = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));
export const Uuid = v.pipe(v.string(), v.check(uuid.is));
/** base64url of 32 bytes. */
export const Key = v.pipe(v.string(), v.check(isKey));
/** One under which not everybody can sign: no Ed25519 point of small order. */
export const SigningKey = v.pipe(Key, v.check(isStrong));

const Shape = v.strictObject({
  v: v.literal(1),
  state: StateCode,
  person: Uuid,
  device: Uuid,
  signature_key: SigningKey,
  history_key: Key,
  serial: Uuid,
});

/** The encodings of the Ed25519 points of small order, their sign bits clear. */
const WEAK: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

function isStrong(text: string): boolean {
  try {
    const key = b64u.decode(text).slice();
    key[31] = (key[31] ?? 0) & 0x7f;
    return !WEAK.has(hex.encode(key));
  } catch (error) {
    if (error instanceof MalformedBytes) return false;
    throw error;
  }
}

function isKey(text: string): boolean {
  try {
    return b64u.decode(text).length === 32;
  } catch (error) {
    if (error instanceof MalformedBytes) return false;
    throw error;
  }
}

export function encodeIdentity(identity: Identity): Uint8Array {
  return canonical({
    v: 1,
    state: identity.state,
    person: identity.person,
    device: identity.device,
    signature_key: b64u.encode(identity.signatureKey),
    history_key: b64u.encode(identity.historyKey),
    serial: identity.serial,
  });
}

/** @throws {IdentityMalformed} */
export function decodeIdentity(credential: Uint8Array): Identity {
  const read = v.safeParse(Shape, jsonOf(credential));
  if (!read.success) throw new IdentityMalformed("not an identity");
  const { state, person, device, signature_key, history_key, serial } = read.output;
  return {
    state,
    person,
    device,
    signatureKey: b64u.decode(signature_key),
    historyKey: b64u.decode(history_key),
    serial,
  };
}

function jsonOf(credential: Uint8Array): unknown {
  try {
    return fromCanonical(credential);
  } catch (error) {
    if (error instanceof NotCanonical) throw new IdentityMalformed(error.message);
    throw error;
  }
}
