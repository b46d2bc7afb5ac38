import { describe, expect, it } from "vitest";
import type { Anomaly } from "../client";
import { behind, dayRows, othersFirst } from "./figures";
import { EMPTY } from "./filter";

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

const found = (over: Partial<Anomaly>): Anomaly => ({
  sort: "bulk",
  person: {
    pseudonym: "P-7K3Q9XY0",
    quarter: "2026Q4",
    state: "MX",
    office: null,
    name: null,
    own: false,
  },
  at: null,
  day: null,
  count: 21,
  log: null,
  position: null,
  ...over,
});
const zone = "America/Mexico_City";

describe("what stands out", () => {
  it("has what others did before what the reader did", () => {
    const mine = found({});
    if (mine.person) mine.person = { ...mine.person, own: true };
    const theirs = found({ sort: "night" });
    expect(othersFirst([mine, theirs])).toEqual([theirs, mine]);
  });

  it("leads to its acts on that day of the capital, within what was chosen", () => {
    const filter = { ...EMPTY, case: "MX-2026-0001" };
    // Half past ten at night in Mexico is the next day in UTC.
    const hour = found({ at: "2026-11-28T04:30:00Z" });
    expect(behind(hour, filter, zone)).toBe(
      "?persona=P-7K3Q9XY0&expediente=MX-2026-0001&desde=2026-11-27&hasta=2026-11-27",
    );
  });

  it("leads to a night, which ends on the next day", () => {
    const night = found({ sort: "night", day: "2026-11-27" });
    expect(behind(night, EMPTY, zone)).toBe(
      "?persona=P-7K3Q9XY0&desde=2026-11-27&hasta=2026-11-28",
    );
  });

  it("leads to one entry beside the list as it is, so that nothing is searched for anew", () => {
    const hasty = found({ sort: "hasty", log: "acts-2026", position: 70 });
    expect(behind(hasty, { ...EMPTY, acts: ["cases"] }, zone)).toBe(
      "?acto=cases&entrada=acts-2026%2F70",
    );
  });
});
