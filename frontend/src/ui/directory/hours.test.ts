import { describe, expect, it } from "vitest";
import { isAtWork, onMyClock, runsOf, thereAt } from "./hours";

const at = (iso: string): number => Date.parse(iso);
// Tuesday, 24 November 2026
const NOON = at("2026-11-24T18:00:00Z");
const OFFICE = {
  zone: "America/El_Salvador",
  days: [1, 2, 3, 4, 5],
  opens: "08:00",
  closes: "16:00",
};

describe("the clock there", () => {
  it("is their zone's, with its own weekday", () => {
    expect(thereAt("America/El_Salvador", NOON)).toEqual({
      clock: "12:00",
      day: 2,
      minute: 720,
      ahead: -360,
    });
    expect(thereAt("America/El_Salvador", at("2026-11-23T05:59:59Z"))).toMatchObject({
      clock: "23:59",
      day: 7,
    });
  });

  it("follows the summer time of those who have it", () => {
    expect(thereAt("America/New_York", at("2026-07-01T12:00:00Z"))?.ahead).toBe(-240);
    expect(thereAt("America/New_York", at("2026-12-01T12:00:00Z"))?.ahead).toBe(-300);
  });

  it("is nothing for a zone unknown here", () => {
    expect(thereAt("America/Atlantis", NOON)).toBeNull();
    expect(thereAt("", NOON)).toBeNull();
  });
});

describe("whether somebody is at work", () => {
  it.each([
    ["2026-11-24T13:59:59Z", false],
    ["2026-11-24T14:00:00Z", true],
    ["2026-11-24T21:59:59Z", true],
    ["2026-11-24T22:00:00Z", false],
    ["2026-11-22T18:00:00Z", false],
  ])("is told by their clock and days: %s %s", (iso, working) => {
    expect(isAtWork(OFFICE, at(iso))).toBe(working);
  });

  it("is not told for a zone unknown here", () => {
    expect(isAtWork({ ...OFFICE, zone: "X" }, NOON)).toBe(false);
  });
});

describe("their hours on my clock", () => {
  it.each([
    ["08:00", "America/El_Salvador", "America/Panama", { clock: "09:00", days: 0 }],
    ["08:00", "America/El_Salvador", "America/El_Salvador", { clock: "08:00", days: 0 }],
    ["23:30", "America/El_Salvador", "America/Panama", { clock: "00:30", days: 1 }],
    ["00:30", "America/Panama", "America/El_Salvador", { clock: "23:30", days: -1 }],
    ["08:00", "America/El_Salvador", "Asia/Kathmandu", { clock: "19:45", days: 0 }],
  ])("%s in %s is seen from %s", (clock, zone, mine, seen) => {
    expect(onMyClock(clock, zone, mine, NOON)).toEqual(seen);
  });

  it("are nothing where either zone is unknown", () => {
    expect(onMyClock("08:00", "X", "America/Panama", NOON)).toBeNull();
  });
});

describe("days in a row", () => {
  it("are one run", () => {
    expect(runsOf([1, 2, 3, 4, 5])).toEqual([[1, 5]]);
    expect(runsOf([5, 1, 2])).toEqual([
      [1, 2],
      [5, 5],
    ]);
    expect(runsOf([])).toEqual([]);
  });
});
