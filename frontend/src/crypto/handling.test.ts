import { describe, expect, it } from "vitest";
import { bothOf, type Handling, isRestricted } from "./handling";

const LAWFUL: Handling = { codes: ["lawful"] };
const COURT: Handling = { codes: ["court"] };
const here: Handling = { codes: ["conditions"], conditions: "Solo la fiscal Ruiz" };
const there: Handling = { codes: ["onward", "conditions"], conditions: "Hasta mayo" };

describe("the terms of a file and of its message", () => {
  it("are those of the one that has some", () => {
    expect(bothOf(null, undefined)).toBeNull();
    expect(bothOf(COURT, null)).toEqual(COURT);
    expect(bothOf(undefined, here)).toEqual(here);
  });

  it("are the codes of both, each once and in their order", () => {
    expect(bothOf(COURT, LAWFUL)).toEqual({ codes: ["lawful", "court"] });
    expect(bothOf(COURT, COURT)).toEqual(COURT);
  });

  it("are the conditions of both, said once where they are the same", () => {
    const said = "Solo la fiscal Ruiz · Hasta mayo";
    expect(bothOf(here, there)).toEqual({ codes: ["onward", "conditions"], conditions: said });
    expect(bothOf(here, here)).toEqual(here);
  });

  it("restrict where either does", () => {
    expect(isRestricted(bothOf(LAWFUL, COURT))).toBe(true);
    expect(isRestricted(bothOf(COURT, LAWFUL))).toBe(true);
    expect(isRestricted(bothOf(LAWFUL, null))).toBe(false);
  });
});
