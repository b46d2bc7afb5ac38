import { describe, expect, it } from "vitest";
import { rangeOf } from "./range";

describe("the range of a bundle", () => {
  it.each([
    ["", "", {}],
    ["  ", " ", {}],
    ["0", "", { first: 0 }],
    ["", "99", { last: 99 }],
    ["7", "7", { first: 7, last: 7 }],
    ["#1 234", "1.999", { first: 1234, last: 1999 }],
    ["1,234", "1\u202f999", { first: 1234, last: 1999 }],
  ])("from %j to %j is %j", (first, last, range) => {
    expect(rangeOf({ first, last }, 2000)).toEqual({ range, wrong: [] });
  });

  it.each([
    ["2000", "", ["first"], "beyond the end"],
    ["", "2000", ["last"], "beyond the end"],
    ["-1", "", ["first"], "no number"],
    ["1e3", "x", ["first", "last"], "no number"],
    ["9", "8", ["last"], "the wrong way round"],
  ])("from %j to %j is none: %j", (first, last, wrong) => {
    expect(rangeOf({ first, last }, 2000).wrong).toEqual(wrong);
  });
});
