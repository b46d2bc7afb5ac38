/** Canonical JSON (RFC 8785): one value, one byte string, so that signatures and hashes agree. */
import canonicalize from "canonicalize";
import { equal, utf8 } from "./bytes";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Bytes that are JSON but not in canonical form, or no JSON at all. */
export class NotCanonical extends Error {
  override readonly name = "NotCanonical";
}

/** @throws {NotCanonical} for a value that JSON cannot carry, such as NaN. */
export function canonical(value: Json): Uint8Array<ArrayBuffer> {
  const text = canonicalText(value);
  return utf8.encode(text);
}

function canonicalText(value: Json): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch {
    text = undefined;
  }
  if (text === undefined) throw new NotCanonical("no JSON value");
  return text;
}

/**
 * Read canonical JSON, and only canonical JSON: other spellings of the same value are refused,
 * because what was signed or hashed must be what is understood (RFC 8785 section 3.2.4 leaves
 * this to the reader).
 *
 * @throws {NotCanonical} for anything else.
 */
export function fromCanonical(bytes: Uint8Array): Json {
  let value: Json;
  try {
    value = JSON.parse(utf8.decode(bytes)) as Json;
  } catch {
    throw new NotCanonical("not JSON");
  }
  if (!equal(canonical(value), bytes)) throw new NotCanonical("JSON, but not canonical");
  return value;
}
