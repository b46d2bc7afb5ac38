import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, marked, wordsIn } from "./fold";

describe("a word", () => {
  it("is the same with and without accents and capitals, however it is composed", () => {
    for (const one of ["Tráfico", "TRAFICO", "tra\u0301fico"]) expect(fold(one)).toBe("trafico");
  });

  it("ends where letters and digits end", () => {
    expect(wordsIn("Exp. SV-2026-0147: «niño» (ana@mp.hn)")).toEqual([
      ..."Exp SV 2026 0147 niño ana mp hn".split(" "),
    ]);
  });
});

describe("a text with the words that were looked for", () => {
  it("has them marked by how they begin, as they are written", () => {
    const found = marked("El tráfico, y los TRAFICANTES.", ["trafic"]);
    expect(found.filter(({ hit }) => hit).map(({ text }) => text)).toEqual([
      "tráfico",
      "TRAFICANTES",
    ]);
  });

  it("is whole and in order, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (text, sought) => {
        const pieces = marked(text, sought.map(fold));
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      }),
    );
  });
});
