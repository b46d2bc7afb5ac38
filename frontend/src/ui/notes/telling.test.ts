import { describe, expect, it } from "vitest";
import { PEOPLE } from "../../../tests/ui/people";
import type { CaseView } from "../client";
import { byTold, tellable, textOf, unreached } from "./telling";

const CASE = { states: ["SV", "GT"] } as unknown as CaseView;

describe("first-line information", () => {
  it("is told to focal points of States that are not in the case", () => {
    const found = tellable(PEOPLE, CASE, "SV");
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ state }) => ["SV", "GT"].includes(state))).toEqual([]);
    const [first] = found;
    const over = found.map((one) => (one.id === first?.id ? { ...one, status: "expired" } : one));
    expect(tellable(over as typeof found, CASE, "SV").map(({ id }) => id)).not.toContain(first?.id);
  });

  it("is told to nobody whose designation does not say that they are one", () => {
    const signers = PEOPLE.map((one) => ({ ...one, functions: ["signatory"] }));
    expect(tellable(signers, CASE, "SV")).toEqual([]);
  });

  it("goes to each State by a note of its own", () => {
    const people = tellable(PEOPLE, CASE, "SV");
    const all = people.map(({ id }) => id);
    const told = byTold(people, all);
    expect([...told.values()].flat().sort()).toEqual(all.toSorted());
    for (const [state, ids] of told) {
      expect(people.filter(({ id }) => ids.includes(id)).map((one) => one.state)).toEqual(
        ids.map(() => state),
      );
    }
    expect(byTold(people, []).size).toBe(0);
  });

  it("will wait for each State of whom nobody chosen has a device", () => {
    const notes = new Map([
      ["GT", ["p-1", "p-2"]],
      ["MX", ["p-3"]],
    ]);
    const with2 = (person: string) => person === "p-2";
    expect(unreached(notes, with2)).toEqual(["MX"]);
    expect(unreached(notes, () => true)).toEqual([]);
  });

  it("says what is known, and what is asked under its heading", () => {
    expect(textOf(" Placa P-123 ", " ¿De quién es? ", "Se pide:")).toBe(
      "Placa P-123\n\nSe pide:\n¿De quién es?",
    );
    expect(textOf("Placa P-123", " ", "Se pide:")).toBe("Placa P-123");
    expect(textOf("", "¿Hay registro?", "Se pide:")).toBe("Se pide:\n¿Hay registro?");
  });
});
