/** Records as bytes: JSON in which byte strings are written `{"b": base64url}`. */

import { b64u, utf8 } from "../bytes";

export function encode(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return tagged(0, value);
  return tagged(
    1,
    utf8.encode(
      JSON.stringify(value, (_key, item: unknown) =>
        item instanceof Uint8Array ? { "\0b": b64u.encode(item) } : item,
      ),
    ),
  );
}

export function decode(bytes: Uint8Array): unknown {
  // No copy: whoever reads a key can overwrite the only bytes of it that there are.
  if (bytes[0] === 0) return bytes.subarray(1);
  return JSON.parse(utf8.decode(bytes.subarray(1)), (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || !("\0b" in item)) return item;
    return b64u.decode(String(item["\0b"]));
  });
}

/** The first byte says which: 0 plain bytes (large MLS states), 1 JSON. */
function tagged(tag: number, rest: Uint8Array): Uint8Array {
  const whole = new Uint8Array(rest.length + 1);
  whole[0] = tag;
  whole.set(rest, 1);
  return whole;
}
