import { describe, expect, it } from "vitest";
import { isDue, isQuiet, type Moment, minutesOf } from "./notifying";

const NIGHT = { from: "22:00", to: "06:30" };
const NEVER = { from: "00:00", to: "00:00" };
const due: Moment = { allowed: true, hidden: true, was: 1, now: 2, minute: 600, quiet: NIGHT };

describe("something new", () => {
  it("is shown to whoever wants it, is not looking, and is not asleep", () => {
    expect(isDue(due)).toBe(true);
  });

  it.each([
    ["nobody agreed to it", { allowed: false }],
    ["the page is looked at", { hidden: false }],
    ["it is no more than there was", { now: 1 }],
    ["something was read elsewhere", { now: 0 }],
    ["it is a quiet hour", { minute: 23 * 60 }],
  ])("is not shown when %s", (_why, over) => {
    expect(isDue({ ...due, ...over })).toBe(false);
  });
});

describe("quiet hours", () => {
  it.each([
    ["21:59", false],
    ["22:00", true],
    ["00:00", true],
    ["06:29", true],
    ["06:30", false],
  ])("over midnight hold at %s: %s", (time, quiet) => {
    expect(isQuiet(minutesOf(time) ?? -1, NIGHT)).toBe(quiet);
  });

  it("within one day hold between their two times", () => {
    const siesta = { from: "13:00", to: "15:00" };
    expect([12 * 60, 14 * 60, 15 * 60].map((at) => isQuiet(at, siesta))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("are none where both are the same, or one is no time", () => {
    expect(isQuiet(0, NEVER)).toBe(false);
    expect(isQuiet(0, { from: "25:00", to: "06:00" })).toBe(false);
  });
});
