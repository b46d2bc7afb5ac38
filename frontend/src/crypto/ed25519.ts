/** Ed25519 (RFC 8032) by WebCrypto: keys as seeds of 32 bytes, signatures of 64. */
import { b64u, concat, owned } from "../bytes";

/** SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING seed } } */
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** The signature of a seed, and the public key that checks it. */
export async function signWith(
  seed: Uint8Array,
  input: Uint8Array<ArrayBuffer>,
): Promise<{ key: Uint8Array; signature: Uint8Array }> {
  const pair = await importSeed(seed);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.secret, input));
  return { key: pair.public, signature };
}

async function importSeed(seed: Uint8Array): Promise<{ secret: CryptoKey; public: Uint8Array }> {
  const pkcs8 = concat(PKCS8_HEAD, seed); // RFC 8410 section 7
  const secret = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  pkcs8.fill(0);
  // WebCrypto gives the public half of a private key only in a JWK (RFC 8037)
  const { x } = await crypto.subtle.exportKey("jwk", secret);
  return { secret, public: b64u.decode(x ?? "") };
}

/** The Ed25519 public key of a seed, 32 bytes. */
export async function publicKeyOf(seed: Uint8Array): Promise<Uint8Array> {
  return (await importSeed(seed)).public;
}

/** False for a wrong signature, and for bytes that are no key. */
export async function verifies(
  key: Uint8Array,
  signature: Uint8Array,
  input: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey("raw", owned(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, owned(signature), input);
  } catch {
    return false; // bytes that are no point on the curve
  }
}
