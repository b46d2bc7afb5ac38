/**
 * How records are sealed: AES-256-GCM under a key that neither the server nor the laptop holds
 * alone. The server keeps 32 random bytes per install and gives them to a fully signed-in session;
 * the device keeps a random salt; HKDF-SHA256 (RFC 5869) makes the key of both.
 */

import { concat, owned, utf8 } from "../bytes";

const INFO = utf8.encode("casehub/store/1");
const NONCE = 12;

/** A record that was changed, swapped with another, or sealed under another key. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** `share` and `salt` are 32 bytes each; the key cannot be exported. */
export async function storeKey(share: Uint8Array, salt: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", owned(share), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: owned(salt), info: INFO },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** The name and revision are authenticated, so that a record cannot stand in for another. */
function place(key: string, revision: number): Uint8Array<ArrayBuffer> {
  return utf8.encode(`${key}\0${revision}`);
}

/** `nonce (12 bytes) || ciphertext || tag`. */
export async function seal(
  by: CryptoKey,
  key: string,
  revision: number,
  plain: Uint8Array,
): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const algorithm = { name: "AES-GCM", iv, additionalData: place(key, revision) };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, by, owned(plain))));
}

/** @throws {Unreadable} */
export async function unseal(
  by: CryptoKey,
  key: string,
  revision: number,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = {
    name: "AES-GCM",
    iv: owned(sealed.subarray(0, NONCE)),
    additionalData: place(key, revision),
  };
  try {
    const rest = owned(sealed.subarray(NONCE));
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, by, rest));
  } catch {
    throw new Unreadable(`record ${key} at revision ${revision}`);
  }
}
