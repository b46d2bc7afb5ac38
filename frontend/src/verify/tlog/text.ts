/** Base64 and numbers with exactly one spelling each: two spellings would be two hashes. */

import { asHash, b64u, type Hash, MalformedBytes } from "../../bytes";
import { Malformed } from "./refusal";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;
const QUARTER = 4; // letters of three bytes

/** RFC 4648 section 4, padded. */
export function toBase64(bytes: Uint8Array): string {
  const text = b64u.encode(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / QUARTER) * QUARTER, "=");
}

/** @throws {Malformed} for another alphabet, missing padding, stray bits. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (!BASE64.test(text) || text.length % QUARTER !== 0) throw new Malformed("not base64");
  try {
    const letters = text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
    const bytes = b64u.decode(letters);
    if (toBase64(bytes) !== text) throw new Malformed("base64 in another spelling");
    return bytes;
  } catch (error) {
    if (error instanceof MalformedBytes) throw new Malformed("not base64");
    throw error;
  }
}

/** @throws {Malformed} unless 32 bytes. */
export function hashFromBase64(text: string): Hash {
  const bytes = fromBase64(text);
  if (bytes.length !== 32) throw new Malformed("not a SHA-256 hash");
  return asHash(bytes);
}

/** @throws {Malformed} unless digits without leading zeros, of a number that counts exactly. */
export function fromDecimal(text: string): number {
  const value = Number(text);
  if (!DECIMAL.test(text) || !Number.isSafeInteger(value)) throw new Malformed("not a number");
  return value;
}
