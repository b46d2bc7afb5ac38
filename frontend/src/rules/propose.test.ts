import { describe, expect, it } from "vitest";
import { little } from "../../tests/rules/little";
import { propose } from "./propose";

const bases = (one: string, other: string, categories: string[], date = "2026-11-24") =>
  propose(little, one, other, date, categories).bases.map(
    ({ instrument, standing, reason }) => `${instrument} ${standing} ${reason}`,
  );

describe("a proposal", () => {
  it("puts the special treaty first and UNTOC beside it", () => {
    expect(bases("US", "MX", ["smuggling"])).toEqual([
      "NASSAU-1992 cite special_treaty",
      "US-MX-MLAT cite special_treaty",
      "UNTOC-18 beside beside_special_treaty",
      "SOM-PROTOCOL beside with_convention",
    ]);
  });

  it("rests on UNTOC where there is none, and asks what nobody is sure of", () => {
    expect(bases("SV", "MX", ["other"], "2004-03-01")).toEqual([
      "UNTOC-18 cite no_special_treaty",
      "SV-MX-MLAT confirm status_unknown",
    ]);
  });

  it("names treaties for some offences or some evidence, and channels apart", () => {
    expect(bases("SV", "MX", ["corruption"]).slice(-3)).toEqual([
      "UNCAC-46 cite offence_category",
      "SV-MX-MLAT confirm status_unknown",
      "AIAMP-2018 channel never_a_basis",
    ]);
    expect(bases("SV", "US", [])).toContain("BUDAPEST-185 cite kind_of_evidence");
    expect(bases("SV", "MX", [])).toContain("UNCAC-46 confirm offence_not_said");
  });

  it("names one only for the assistance it is for", () => {
    const given = (measures: string[]) => propose(little, "SV", "US", "2026-11-24", [], measures);
    expect(given(["bank_records"]).excluded).toContainEqual({
      instrument: "BUDAPEST-185",
      reason: "other_measures",
    });
    expect(given(["service"]).bases.map((one) => one.instrument)).toContain("BUDAPEST-185");
  });

  it("says why others are left out", () => {
    expect(propose(little, "SV", "MX", "2026-11-24", ["smuggling"]).excluded).toEqual([
      { instrument: "BUDAPEST-185", reason: "requested_not_party" },
      { instrument: "UN-CYBER-2024", reason: "not_in_force" },
      { instrument: "UNCAC-46", reason: "other_offences" },
    ]);
  });

  it("says what the requested State wants, null where it must be asked", () => {
    expect(propose(little, "SV", "MX", "2004-03-01", ["other"])).toMatchObject({
      central_authority: "FGR por la Convención",
      languages: ["es"],
      dual_criminality: "coercive",
      dual_criminality_in: ["UNTOC-18"],
      death_penalty: null,
    });
    expect(propose(little, "MX", "SV", "2026-11-24", []).central_authority).toBeNull();
    expect(propose(little, "MX", "ZZ", "2026-11-24", []).languages).toBeNull();
  });
});
