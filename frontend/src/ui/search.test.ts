import { describe, expect, it } from "vitest";
import { fold, matches } from "./search";

describe("search", () => {
  it.each([
    ["arevalo", ["Marina Arévalo"], true],
    ["ARÉVALO marina", ["Marina Arévalo"], true],
    ["", ["anything"], true],
    ["mexico lucia", ["Lucía Ortega", "México"], true],
    ["nunez", ["Núñez"], true],
    ["chavez", ["Marina Arévalo", "El Salvador"], false],
  ])("finds %j in %j: %s", (query, fields, found) => {
    expect(matches(query, ...fields)).toBe(found);
  });

  it("folds composed and decomposed accents alike", () => {
    expect(fold("Jose\u0301")).toBe(fold("Jos\u00e9"));
  });
});
