import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { b64u, hex, sha256 } from "../bytes";
import {
  FORM,
  factsOf,
  type Moved,
  movedBy,
  moveInput,
  type Seconded,
  secondedBy,
  secondInput,
  stepOf,
} from "./move";

type Hand = { signed: string; key: string; signature: string };
type Vector = Hand & {
  /** As it was signed before some moves took a second hand. */
  move: Moved;
  now: { form: number; facts: object; disclosed: string; signed: string; signature: string };
  second: Hand & { seconded: Seconded };
};
const FILE = new URL("../../../tests/vectors/move.json", import.meta.url);
const vector = JSON.parse(readFileSync(FILE, "utf8")) as Vector;
const { move, signed, key, signature, now, second } = vector;
const whose = b64u.decode(key);
const hand = b64u.decode(signature);

describe("a move", () => {
  it("is signed as the server signs it", async () => {
    expect(hex.encode(await sha256(moveInput(move)))).toBe(signed);
    expect(await movedBy(whose, move, hand)).toBe(true);
  });

  it("said nothing of the facts", async () => {
    expect(await stepOf({ ...move, disclosed: "ab" })).toBe(signed);
  });
});

describe("a move as it is signed now", () => {
  const same = { ...move, form: FORM, disclosed: now.disclosed };

  it("is of the second form, about these facts", async () => {
    expect([await stepOf(same), now.form]).toEqual([now.signed, FORM]);
    expect(await factsOf(now.facts)).toBe(now.disclosed);
    expect(await movedBy(whose, same, b64u.decode(now.signature))).toBe(true);
  });

  it.each(Object.keys(same))("is signed with its %s", async (name) => {
    const was = same[name as keyof Moved];
    const other = typeof was === "number" ? was + 1 : typeof was === "string" ? `${was}x` : {};
    const put = b64u.decode(now.signature);
    expect(await movedBy(whose, { ...same, [name]: other } as Moved, put)).toBe(false);
  });
});

describe("a second hand", () => {
  const { seconded } = second;
  const [theirs, put] = [b64u.decode(second.key), b64u.decode(second.signature)];

  it("is put as the server takes it, under what was signed first", async () => {
    expect(hex.encode(await sha256(secondInput(seconded)))).toBe(second.signed);
    expect([seconded.step, seconded.signature]).toEqual([now.signed, now.signature]);
    expect(await secondedBy(theirs, seconded, put)).toBe(true);
  });

  it.each(Object.keys(seconded))("covers its %s", async (name) => {
    const was = seconded[name as keyof Seconded];
    const other = typeof was === "number" ? was + 1 : `${was}x`;
    expect(await secondedBy(theirs, { ...seconded, [name]: other }, put)).toBe(false);
  });
});
