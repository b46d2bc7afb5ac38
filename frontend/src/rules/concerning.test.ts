import { describe, expect, it } from "vitest";
import type { Book } from "./book";
import { concerning, concerns } from "./concerning";
import rulebook from "./rulebook.json";

const book = rulebook as unknown as Book;
const idsFor = (state: string) => concerning(book, state).map(({ id }) => id);

describe("the rules that can concern a request", () => {
  it("leave out those that are of another State alone", () => {
    expect(idsFor("CA")).toContain("NEXUS-CA-GROUNDS");
    expect(idsFor("PA")).not.toContain("NEXUS-CA-GROUNDS");
    expect(idsFor("PA")).not.toContain("NEXUS-US-CONTENT");
    for (const state of ["PA", "CA"]) expect(idsFor(state)).toContain("LANG-ACCEPTED");
  });

  it("are all of them while no State is asked, and none without a rulebook", () => {
    expect(concerning(book, "")).toHaveLength(book.rules.length);
    expect(concerning(null, "MX")).toEqual([]);
  });

  it.each([
    ['requested_state == "MX"', true, false],
    ["requested_state == 'MX'", true, false],
    ["requested_state != 'MX'", false, true],
    ["requested_state in ['PA']", true, true],
    ["requested_state == 'PA' || measure_coercive", true, true],
  ])("are judged by what names one State and nothing else: %s", (cel, mexico, panama) => {
    const rule = { when: [{ cel, needs: [] }] } as unknown as Book["rules"][number];
    expect([concerns(rule, "MX"), concerns(rule, "PA")]).toEqual([mexico, panama]);
  });
});
