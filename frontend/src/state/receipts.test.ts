import { describe, expect, it } from "vitest";
import { pauseBefore, stageOf } from "./receipts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("a promise", () => {
  it.each([
    ["promised", undefined],
    ["promised", 9 * MINUTE],
    ["late", 10 * MINUTE],
    ["late", DAY - 1],
    ["due", DAY],
  ])("is %s when the server had no proof after %s ms", (stage, after) => {
    const lacking = after === undefined ? {} : { lacking: 1_000 + after };
    expect(stageOf({ heard: 1_000, ...lacking })).toBe(stage);
  });

  it("that does not hold is wrong at once", () => {
    expect(stageOf({ heard: 0, wrong: "entry" })).toBe("wrong");
  });
});

describe("an entry that is not opened", () => {
  it("has a stage of its own, however long it lasts", () => {
    expect(stageOf({ heard: 0, lacking: DAY, unopened: {} })).toBe("unopened");
    expect(stageOf({ heard: 0, wrong: "event", unopened: {} })).toBe("wrong");
  });
});

describe("asking for proofs", () => {
  it("is done while something waits, the younger the sooner", () => {
    const pauses = [0, 30_000, 5 * MINUTE, DAY].map((age) => pauseBefore([{ heard: 0 }], age));
    expect(pauses).toEqual([...pauses].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(pauseBefore([{ heard: 0 }, { heard: DAY }], DAY)).toBe(pauses[0]);
    expect(pauseBefore([], 0)).toBeNull();
  });
});
