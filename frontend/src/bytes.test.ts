import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asHash,
  asSignature,
  b64u,
  concat,
  equal,
  hex,
  MalformedBytes,
  type Signature,
  sha256,
  u64,
  utf8,
  uuid,
} from "./bytes";

const anyBytes = fc.uint8Array({ maxLength: 100 });

describe("base64url", () => {
  it("comes back, and is what Node writes", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = b64u.encode(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(b64u.decode(text)).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  it("has one text for one byte string", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,8}$/), (text) => {
        try {
          expect(b64u.encode(b64u.decode(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
        }
      }),
    );
  });

  it.each(["A", "AA==", "A+A/", "AB", "AAB", "á", " AA"])("refuses %j", (text) => {
    expect(() => b64u.decode(text)).toThrow(MalformedBytes);
  });
});

describe("UUIDs", () => {
  const text = "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01";

  it("are 16 bytes and lower-case text", () => {
    expect(hex.encode(uuid.toBytes(text))).toBe(text.replaceAll("-", ""));
    expect(uuid.fromBytes(uuid.toBytes(text))).toBe(text);
    expect(uuid.is(text.toUpperCase())).toBe(false);
    expect(() => uuid.toBytes(text.toUpperCase())).toThrow(MalformedBytes);
    expect(() => uuid.fromBytes(new Uint8Array(15))).toThrow("15 bytes, not 16");
  });
});

describe("bytes", () => {
  it("are equal only in full", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(equal(a, b)).toBe(hex.encode(a) === hex.encode(b));
        expect(equal(a, a.slice())).toBe(true);
        expect(concat(a, b)).toEqual(Uint8Array.from([...a, ...b]));
      }),
    );
  });

  it("count in eight bytes, big-endian", () => {
    expect(hex.encode(u64(258))).toBe("0000000000000102");
    expect(hex.encode(u64(Number.MAX_SAFE_INTEGER))).toBe("001fffffffffffff");
    for (const wrong of [-1, 0.5, 2 ** 53]) expect(() => u64(wrong)).toThrow(RangeError);
  });

  it("are text only if they are UTF-8", () => {
    expect(utf8.decode(utf8.encode("acción, ñandú"))).toBe("acción, ñandú");
    expect(utf8.decode(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe("\ufeff");
    expect(() => utf8.decode(Uint8Array.of(0xff))).toThrow(MalformedBytes);
  });

  it("are hashed as one, in the order given", async () => {
    const parts = [utf8.encode("a"), utf8.encode("bc")];
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(hex.encode(await sha256(...parts))).toBe(digest);
  });

  it("of one kind are not those of another", () => {
    expect(() => asSignature(new Uint8Array(32))).toThrow("Signature has 32 bytes, not 64");
    // @ts-expect-error a hash is not a signature
    const wrong: Signature = asHash(new Uint8Array(32));
    expect(wrong).toHaveLength(32);
  });
});
