import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { behind, continuing } from "./sync";

const seqs = (...numbers: number[]) => numbers.map((seq) => ({ seq }));

describe("what continues a log", () => {
  it.each([
    ["the next", 4, [5, 6], [5, 6], false],
    ["what is old already", 4, [3, 4], [], false],
    ["old and next", 4, [4, 5], [5], false],
    ["the same twice", 4, [5, 5, 6], [5, 6], false],
    ["a later one", 4, [6], [], true],
    ["a gap inside", 4, [5, 7], [5], true],
    ["nothing", 4, [], [], false],
  ])("%s", (_what, cursor, arrived, next, missing) => {
    expect(continuing(cursor, seqs(...arrived))).toEqual({ next: seqs(...next), missing });
  });

  it("is gapless from the cursor, whatever arrives", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(fc.nat(40)), (cursor, arrived) => {
        const { next } = continuing(cursor, seqs(...arrived));
        expect(next.map(({ seq }) => seq)).toEqual(next.map((_, at) => cursor + 1 + at));
      }),
    );
  });
});

describe("threads that are behind", () => {
  it("are those known here whose head is further on", () => {
    const cursors = new Map([
      ["a", 3],
      ["b", 5],
    ]);
    expect(behind({ a: 4, b: 5, unknown: 9 }, cursors)).toEqual(["a"]);
  });
});
