import { describe, expect, it } from "vitest";
import { EMPTY } from "./filter";
import { meant, typedOf } from "./typed";

const blank = typedOf(EMPTY);

describe("what is typed into the filter", () => {
  it("is nothing when nothing is", () => {
    expect(meant(blank)).toEqual({ filter: EMPTY, wrong: [] });
  });

  it("is the filter that fills the form, there and back", () => {
    const filter = {
      ...EMPTY,
      acts: ["cases"],
      person: "P-YWAT2NA4",
      case: "MX-2026-0001",
      since: "2026-11-27",
      outcome: "refused" as const,
    };
    expect(meant(typedOf(filter))).toEqual({ filter, wrong: [] });
  });

  it.each(["P-YWAT2NA4", "p-ywat2na4", "ywat2na4", " P YWAT2NA4 ", "pywat2na4"])(
    "knows the pseudonym in %j",
    (person) => {
      expect(meant({ ...blank, person }).filter.person).toBe("P-YWAT2NA4");
    },
  );

  it("takes letters for the digits that they look like", () => {
    expect(meant({ ...blank, person: "P-7K3Q9XYO" }).filter.person).toBe("P-7K3Q9XY0");
    expect(meant({ ...blank, person: "P-ILILILIL" }).filter.person).toBe("P-11111111");
  });

  it("keeps a pseudonym that begins with P and has no head", () => {
    expect(meant({ ...blank, person: "PWAT2NA4" }).filter.person).toBe("P-PWAT2NA4");
  });

  it.each([
    ["person", "ana"],
    ["person", "P-YWAT2NA"],
    ["person", "P-YWAT2NAU"],
    ["reference", "0001"],
    ["reference", "MX-26-0001"],
  ] as const)("says which field cannot be: %s %j", (field, text) => {
    const { filter, wrong } = meant({ ...blank, [field]: text });
    expect(wrong).toEqual([field]);
    expect(filter).toEqual(EMPTY);
  });

  it("takes a reference in small letters", () => {
    expect(meant({ ...blank, reference: " mx-2026-0001 " }).filter.case).toBe("MX-2026-0001");
  });
});
