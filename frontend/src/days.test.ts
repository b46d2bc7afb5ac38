import { describe, expect, it } from "vitest";
import { daysLater } from "./days";

describe("so many days later", () => {
  it.each([
    ["2026-11-24", 1, "2026-11-25"],
    ["2026-11-30", 1, "2026-12-01"],
    ["2026-12-31", 1, "2027-01-01"],
    ["2028-02-28", 1, "2028-02-29"],
    ["2028-03-01", -1, "2028-02-29"],
    ["2027-01-01", -1, "2026-12-31"],
    ["2026-11-24", 0, "2026-11-24"],
    ["2026-02-27", 7, "2026-03-06"],
    // Where clocks are moved on a day, it is a day all the same.
    ["2026-03-08", 1, "2026-03-09"],
    ["2026-11-01", 1, "2026-11-02"],
  ])("than %s, by %d, is %s", (day, by, other) => {
    expect(daysLater(day, by)).toBe(other);
  });
});
