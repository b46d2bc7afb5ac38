import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "./bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "./canonical";

// JSON has no negative zero that survives a round trip, and lone surrogates are no text
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes("\\ud"))
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

describe("canonical JSON (RFC 8785)", () => {
  it("comes back as the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(fromCanonical(canonical(value))).toEqual(value);
      }),
    );
  });

  it("orders keys by their UTF-16 units, and writes numbers as ECMAScript does", () => {
    const value = {
      "\u20ac": 1,
      "\r": 2,
      "1": 3,
      "\ud83d\ude02": 4,
      "\ufb33": 5,
      e: 1e21,
      h: 0.002,
    };
    expect(utf8.decode(canonical(value))).toBe(
      '{"\\r":2,"1":3,"e":1e+21,"h":0.002,"\u20ac":1,"\ud83d\ude02":4,"\ufb33":5}',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "\ud800"])("cannot carry %j", (value) => {
    expect(() => canonical(value)).toThrow(NotCanonical);
  });

  it.each([
    '{"b":1,"a":2}',
    '{"a": 1}',
    '{"a":1,"a":1}',
    "1.0",
    "-0",
    '"\\u0061"',
    '{"a":1}\n',
    "",
    "{",
    "\ufeff{}",
    '"\\ud800"',
  ])("is refused in another spelling: %j", (text) => {
    expect(() => fromCanonical(utf8.encode(text))).toThrow(NotCanonical);
  });

  it("is refused when it nests without end, and when it is no text", () => {
    const deep = utf8.encode("[".repeat(200_000) + "]".repeat(200_000));
    expect(() => fromCanonical(deep)).toThrow(NotCanonical);
    expect(() => fromCanonical(Uint8Array.of(0xff))).toThrow(NotCanonical);
  });
});
