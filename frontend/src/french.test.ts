import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answered, asking, spaced, withArticle } from "./french";

const STATES = join(import.meta.dirname, "../../casehub/directory/data/states.yaml");

describe("a State's name in French", () => {
  it.each([
    ["Honduras", "du Honduras", "au Honduras"],
    ["Salvador", "du Salvador", "au Salvador"],
    ["République dominicaine", "de la République dominicaine", "à la République dominicaine"],
    ["États-Unis d'Amérique", "des États-Unis d'Amérique", "aux États-Unis d'Amérique"],
    [
      "Honduras, Panama et République dominicaine",
      "du Honduras, du Panama et de la République dominicaine",
      "au Honduras, au Panama et à la République dominicaine",
    ],
    ["Panama et Costa Rica", "du Panama et du Costa Rica", "au Panama et au Costa Rica"],
  ])("%s has its own article after de and à", (names, of, to) => {
    expect([withArticle("du", names), withArticle("au", names)]).toEqual([of, to]);
  });

  it.each([
    ["un État encore inconnu", "d’un État encore inconnu", "à un État encore inconnu"],
    ["Portugal", "de Portugal", "à Portugal"],
    ["Trinité-et-Tobago et Panama", "de Trinité-et-Tobago et Panama", null],
    ["", "de ", "à "],
  ])("%s, which is none of ours, gets none that could be wrong", (names, of, to) => {
    expect(withArticle("du", names)).toBe(of);
    if (to !== null) expect(withArticle("au", names)).toBe(to);
  });

  it("is known of every State of the directory", () => {
    const names = [...readFileSync(STATES, "utf8").matchAll(/fr: "([^"]+)"/g)].map(
      ([, one]) => one,
    );
    expect(names).toHaveLength(11);
    for (const name of names) {
      expect(withArticle("du", name ?? "")).toMatch(/^(du|de la|des) /);
      expect(withArticle("du", new Intl.ListFormat("fr").format([name ?? "", "Panama"]))).toMatch(
        / et du Panama$/,
      );
    }
  });

  it("stands in a sentence as the catalogue asks for it", () => {
    expect(asking("Au {state} : l’accès du {own}, du {day}")).toBe(
      "{Au_state} : l’accès {du_own}, du {day}",
    );
    const args = answered({ state: "République dominicaine", count: 2 });
    expect(args).toMatchObject({
      state: "République dominicaine",
      count: 2,
      Au_state: "À la République dominicaine",
      du_state: "de la République dominicaine",
    });
    expect(answered(undefined)).toBeUndefined();
  });
});

describe("a French sentence", () => {
  it.each([
    ["Attention : non ; « oui » ?", "Attention\u00a0: non\u00a0; «\u00a0oui\u00a0»\u00a0?"],
    ["De (hh:mm)", "De (hh:mm)"],
    ["{one} : {two}", "{one}\u00a0: {two}"],
  ])("%j breaks before no mark", (written, shown) => {
    expect(spaced(written)).toBe(shown);
  });
});
