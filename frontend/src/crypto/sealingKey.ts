/**
 * The X25519 key that goes with an Ed25519 key: what is sealed to whoever has a vouched-for
 * identity key and no device (ADR 49).
 *
 * The two curves are one in two forms (RFC 7748 section 4.1): u = (1 + y) / (1 - y), and the scalar is
 * the half of SHA-512 of the seed that signs. That one pair may do both is proven for X25519 KEMs
 * such as HPKE's (ePrint 2021/509).
 */

import { concat, owned } from "../bytes";

const P = 2n ** 255n - 19n;
const SIGN_BIT = 0x7f;
/** SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.110 }, OCTET STRING { OCTET STRING scalar } } */
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]);

/** The X25519 public key (32 bytes) of an Ed25519 one; null for bytes that are none. */
export function sealingKeyOf(identityKey: Uint8Array): Uint8Array | null {
  if (identityKey.length !== 32) return null;
  const bytes = identityKey.slice();
  bytes[31] = (bytes[31] ?? 0) & SIGN_BIT;
  const y = numberOf(bytes);
  // The neutral point has no u; what is not below P is no canonical key.
  if (y >= P || y === 1n) return null;
  return bytesOf(((1n + y) * inverse(P + 1n - y)) % P);
}

/** The pair of a seed, which WebCrypto holds and does not give back; the seed is left as it is. */
export async function openingPairOf(
  seed: Uint8Array,
  identityKey: Uint8Array,
): Promise<CryptoKeyPair> {
  const publicKey = sealingKeyOf(identityKey);
  if (publicKey === null) throw new TypeError("no point of the curve");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", owned(seed)));
  const pkcs8 = concat(PKCS8_HEAD, hash.subarray(0, 32)); // RFC 8032 section 5.1.5; X25519 clamps it
  hash.fill(0);
  const [privateKey, known] = await Promise.all([
    crypto.subtle
      .importKey("pkcs8", pkcs8, "X25519", false, ["deriveBits"])
      .finally(() => pkcs8.fill(0)),
    crypto.subtle.importKey("raw", owned(publicKey), "X25519", true, []),
  ]);
  return { privateKey, publicKey: known };
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 0xffn));
}

/** By Fermat: public keys alone come here, so that how long it takes tells nothing. */
function inverse(number: bigint): bigint {
  let [base, exponent, result] = [number % P, P - 2n, 1n];
  while (exponent > 0n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
    exponent >>= 1n;
  }
  return result;
}
