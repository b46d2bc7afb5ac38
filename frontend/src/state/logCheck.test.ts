import { describe, expect, it } from "vitest";
import { ROTATION } from "../../tests/vectors/rotation";
import { isBehind, isOverdue, isTooLong, successorOf, timeOf } from "./logCheck";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 26);

describe("a log that cannot be checked", () => {
  it.each([
    [9 * MINUTE, false, false],
    [10 * MINUTE, true, false],
    [DAY - 1, true, false],
    [DAY, true, true],
  ])("for %s ms is said: %s, and lets nobody in: %s", (age, said, refused) => {
    const unchecked = { since: NOW - age, now: NOW };
    expect([isOverdue(unchecked), isTooLong(unchecked)]).toEqual([said, refused]);
  });

  it("is dated by no time that is none, or lies ahead", () => {
    expect(
      ["5", String(NOW), String(NOW + 1), "x", undefined].map((one) => timeOf(one, NOW)),
    ).toEqual([5, NOW, null, null, null]);
  });
});

describe("a log that witnesses cosign", () => {
  const ago = (ms: number) => (NOW - ms) / 1_000;

  it.each([
    ["a day ago is behind", "audit.x/2026", ago(DAY), true],
    ["less than a day ago is not", "audit.x/2026", ago(DAY - 1_000), false],
    ["long ago, of a year that is over, is closed", "audit.x/2025", ago(400 * DAY), false],
    ["long ago, of no year, is behind", "dir.x", ago(2 * DAY), true],
    ["never, as nobody is asked for, has no time", "dir.x", null, false],
  ])("%s", (_, origin, cosigned, behind) => {
    expect(isBehind(origin, cosigned, NOW)).toBe(behind);
  });

  it.each(Object.entries(ROTATION.successors))(
    "%s long ago is closed once %s takes over, and not before",
    (origin, successor) => {
      expect(successorOf(origin)).toBe(successor);
      expect(isBehind(origin, ago(2 * DAY), NOW, ["audit.y/2026", origin])).toBe(true);
      expect(isBehind(origin, ago(2 * DAY), NOW, [origin, successor])).toBe(false);
    },
  );
});
