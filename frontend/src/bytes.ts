/** Bytes: branded kinds that cannot be mixed up, and the few conversions everything needs. */

declare const brand: unique symbol;

/** A byte string of one named kind; a plain `Uint8Array` becomes one only through its maker. */
export type Bytes<Name extends string> = Uint8Array<ArrayBuffer> & { readonly [brand]: Name };

/** 32 bytes, SHA-256. */
export type Hash = Bytes<"Hash">;
/** 64 bytes, Ed25519. */
export type Signature = Bytes<"Signature">;
/** 32 bytes, an Ed25519 public key. */
export type VerifyKey = Bytes<"VerifyKey">;
/** 16 bytes, a UUID in network order; a thread's is its MLS group id. */
export type UuidBytes = Bytes<"Uuid">;

/** Bytes that are not what their place asks for: wrong length or wrong alphabet. */
export class MalformedBytes extends Error {
  override readonly name = "MalformedBytes";
}

const ofLength =
  <Name extends string>(what: Name, length: number) =>
  (raw: Uint8Array): Bytes<Name> => {
    if (raw.length !== length) {
      throw new MalformedBytes(`${what} has ${raw.length} bytes, not ${length}`);
    }
    return owned(raw) as Bytes<Name>;
  };

/** @throws {MalformedBytes} unless 32 bytes. */
export const asHash = ofLength<"Hash">("Hash", 32);
/** @throws {MalformedBytes} unless 64 bytes. */
export const asSignature = ofLength<"Signature">("Signature", 64);
/** @throws {MalformedBytes} unless 32 bytes. */
export const asVerifyKey = ofLength<"VerifyKey">("VerifyKey", 32);
/** @throws {MalformedBytes} unless 16 bytes. */
export const asUuidBytes = ofLength<"Uuid">("Uuid", 16);

/** The same bytes on a plain `ArrayBuffer`, as WebCrypto asks; copies only shared memory. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** base64url without padding (RFC 4648 section 5), the form of all bytes on the wire. */
export const b64u = {
  encode(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const left = bytes.length - at;
      const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      for (let part = 0; part <= Math.min(left, 3); part += 1) {
        text += ALPHABET.charAt((word >> (18 - 6 * part)) & 63);
      }
    }
    return text;
  },

  /**
   * @throws {MalformedBytes} for padding, another alphabet, an impossible length, or unused bits
   *   that are not zero (so that one byte string has exactly one text).
   */
  decode(text: string): Uint8Array<ArrayBuffer> {
    if (text.length % 4 === 1) throw new MalformedBytes("base64url of an impossible length");
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
    let word = 0;
    let bits = 0;
    let at = 0;
    for (const letter of text) {
      const value = VALUES.get(letter);
      if (value === undefined) throw new MalformedBytes("not base64url without padding");
      word = (word << 6) | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[at] = (word >> bits) & 255;
        at += 1;
        word &= (1 << bits) - 1;
      }
    }
    if (word !== 0) throw new MalformedBytes("base64url with stray bits");
    return bytes;
  },
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = {
  encode(text: string): Uint8Array<ArrayBuffer> {
    return owned(encoder.encode(text));
  },

  /** @throws {MalformedBytes} if the bytes are not UTF-8. */
  decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch {
      throw new MalformedBytes("not UTF-8");
    }
  },
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** UUIDs as lower-case text and as their 16 bytes in network order (RFC 9562 section 4). */
export const uuid = {
  /** @throws {MalformedBytes} unless lower-case text with hyphens. */
  toBytes(text: string): UuidBytes {
    if (!UUID.test(text)) throw new MalformedBytes("not a UUID");
    return asUuidBytes(hex.decode(text.replaceAll("-", "")));
  },

  /** @throws {MalformedBytes} unless 16 bytes. */
  fromBytes(bytes: Uint8Array): string {
    const digits = hex.encode(asUuidBytes(bytes));
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      digits.slice(12, 16),
      digits.slice(16, 20),
      digits.slice(20),
    ].join("-");
  },

  is(text: string): boolean {
    return UUID.test(text);
  },
};

export const hex = {
  encode(bytes: Uint8Array): string {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },

  /** @throws {MalformedBytes} unless pairs of lower-case hexadecimal digits. */
  decode(text: string): Uint8Array<ArrayBuffer> {
    if (!/^([0-9a-f]{2})*$/.test(text)) throw new MalformedBytes("not hexadecimal");
    return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
      Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
    );
  },
};

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Equal in length and content, in time that depends on the lengths alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] ?? 0);
  return difference === 0;
}

/** Eight bytes, big-endian. @throws {RangeError} unless a safe integer from 0. */
export function u64(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not a u64");
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Hash> {
  return asHash(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts))));
}
