/**
 * A person's identity key while it is in use: it signs, and nothing on the page can read it.
 *
 * On the disk it lies as a seed in the sealed store (ADR 19). When the store is unlocked the seed
 * becomes a key that WebCrypto holds and does not give back, and its bytes are overwritten.
 */

import { concat, utf8 } from "../bytes";
import { verifies } from "./ed25519";
import { generate } from "./keys";
import { openingPairOf } from "./sealingKey";

/** SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING seed } } */
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);
/** No statement begins like this, so what it signs here serves nowhere. */
const PROBE = utf8.encode("casehub/probe/1\0");

export type IdentityKey = {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** A signature of 64 bytes. */
  sign(input: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** What opens what was sealed to its person. */
  readonly opening: CryptoKeyPair;
};

/** The halves do not belong together: somebody put another public key beside the seed. */
export class KeyMismatch extends Error {
  override readonly name = "KeyMismatch";
}

/** A new key: its seed, to be sealed, and its public half; 32 bytes each. */
export async function newIdentityKey(): Promise<{ seed: Uint8Array; publicKey: Uint8Array }> {
  const { seed, public: publicKey } = await generate("Ed25519", ["sign", "verify"]);
  return { seed, publicKey };
}

/**
 * The key of a seed, which is zero afterwards.
 *
 * @throws {KeyMismatch} if `publicKey` is not its other half.
 */
export async function takeSeed(seed: Uint8Array, publicKey: Uint8Array): Promise<IdentityKey> {
  const pkcs8 = concat(PKCS8_HEAD, seed); // RFC 8410 section 7
  const pair = await openingPairOf(seed, publicKey)
    .catch(() => null)
    .finally(() => seed.fill(0));
  const key = await crypto.subtle
    .importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"])
    .finally(() => pkcs8.fill(0));
  const sign = async (input: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign("Ed25519", key, input));
  if (!(await verifies(publicKey, await sign(PROBE), PROBE))) throw new KeyMismatch();
  if (pair === null) throw new KeyMismatch();
  return { publicKey, sign, opening: pair };
}
