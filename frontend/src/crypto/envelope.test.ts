import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes";
import { BUCKETS, type Envelope, openEnvelope, sealEnvelope } from "./envelope";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const id = fc.uuid();
const count = fc.nat();
const text = fc.string({ unit: "grapheme", maxLength: 6000 });

const envelopes: fc.Arbitrary<Envelope> = fc.record({
  thread: id,
  id,
  counter: count,
  prev: fc.record({ seq: count, chain: bytes32 }),
  epochAuthenticator: bytes32,
  content: fc.oneof(
    fc.record({ kind: fc.constant("text" as const), text }),
    fc.record(
      {
        kind: fc.constant("text" as const),
        text,
        quote: fc.record({
          seq: fc.integer({ min: 1 }),
          id,
          digest: fc.constant("A".repeat(43)),
          excerpt: fc.string({ unit: "grapheme", maxLength: 40 }),
        }),
        mentions: fc.array(id, { minLength: 1, maxLength: 3 }),
        asks: fc.constant(true as const),
      },
      { requiredKeys: ["kind", "text"] },
    ),
    fc.record({
      kind: fc.constant("edit" as const),
      about: fc.integer({ min: 1 }),
      id,
      text,
    }),
    fc.record({
      kind: fc.constantFrom("withdraw" as const, "unpin" as const),
      about: fc.integer({ min: 1 }),
      id,
    }),
    fc.record({
      kind: fc.constant("acknowledge" as const),
      about: fc.integer({ min: 1 }),
      id,
      digest: fc.constant("A".repeat(43)),
    }),
    fc.record({
      kind: fc.constantFrom("resolve" as const, "reopen" as const),
      about: fc.constant(0),
      id,
      reason: fc.string({ minLength: 1, maxLength: 280, unit: "grapheme-ascii" }),
    }),
    fc.record({ kind: fc.constant("title" as const), title: text }),
    fc.record({
      kind: fc.constant("version" as const),
      request: id,
      client_id: id,
      base: count,
      key: bytes32,
      digest: bytes32,
      salt: bytes32,
    }),
    fc.record({
      kind: fc.constant("version" as const),
      request: id,
      client_id: id,
      base: count,
      key: bytes32,
      digest: bytes32,
      salt: bytes32,
      author: id,
    }),
    fc.record({ kind: fc.constant("comment" as const), request: id, id, section: text, text }),
    fc.record({ kind: fc.constant("comment-resolved" as const), request: id, comment: id }),
  ),
});

function sample(words: string): Envelope {
  return {
    thread: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01",
    id: "5a1c4a90-2a61-4bb5-8b5f-1d2a0d2f9c02",
    counter: 0,
    prev: { seq: 0, chain: new Uint8Array(32) },
    epochAuthenticator: new Uint8Array(32),
    content: { kind: "text", text: words },
  };
}

describe("an envelope", () => {
  it("opens to what was sealed, and has one of five sizes", () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const sealed = sealEnvelope(envelope);
        expect(BUCKETS).toContain(sealed.length);
        expect(openEnvelope(sealed)).toEqual(envelope);
        expect(sealEnvelope(openEnvelope(sealed))).toEqual(sealed);
      }),
    );
  });

  it("has the same size for texts of similar length", () => {
    const sizes = Array.from(
      { length: 600 },
      (_, at) => sealEnvelope(sample("x".repeat(at))).length,
    );
    expect(new Set(sizes)).toEqual(new Set([1024]));
  });

  it("does not hold what no bucket holds", () => {
    expect(() => sealEnvelope(sample("x".repeat(32_768)))).toThrow("do not fit");
  });

  it("never opens from anything else", () => {
    fc.assert(
      fc.property(
        envelopes,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (envelope, place, change) => {
          const sealed = sealEnvelope(envelope);
          const at = place % sealed.length;
          sealed[at] = (sealed[at] ?? 0) ^ change;
          let reopened: Uint8Array | undefined;
          try {
            reopened = sealEnvelope(openEnvelope(sealed));
          } catch (error) {
            expect(error).toMatchObject({ name: "EnvelopeMalformed" });
          }
          // a change inside a text may still be an envelope; then it has exactly these bytes
          if (reopened !== undefined) expect(reopened).toEqual(sealed);
        },
      ),
    );
  });

  const good = sealEnvelope(sample("hola"));
  const json = utf8.decode(good.slice(0, good.lastIndexOf(0x80)));
  const padded = (body: string, size: number): Uint8Array => {
    const bytes = new Uint8Array(size);
    bytes.set(utf8.encode(body));
    bytes[utf8.encode(body).length] = 0x80;
    return bytes;
  };
  it.each([
    ["nothing", new Uint8Array(), "padding"],
    ["zeros", new Uint8Array(256), "padding"],
    ["no mark", utf8.encode(json.padEnd(1024, " ")), "padding"],
    ["a larger bucket than needed", padded(json, 4096), "padding"],
    ["a size that is no bucket", padded(json, 1000), "padding"],
    ["JSON in another spelling", padded(json.replace("{", "{ "), 1024), "json"],
    ["a key twice", padded(json.replace('"v":1', '"v":1,"v":1'), 1024), "json"],
    ["another version", padded(json.replace('"v":1', '"v":2'), 1024), "fields"],
    ["a field too many", padded(json.replace('"v":1', '"v":1,"x":1'), 1024), "fields"],
    [
      "a kind of content that is no word",
      padded(json.replace('"text","text"', '"<i>","text"'), 1024),
      "fields",
    ],
    ["a count below zero", padded(json.replace('"counter":0', '"counter":-1'), 1024), "fields"],
    ["a fraction", padded(json.replace('"counter":0', '"counter":0.5'), 1024), "fields"],
  ])("is refused: %s", (_what, bytes, why) => {
    expect(() => openEnvelope(bytes)).toThrow(why);
  });

  it("holds no two files under one name for them, which readers' pages could not draw", () => {
    const file = {
      id: "6f9a0c52-7d1e-4a5b-9c3e-2b8d4f6a1e70",
      name: "acta.pdf",
      type: "application/pdf",
      size: 3,
      sha256: "A".repeat(43),
      sealed: "A".repeat(43),
      key: "A".repeat(43),
      prefix: `${"A".repeat(9)}A`,
    };
    const other = { ...file, id: "0d3b5c1a-2e4f-4a6b-8c7d-9e1f2a3b4c5d" };
    const holding = (...files: (typeof file)[]) =>
      sealEnvelope({ ...sample(""), content: { kind: "text", text: "", files } });
    expect(openEnvelope(holding(file, other)).content).toMatchObject({ files: [file, other] });
    expect(() => openEnvelope(holding(file, file))).toThrow("fields");
  });

  it.each([
    ["no code", { codes: [] }],
    ["a code that nobody knows", { codes: ["secret"] }],
    ["a code twice", { codes: ["court", "court"] }],
    ["codes in another order", { codes: ["onward", "court"] }],
    ["conditions without their code", { codes: ["court"], conditions: "Solo ella" }],
    ["the code without its conditions", { codes: ["conditions"] }],
    ["a field too many", { codes: ["court"], until: "2027" }],
  ])("holds no file under %s, as no message is", (_what, handling) => {
    const file = {
      id: "6f9a0c52-7d1e-4a5b-9c3e-2b8d4f6a1e70",
      name: "acta.pdf",
      type: "application/pdf",
      size: 3,
      sha256: "A".repeat(43),
      sealed: "A".repeat(43),
      key: "A".repeat(43),
      prefix: `${"A".repeat(9)}A`,
    };
    const of = (content: object) =>
      sealEnvelope({ ...sample(""), content: { kind: "text", text: "", ...content } } as Envelope);
    const good = { codes: ["court"] };
    expect(openEnvelope(of({ files: [{ ...file, handling: good }] })).content).toMatchObject({
      files: [{ handling: good }],
    });
    expect(() => openEnvelope(of({ files: [{ ...file, handling }] }))).toThrow("fields");
    expect(() => openEnvelope(of({ handling }))).toThrow("fields");
  });

  it("of a later version is told apart from a wrong one, and kept whole", () => {
    const later = json.replace('"text","text"', '"sticker","text"');
    const { content } = openEnvelope(padded(later, 1024));
    expect(content.kind).toBe("unknown");
    expect(content.kind === "unknown" && JSON.parse(content.kept)).toEqual({
      kind: "sticker",
      text: "hola",
    });
    expect(sealEnvelope(openEnvelope(padded(later, 1024)))).toEqual(padded(later, 1024));
  });
});
