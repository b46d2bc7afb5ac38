import { describe, expect, it } from "vitest";
import { TLOG } from "../../../tests/vectors/tlog";
import { hex, sha256, utf8 } from "../../bytes";
import { parseCheckpoint } from "./checkpoint";
import { parseKey, parseNote, signaturesOf } from "./note";
import { Malformed, Unproven } from "./refusal";
import { fromBase64, fromDecimal, toBase64 } from "./text";

const NOTE = TLOG.checkpoint_7;
const keys = await Promise.all([parseKey(TLOG.log.vkey), parseKey(TLOG.witness.vkey)]);
const signedBy = async (note: string) =>
  (await signaturesOf(parseNote(note), keys)).map(({ key, time }) => [key.name, time]);

describe("a note", () => {
  it("of the specification holds", async () => {
    const key = await parseKey(TLOG.spec_note.vkey);
    expect(await signaturesOf(parseNote(TLOG.spec_note.note), [key])).toEqual([{ key, time: 0 }]);
  });

  it("names its log and its witness, with the witness's time", async () => {
    expect(await signedBy(NOTE)).toEqual([
      [TLOG.log.name, 0],
      [TLOG.witness.name, 1767225600],
    ]);
  });

  it("is cosigned as the vectors' message", async () => {
    const said = `cosignature/v1\ntime 1767225600\n${parseNote(NOTE).text}`;
    expect(hex.encode(await sha256(utf8.encode(said)))).toBe(TLOG.cosignature_7_message_sha256);
  });

  it("may carry lines of keys that nobody here knows, also under a known name", async () => {
    const foreign = `— ${TLOG.log.name} ${toBase64(new Uint8Array(70).fill(9))}\n`;
    expect(await signedBy(NOTE + foreign)).toHaveLength(2);
  });

  it("may carry a witness's ML-DSA-44 cosignature, which counts for nothing here", async () => {
    const line = `${TLOG.mldsa44.line.trimEnd()}\n`;
    expect(await signedBy(NOTE + line)).toEqual(await signedBy(NOTE));
    const renamed = line.replace(TLOG.mldsa44.name, TLOG.witness.name);
    expect(await signedBy(NOTE + renamed)).toEqual(await signedBy(NOTE));
    const broken = line.slice(0, -20) + "A".repeat(18) + line.slice(-2);
    expect(await signedBy(NOTE + broken)).toEqual(await signedBy(NOTE));
  });

  it.each([
    ["size", NOTE.replace("\n7\n", "\n8\n")],
    ["witness's time", NOTE.replace("AABpVbkA", "AABpVbkB")],
    ["log's signature", NOTE.replace("mDjnSusf", "mDjnSusg")],
  ])("with another %s proves nothing at all", async (_, changed) => {
    expect(changed).not.toBe(NOTE);
    await expect(signedBy(changed)).rejects.toThrow(Unproven);
  });

  it.each([
    ["no signature", NOTE.slice(0, NOTE.indexOf("\n\n") + 2)],
    ["no empty line", NOTE.replace("\n\n", "\n")],
    ["no end", NOTE.slice(0, -1)],
    ["a tab", NOTE.replace("\n7", "\n\t7")],
    ["an end of line of another system", NOTE.replaceAll("\n", "\r\n")],
    ["a line that is none", `${NOTE}nobody signed\n`],
    ["base64 without its padding", NOTE.replace("==\n", "\n").replace("=\n—", "\n—")],
    ["a hundred and one lines", NOTE + (NOTE.split("\n\n")[1] ?? "").repeat(50)],
  ])("with %s is none", (_, text) => {
    expect(text).not.toBe(NOTE);
    expect(() => parseNote(text)).toThrow(Malformed);
  });
});

describe("a key", () => {
  it.each([
    "",
    "audit.example/2026",
    TLOG.log.vkey.replace("9838e74a", "9838e74b"),
    TLOG.log.vkey.replace("+AQ", "+Ag"),
    TLOG.log.vkey.replace("audit.", "audit "),
    TLOG.log.vkey.slice(0, -4),
  ])("that is none is refused: %s", async (text) => {
    await expect(parseKey(text)).rejects.toThrow(Malformed);
  });
});

describe("a checkpoint", () => {
  it("is three lines and no more", () => {
    const { text } = parseNote(NOTE);
    expect(parseCheckpoint(text)).toMatchObject({ origin: TLOG.log.name, size: 7 });
    for (const wrong of [
      `${text}extension\n`,
      "",
      "a\n1\n",
      text.replace("\n7", "\n07"),
      `\n${text}`,
    ]) {
      expect(() => parseCheckpoint(wrong)).toThrow(Malformed);
    }
  });
});

describe("a text", () => {
  it("has one spelling", () => {
    for (const size of [0, 1, 2, 3, 32]) {
      const bytes = new Uint8Array(size).fill(251);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }
    for (const wrong of ["AA", "AA=", "AB==", "A===", "-_-_", "AAAA\n", " AAA"]) {
      expect(() => fromBase64(wrong)).toThrow(Malformed);
    }
    for (const wrong of ["", "-1", "01", "1.5", "1e3", "9007199254740992", "٣"]) {
      expect(() => fromDecimal(wrong)).toThrow(Malformed);
    }
    expect(fromDecimal("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  });
});
