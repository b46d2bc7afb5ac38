/**
 * Something sealed to several devices of people who need not be in a thread: under a key of its
 * own, and that key by HPKE (RFC 9180, base mode) to each device's history key.
 */

import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { concat, owned } from "../bytes";

const NONCE = new Uint8Array(12); // a key seals one thing
const ENC = 32; // bytes of the encapsulated key

const suite = () =>
  new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  });

/** What cannot be opened here: sealed to another device, for something else, or changed. */
export class NotSealedToUs extends Error {
  override readonly name = "NotSealedToUs";
}

export type Sealed = {
  readonly box: Uint8Array;
  /** Each the key of the box, in the order of the devices that it was sealed to. */
  readonly keys: readonly Uint8Array[];
};

/** `info` says what it is for: what is sealed for one purpose opens for no other. */
export async function sealTo(
  publicKeys: readonly Uint8Array[],
  plain: Uint8Array,
  info: Uint8Array,
): Promise<Sealed> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const how = { name: "AES-GCM", iv: NONCE, additionalData: owned(info) };
  const box = new Uint8Array(await crypto.subtle.encrypt(how, key, owned(plain)));
  const keys = await Promise.all(publicKeys.map((one) => wrapped(one, raw, info)));
  raw.fill(0);
  return { box, keys };
}

async function wrapped(publicKey: Uint8Array, raw: Uint8Array, info: Uint8Array) {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(owned(publicKey));
  const sender = await hpke.createSenderContext({ recipientPublicKey, info: owned(info) });
  const sealed = new Uint8Array(await sender.seal(owned(raw)));
  return concat(new Uint8Array(sender.enc), sealed);
}

/** Whether anything can be sealed to a key: of small order, or of another length, it is none. */
export async function canSealTo(publicKey: Uint8Array): Promise<boolean> {
  try {
    await wrapped(publicKey, new Uint8Array(32), new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

/** X25519: 32 bytes, or a pair that WebCrypto holds. */
export type Opening = Uint8Array | CryptoKeyPair;

/** @throws {NotSealedToUs} */
export async function openSealed(
  opening: Opening,
  key: Uint8Array,
  box: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array> {
  try {
    const raw = await unwrapped(opening, key, info);
    const opened = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: NONCE, additionalData: owned(info) };
    return new Uint8Array(await crypto.subtle.decrypt(how, opened, owned(box)));
  } catch {
    throw new NotSealedToUs("it does not open here");
  }
}

/**
 * The key of a box for further public keys, from whoever can open it.
 *
 * @throws {NotSealedToUs}
 */
export async function shareSealed(
  opening: Opening,
  key: Uint8Array,
  publicKeys: readonly Uint8Array[],
  info: Uint8Array,
): Promise<Uint8Array[]> {
  let raw: Uint8Array<ArrayBuffer>;
  try {
    raw = await unwrapped(opening, key, info);
  } catch {
    throw new NotSealedToUs("it does not open here");
  }
  const keys = await Promise.all(publicKeys.map((one) => wrapped(one, raw, info)));
  raw.fill(0);
  return keys;
}

async function unwrapped(opening: Opening, key: Uint8Array, info: Uint8Array) {
  const hpke = suite();
  const recipientKey =
    opening instanceof Uint8Array ? await hpke.kem.deserializePrivateKey(owned(opening)) : opening;
  const enc = owned(key.slice(0, ENC));
  const opener = await hpke.createRecipientContext({ recipientKey, enc, info: owned(info) });
  return new Uint8Array(await opener.open(owned(key.slice(ENC))));
}
