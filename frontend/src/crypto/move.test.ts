import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { b64u, hex, sha256 } from "../bytes";
import {
  FORM,
  factsOf,
  type Moved,
  movedBy,
  moveInput,
  SECOND_FORM,
  type Seconded,
  secondedBy,
  secondInput,
  stepOf,
} from "./move";

type Hand = { signed: string; key: string; signature: string };
type Vector = Hand & {
  /** As it was signed before some moves took a second hand. */
  move: Moved;
  facts: object;
  second_form: { form: number; disclosed: string; signed: string; signature: string };
  now: Hand & { move: Moved };
  second: Hand & { seconded: Seconded };
};
const FILE = new URL("../../../tests/vectors/move.json", import.meta.url);
const vector = JSON.parse(readFileSync(FILE, "utf8")) as Vector;
const { move, signed, key, signature, facts, second_form, now, second } = vector;
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

describe("a move of the second form", () => {
  const same = { ...move, form: SECOND_FORM, disclosed: second_form.disclosed };

  it("is signed as it was, about these facts", async () => {
    expect([await stepOf(same), second_form.form]).toEqual([second_form.signed, SECOND_FORM]);
    expect(await factsOf(facts)).toBe(second_form.disclosed);
    expect(await movedBy(whose, same, b64u.decode(second_form.signature))).toBe(true);
  });

  it.each([1, SECOND_FORM])("holds no field that came later: %s", async (form) => {
    const more = { ...same, form, said: { ...same.said, terms: "none-possible" } };
    expect(await stepOf(more)).toBe(await stepOf({ ...same, form }));
  });
});

describe("a move as it is signed now", () => {
  const same = now.move;

  it("is of the third form, and holds what is said alone", async () => {
    expect([await stepOf(same), same.form]).toEqual([now.signed, FORM]);
    expect(same.disclosed).toBe(await factsOf(facts));
    const put = b64u.decode(now.signature);
    expect(await movedBy(b64u.decode(now.key), same, put)).toBe(true);
    const later = { ...same, said: { ...same.said, later: "", more: [], so: false } };
    expect(await stepOf(later)).toBe(now.signed);
  });

  it.each(Object.keys(same))("is signed with its %s", async (name) => {
    const was = same[name as keyof Moved];
    const other = typeof was === "number" ? was + 1 : typeof was === "string" ? `${was}x` : {};
    const put = b64u.decode(now.signature);
    const changed = { ...same, [name]: other } as Moved;
    expect(await movedBy(b64u.decode(now.key), changed, put)).toBe(false);
  });
});

describe("a second hand", () => {
  const { seconded } = second;
  const [theirs, put] = [b64u.decode(second.key), b64u.decode(second.signature)];

  it("is put as the server takes it, under what was signed first", async () => {
    expect(hex.encode(await sha256(secondInput(seconded)))).toBe(second.signed);
    expect([seconded.step, seconded.signature]).toEqual([
      second_form.signed,
      second_form.signature,
    ]);
    expect(await secondedBy(theirs, seconded, put)).toBe(true);
  });

  it.each(Object.keys(seconded))("covers its %s", async (name) => {
    const was = seconded[name as keyof Seconded];
    const other = typeof was === "number" ? was + 1 : `${was}x`;
    expect(await secondedBy(theirs, { ...seconded, [name]: other }, put)).toBe(false);
  });
});
