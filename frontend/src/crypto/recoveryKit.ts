/**
 * The recovery kit: 256 random bits on paper, and what they seal.
 *
 * On paper the key is eight groups of eight letters (Crockford's base 32). Each carries 32 bits and
 * an 8-bit check over them and the group's place, so that a slip of the pen is noticed in its group
 * and two groups cannot change places. The backup is AES-256-GCM (NIST SP 800-38D) under a key that
 * HKDF-SHA256 (RFC 5869) makes of the paper's; the person's id is authenticated with it.
 */

import { concat, hex, owned, utf8, uuid } from "../bytes";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const READ_AS: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };
export const GROUPS = 8;
const LETTERS = 8;
const BYTES = 4;
export const SECRET = GROUPS * BYTES;
const INFO = utf8.encode("casehub/backup/1");
const MARK = utf8.encode("casehub/kit-mark/1");
const FORMAT = 1;
const NONCE = 12;
/** Sizes of backups tell little: they grow in steps of so many bytes. */
const STEP = 4096;

/** Not what the kit sealed, or not this kit. */
export class KitRefused extends Error {
  override readonly name = "KitRefused";
}

export function newSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET));
}

/** The eight groups of a key, e.g. `7Q2M9KXD`. */
export function groupsOf(secret: Uint8Array): string[] {
  return Array.from({ length: GROUPS }, (_, at) => {
    const part = secret.subarray(at * BYTES, (at + 1) * BYTES);
    return letters(concat(part, Uint8Array.of(check(at, part))));
  });
}

/** What a group says, however it was typed; null if it is not the group at that place. */
export function readGroup(at: number, typed: string): Uint8Array | null {
  const plain = [...typed.toUpperCase()]
    .filter((letter) => !/[\s-]/.test(letter))
    .map((letter) => READ_AS[letter] ?? letter);
  const values = plain.map((letter) => ALPHABET.indexOf(letter));
  if (values.length !== LETTERS || values.includes(-1)) return null;
  const bytes = new Uint8Array(BYTES + 1);
  values.forEach((value, index) => {
    for (let bit = 0; bit < 5; bit += 1) {
      const place = index * 5 + bit;
      const byte = place >> 3;
      bytes[byte] = (bytes[byte] ?? 0) | (((value >> (4 - bit)) & 1) << (7 - (place & 7)));
    }
  });
  const part = bytes.subarray(0, BYTES);
  return check(at, part) === bytes[BYTES] ? part : null;
}

/** A whole key from its eight groups; null, and which groups are wrong. */
export function readSecret(
  typed: readonly string[],
): { secret: Uint8Array; wrong: [] } | { secret: null; wrong: number[] } {
  const parts = Array.from({ length: GROUPS }, (_, at) => readGroup(at, typed[at] ?? ""));
  const wrong = parts.flatMap((part, at) => (part === null ? [at] : []));
  if (wrong.length > 0) return { secret: null, wrong };
  return { secret: concat(...parts.filter((part) => part !== null)), wrong: [] };
}

function letters(bytes: Uint8Array): string {
  let text = "";
  for (let place = 0; place < bytes.length * 8; place += 5) {
    let value = 0;
    for (let bit = 0; bit < 5; bit += 1) {
      const at = place + bit;
      value = (value << 1) | (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    }
    text += ALPHABET.charAt(value);
  }
  return text;
}

/** CRC-8 (polynomial x^8 + x^2 + x + 1) of the place and the group's bytes. */
function check(at: number, part: Uint8Array): number {
  let rest = 0xff;
  for (const byte of [at, ...part]) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1)
      rest = rest & 0x80 ? ((rest << 1) ^ 0x07) & 0xff : rest << 1;
  }
  return rest;
}

/** What seals backups, 32 bytes: it may stay on the device, where the key of the paper must not. */
export function sealingOf(secret: Uint8Array): Promise<Uint8Array> {
  return derived(secret, INFO);
}

/** What the server tells this kit from another one by, 64 hex digits: it neither seals nor opens. */
export async function markOf(sealing: Uint8Array): Promise<string> {
  return hex.encode(await derived(sealing, MARK));
}

async function derived(from: Uint8Array, info: Uint8Array): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey("raw", owned(from), "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: owned(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, SECRET * 8));
}

/** `format || nonce || ciphertext`, of a size that tells little. */
export async function sealBackup(
  sealing: Uint8Array,
  person: string,
  plain: Uint8Array,
): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, plain.length);
  const padded = new Uint8Array(Math.ceil((4 + plain.length) / STEP) * STEP);
  padded.set(length);
  padded.set(plain, 4);
  const key = await keyOf(sealing, "encrypt");
  const sealed = await crypto.subtle.encrypt(under(iv, person), key, padded);
  return concat(Uint8Array.of(FORMAT), iv, new Uint8Array(sealed));
}

/** @throws {KitRefused} if it was sealed under another kit, for another person, or changed. */
export async function openBackup(
  sealing: Uint8Array,
  person: string,
  body: Uint8Array,
): Promise<Uint8Array> {
  if (body[0] !== FORMAT || body.length < 1 + NONCE) throw new KitRefused("form");
  const iv = owned(body.slice(1, 1 + NONCE));
  const key = await keyOf(sealing, "decrypt");
  let padded: Uint8Array;
  try {
    const sealed = owned(body.slice(1 + NONCE));
    padded = new Uint8Array(await crypto.subtle.decrypt(under(iv, person), key, sealed));
  } catch {
    throw new KitRefused("another kit");
  }
  const length = new DataView(padded.buffer).getUint32(0);
  if (length > padded.length - 4) throw new KitRefused("form");
  return padded.subarray(4, 4 + length);
}

function keyOf(sealing: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", owned(sealing), "AES-GCM", false, [use]);
}

function under(iv: Uint8Array<ArrayBuffer>, person: string) {
  return {
    name: "AES-GCM",
    iv,
    additionalData: concat(INFO, Uint8Array.of(0), uuid.toBytes(person)),
  };
}
