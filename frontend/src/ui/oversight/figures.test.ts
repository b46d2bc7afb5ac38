import { describe, expect, it } from "vitest";
import { dayRows, nextDay } from "./figures";

describe("nextDay", () => {
  it.each([
    ["2026-11-30", 1, "2026-12-01"],
    ["2026-12-31", 1, "2027-01-01"],
    ["2028-03-01", -1, "2028-02-29"],
  ])("of %s by %d is %s", (day, by, other) => {
    expect(nextDay(day, by)).toBe(other);
  });
});

describe("the rows of a period", () => {
  const found = dayRows({
    since: "2026-11-23",
    until: "2026-11-25",
    days: [
      { day: "2026-11-23", kind: "cases.case.read", count: 3 },
      { day: "2026-11-23", kind: "core.act.refused", count: 2 },
      { day: "2026-11-25", kind: "", count: 1 },
      { day: "2026-11-26", kind: "cases.case.read", count: 9 },
    ],
  });

  it("hold each day once, also an empty one, and none outside", () => {
    expect(found.rows.map((row) => [row.day, row.all, row.refused])).toEqual([
      ["2026-11-23", 5, 2],
      ["2026-11-24", 0, 0],
      ["2026-11-25", 1, 0],
    ]);
  });

  it("count by area", () => {
    expect(found.areas).toEqual(["cases", "core", "erased"]);
    expect(found.rows[0]?.areas.get("cases")).toBe(3);
  });

  it("are drawn as bars of which refusals are a part", () => {
    expect(found.bars[0]).toEqual({ label: "2026-11-23", count: 5, part: 2 });
  });
});
