import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Piece, wordDiff } from "./wordDiff";

const shown = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ kind, text }) =>
      kind === "same" ? text : kind === "gone" ? `[-${text}]` : `[+${text}]`,
    )
    .join("");

describe("wordDiff", () => {
  it.each([
    ["", "", ""],
    ["uno dos", "uno dos", "uno dos"],
    ["", "uno", "[+uno]"],
    ["uno", "", "[-uno]"],
    [
      "los movimientos recientes",
      "los movimientos de marzo",
      "los movimientos [-recientes][+de marzo]",
    ],
    ["a b c", "a c", "a [-b ]c"],
    ["una cuenta", "una sola cuenta", "una [+sola ]cuenta"],
  ])("of %j and %j", (before, after, expected) => {
    expect(shown(wordDiff(before, after))).toBe(expected);
  });

  it("shows a middle too long to compare as gone and new", () => {
    const one = Array.from({ length: 3_000 }, (_, at) => `a${at}`).join(" ");
    const other = Array.from({ length: 3_000 }, (_, at) => `b${at}`).join(" ");
    expect(wordDiff(`x ${one} y`, `x ${other} y`).map(({ kind }) => kind)).toEqual([
      "same",
      "gone",
      "new",
      "same",
    ]);
  });

  it("gives both texts back, whatever they are", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", " ", "\n", "ñ"))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = wordDiff(before, after);
        const without = (kind: Piece["kind"]): string =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map((piece) => piece.text)
            .join("");
        expect(without("new")).toBe(before);
        expect(without("gone")).toBe(after);
      }),
      { numRuns: 300 },
    );
  });
});
