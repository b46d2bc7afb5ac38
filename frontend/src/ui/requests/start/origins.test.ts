import { describe, expect, it } from "vitest";
import type { Json } from "../../../canonical";
import type { Draft } from "../../../rules/book";
import { newDraft, put } from "../document";
import { isInformal, type Origin, originsOf, withOrigin } from "./origins";

const EMPTY = newDraft({
  language: "es",
  lawDate: "2026-11-24",
  requesting: "SV",
  requested: "MX",
  measures: [],
});
const MESSAGE: Origin = {
  kind: "message",
  circle: "c",
  seq: 7,
  person: "p",
  state: "MX",
  at: "2026-11-20T15:12:00Z",
};
const FILE: Origin = {
  kind: "file",
  name: "a.json",
  digest: "5f".repeat(32),
  law_date: "2026-10-02",
};
const copy = (version: number): Origin => ({ kind: "request", request: "r", version });
const holding = (origins: Json): Draft => ({ ...EMPTY, origins });

describe("the origins of a draft", () => {
  it("are read back as they were put in, oldest first", () => {
    const draft = withOrigin(EMPTY, [MESSAGE, FILE], copy(3));
    expect(originsOf(draft)).toEqual([MESSAGE, FILE, copy(3)]);
    expect(originsOf(EMPTY)).toEqual([]);
  });

  it("stay through every change of the text", () => {
    expect(originsOf(put(withOrigin(EMPTY, [], MESSAGE), "facts.when", "ayer"))).toEqual([MESSAGE]);
  });

  it("keep messages and files whatever comes after, and the last copies only", () => {
    const copies = Array.from({ length: 15 }, (_, at) => copy(at + 1));
    const found = originsOf(withOrigin(EMPTY, [MESSAGE, ...copies, FILE], copy(16)));
    expect(found.slice(0, 2)).toEqual([MESSAGE, copy(7)]);
    expect(found.slice(-2)).toEqual([FILE, copy(16)]);
  });

  it.each<[string, Json]>([
    ["no list", "a message"],
    ["no object", ["message"]],
    ["an unknown kind", [{ kind: "rumour" }]],
    ["a message without a number", [{ ...MESSAGE, seq: "7" }]],
    ["a message at no moment", [{ ...MESSAGE, at: "yesterday" }]],
    ["a version below the first", [{ ...copy(1), version: 0 }]],
    ["an author of no State", [{ ...MESSAGE, state: "\u202eMX" }]],
    ["a file of no day", [{ ...FILE, law_date: "yesterday" }]],
    ["a file without its fingerprint", [{ ...FILE, digest: "" }]],
  ])("pass over %s", (_, origins) => {
    expect(originsOf(holding(origins))).toEqual([]);
  });
});

describe("what was said in a thread", () => {
  it("is informal when its author is of another State", () => {
    expect(isInformal(MESSAGE, "SV")).toBe(true);
    expect(isInformal(MESSAGE, "MX")).toBe(false);
    expect(isInformal(copy(1), "SV")).toBe(false);
  });
});
