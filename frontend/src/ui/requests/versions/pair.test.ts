import { describe, expect, it } from "vitest";
import { firstPair, HERE, inTime } from "./pair";

describe("what is compared at first", () => {
  it.each([
    ["nothing while there is no version", [], false, 0, null],
    ["nothing while there is one, and no other text", [1], false, 0, null],
    ["the only version and the changed text here", [1], true, 0, { older: 1, newer: HERE }],
    ["an own text set aside and the only version", [1], false, 1, { older: -1, newer: 1 }],
    ["the last two versions", [1, 3, 2], false, 0, { older: 2, newer: 3 }],
    ["the newest version and the changed text here", [1, 2], true, 2, { older: 2, newer: HERE }],
  ] as const)("is %s", (_what, versions, changed, aside, expected) => {
    expect(firstPair(versions, changed, aside)).toEqual(expected);
  });
});

describe("two texts in time", () => {
  it.each([
    [
      { older: 3, newer: 1 },
      { older: 1, newer: 3 },
    ],
    [
      { older: HERE, newer: 2 },
      { older: 2, newer: HERE },
    ],
    [
      { older: 1, newer: HERE },
      { older: 1, newer: HERE },
    ],
    [
      { older: -1, newer: 2 },
      { older: -1, newer: 2 },
    ],
  ])("%j are %j", (given, expected) => {
    expect(inTime(given)).toEqual(expected);
  });
});
