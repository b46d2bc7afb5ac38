import { describe, expect, it } from "vitest";
import type { OfficeCard } from "../client";
import { authoritiesOf, authorityOn } from "./authority";

function office(
  id: string,
  ...held: [instrument: string, since: string, until?: string][]
): OfficeCard {
  const competences = held.map(([instrument, since, until = null], at) => ({
    id: `${id}${at}`,
    instrument,
    since,
    until,
    source: "",
    confidence: "high",
  }));
  return { id, state: "SV", kind: "central", name: id, telephone: "", competences, changes: [] };
}

const MINISTRY = office("ministry", ["UNCAC-46", "2006-01-01"], ["", "2000-01-01", "2010-01-01"]);
const SERVICE = office(
  "service",
  ["UNCAC-46", "2022-06-21"],
  ["UNTOC-18", "2004-01-01", "2004-01-01"],
);
const OFFICES = [MINISTRY, SERVICE];
const on = (instrument: string, day: string) =>
  authorityOn(OFFICES, "SV", instrument, day)?.office.id ?? null;

describe("the central authority for an instrument on a day", () => {
  it("is the newest entry that has begun", () => {
    expect(on("UNCAC-46", "2022-06-20")).toBe("ministry");
    expect(on("UNCAC-46", "2022-06-21")).toBe("service");
  });

  it("is the one for all others where the instrument has none, until that ends", () => {
    expect(on("NASSAU-1992", "2009-12-31")).toBe("ministry");
    expect(on("NASSAU-1992", "2010-01-01")).toBeNull();
    expect(on("UNCAC-46", "2005-01-01")).toBe("ministry");
  });

  it("is none before anything begins, for another State, and by what was taken back", () => {
    expect(on("UNCAC-46", "1999-12-31")).toBeNull();
    expect(authorityOn(OFFICES, "MX", "UNCAC-46", "2023-01-01")).toBeNull();
    expect(on("UNTOC-18", "2020-01-01")).toBeNull();
  });
});

describe("all entries of a State", () => {
  it("say which of them counts", () => {
    const found = authoritiesOf(OFFICES, "SV", "2010-06-01").map((one) => [
      one.competence.instrument,
      one.office.id,
      one.counts,
    ]);
    expect(found).toEqual([
      ["", "ministry", "before"],
      ["UNCAC-46", "service", "later"],
      ["UNCAC-46", "ministry", "now"],
      ["UNTOC-18", "service", "before"],
    ]);
  });
});
