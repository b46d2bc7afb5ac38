import { describe, expect, it } from "vitest";
import type { ThreadRecord } from "../../store/records";
import { canBeOver, lastSaid } from "./wiping";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2032-11-24T15:00:00Z");

const said = (lastAt: string | null): ThreadRecord => ({ lastAt }) as ThreadRecord;

describe("the last word of a case", () => {
  it("is the newest of all its threads that are here", () => {
    const threads = [said("2026-01-01T00:00:00Z"), said(null), undefined];
    expect(lastSaid([...threads, said("2026-03-01T00:00:00Z")])).toBe(Date.parse("2026-03-01"));
    expect(lastSaid([undefined, said(null), said("never")])).toBe(0);
  });
});

describe("a period", () => {
  it.each([
    ["consultation", 365, true],
    ["consultation", 364, false],
    ["case-file", 5 * 365, true],
    ["case-file", 5 * 365 - 1, false],
    ["assistance", 10 * 365, true],
    ["long", 20 * 365 - 1, false],
    ["unheard-of", 90 * 365, false],
    ["toString", 90 * 365, false],
  ])("of the class %s can be over %i days after the last word: %s", (retention, days, over) => {
    expect(canBeOver(retention, NOW - days * DAY_MS, NOW)).toBe(over);
  });
});
