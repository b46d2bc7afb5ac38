/** The identity in an MLS leaf's basic credential: which device of which person this is. */
import * as v from "valibot";
import { b64u, MalformedBytes, uuid } from "../bytes";
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

const Shape = v.strictObject({
  v: v.literal(1),
  state: StateCode,
  person: Uuid,
  device: Uuid,
  signature_key: Key,
  history_key: Key,
  serial: Uuid,
});

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
