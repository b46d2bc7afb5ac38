import { describe, expect, it } from "vitest";
import { weekLeft } from "./week";

const UNTIL = "2026-12-01T09:00:00Z";
const END = Date.parse(UNTIL);
const HOUR = 3_600_000;

describe("what is left of the week of reading", () => {
  it("is nothing for whoever is in office", () => {
    expect(weekLeft(null, END)).toBeNull();
  });

  it.each([
    [7 * 24 * HOUR, { unit: "days", count: 7 }],
    [2 * 24 * HOUR - 1, { unit: "days", count: 1 }],
    [24 * HOUR, { unit: "days", count: 1 }],
    [24 * HOUR - 1, { unit: "hours", count: 23 }],
    [HOUR - 1, { unit: "hours", count: 0 }],
  ])("%i ms before its end is never more than there is", (ms, left) => {
    expect(weekLeft(UNTIL, END - ms)).toEqual(left);
  });

  it("is nothing from its end on", () => {
    expect(weekLeft(UNTIL, END)).toBeNull();
    expect(weekLeft(UNTIL, END + HOUR)).toBeNull();
  });

  it("is nothing if nobody can tell when it ends", () => {
    expect(weekLeft("soon", END)).toBeNull();
  });
});
