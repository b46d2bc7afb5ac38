import { describe, expect, it } from "vitest";
import type { StateNotice } from "../client";
import { byDay, isFresh, missed } from "./grouping";

const ZONE = "America/El_Salvador";

function row(id: string, kind: string, at: string): StateNotice {
  return { id, kind, at, state: "MX" } as StateNotice;
}

const ROWS = [
  row("a", "announced", "2026-11-20T15:00:00Z"),
  row("b", "suspended", "2026-11-20T14:00:00Z"),
  row("c", "announced", "2026-11-20T13:00:00Z"),
  // Still the 20th in San Salvador.
  row("d", "announced", "2026-11-21T05:59:00Z"),
  row("e", "changed", "2026-11-22T12:00:00Z"),
];
const grave = (kind: string): boolean => kind === "suspended";

describe("notices by day", () => {
  it("begin with the newest day of the reader's zone", () => {
    expect(byDay(ROWS, ZONE, null, grave).map(({ day, count }) => [day, count])).toEqual([
      ["2026-11-22", 1],
      ["2026-11-20", 4],
    ]);
  });

  it("have in each day what stops somebody first, and the newest first in each kind", () => {
    const [, day] = byDay(ROWS, ZONE, null, grave);
    expect(day?.kinds.map(({ kind, rows }) => [kind, rows.map(({ id }) => id)])).toEqual([
      ["suspended", ["b"]],
      ["announced", ["d", "a", "c"]],
    ]);
  });

  it("say how many came since the last visit", () => {
    const days = byDay(ROWS, ZONE, "2026-11-20T14:30:00Z", grave);
    expect(days.map(({ fresh }) => fresh)).toEqual([1, 2]);
  });

  it("are no days where there is none", () => {
    expect(byDay([], ZONE, null, grave)).toEqual([]);
  });
});

describe("what was missed", () => {
  it("is counted by kind, what stops somebody first and then the most", () => {
    expect(missed(ROWS, "2026-11-20T12:00:00Z", grave)).toEqual([
      { kind: "suspended", count: 1 },
      { kind: "announced", count: 3 },
      { kind: "changed", count: 1 },
    ]);
  });

  it("is nothing on the first visit, when all of it is new", () => {
    expect(missed(ROWS, null, grave)).toEqual([]);
    expect(isFresh(ROWS[0] as StateNotice, null)).toBe(false);
  });

  it("is nothing where nothing came since", () => {
    expect(missed(ROWS, "2026-11-23T00:00:00Z", grave)).toEqual([]);
  });
});
