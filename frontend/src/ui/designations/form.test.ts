import { describe, expect, test } from "vitest";
import type { DesignationRow } from "../client";
import { blank, bodyOf, dayText, formFrom, formOf, lacking, lastDay } from "./form";

const TODAY = new Date(2026, 10, 20, 9, 30);
const filled = { ...blank(TODAY, "liaison"), name: " Ana Rivas ", post: "Fiscal", office: "o" };

describe("a new form", () => {
  test("proposes a first term of six months from today", () => {
    expect(blank(TODAY, "liaison")).toMatchObject({ starts: "2026-11-20", until: "2027-05-19" });
  });

  test("says what it lacks, by the field", () => {
    expect(lacking(blank(TODAY, "liaison")).map(({ field }) => field)).toEqual([
      "name",
      "post",
      "office",
    ]);
    expect(lacking(filled)).toEqual([]);
    expect(lacking({ ...filled, until: "2026-11-19" }).map(({ field }) => field)).toEqual([
      "until",
    ]);
    expect(lacking({ ...filled, starts: "2026-02-30" }).map(({ field }) => field)).toEqual([
      "starts",
    ]);
  });
});

describe("a term", () => {
  test.each([
    ["2026-08-31", false, false, "2027-03-02"],
    ["2026-11-20", false, true, "2027-11-19"],
    ["2026-11-20", true, false, "2026-11-26"],
  ])("from %s, urgent %s, renewed %s, ends on %s", (starts, urgent, renewed, ends) => {
    expect(lastDay(starts, { urgent, renewed })).toBe(ends);
  });

  test("of an urgent designation fits into seven days", () => {
    const urgent = {
      ...filled,
      urgent: true,
      until: lastDay(filled.starts, { urgent: true, renewed: false }),
    };
    const { starts, until } = bodyOf(urgent);
    expect(Date.parse(until) - Date.parse(starts)).toBeLessThanOrEqual(7 * 86_400_000);
  });
});

describe("what is sent of a form", () => {
  test("is trimmed, in one order, in whole seconds of UTC", () => {
    const body = bodyOf({ ...filled, languages: ["fr", "es"] });
    expect(body).toMatchObject({ name: "Ana Rivas", roles: ["liaison"], languages: ["es", "fr"] });
    expect(new Date(body.starts)).toEqual(new Date(2026, 10, 20));
    expect(new Date(body.until)).toEqual(new Date(2027, 4, 19, 23, 59, 59));
    expect(body.starts).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
  });

  test("says nobody and the whole State where neither was named", () => {
    expect(bodyOf(filled)).toMatchObject({ region: null, deputy: null });
    const named = { ...filled, region: " Frontera sur ", deputy: "d" };
    expect(bodyOf(named)).toMatchObject({ region: "Frontera sur", deputy: "d" });
  });

  test("says what a liaison or coordinator does besides, and of nobody else anything", () => {
    expect(bodyOf(filled).functions).toEqual(["focal-point"]);
    expect(bodyOf(blank(TODAY, "coordinator")).functions).toEqual(["focal-point", "signatory"]);
    const both = { ...filled, functions: ["signatory", "focal-point"] };
    expect(bodyOf(both).functions).toEqual(["focal-point", "signatory"]);
    expect(bodyOf({ ...filled, functions: [] }).functions).toEqual([]);
    expect(bodyOf({ ...both, role: "central-authority" }).functions).toEqual([]);
  });

  test("keeps a second role that the person had", () => {
    expect(bodyOf(filled, ["liaison", "coordinator"]).roles).toEqual(["liaison", "coordinator"]);
  });
});

describe("a renewal", () => {
  const row = {
    name: "Ana",
    post: "Fiscal",
    office: { id: "o", name: "O" },
    roles: ["liaison"],
    functions: ["focal-point"],
    languages: ["es"],
    scope: ["trafficking-in-persons"],
    starts: new Date(2026, 0, 1).toISOString(),
    until: new Date(2026, 11, 24, 23, 59, 59).toISOString(),
    urgent: false,
    rekey: false,
  } as unknown as DesignationRow;

  test("begins where the term ends and lasts a year", () => {
    expect(formOf(row, TODAY)).toMatchObject({ starts: "2026-12-24", until: "2027-12-23" });
  });

  test("after an urgent week alone lasts six months, as a first term", () => {
    const urgent = { ...row, urgent: true, first: true } as DesignationRow;
    expect(formOf(urgent, TODAY)).toMatchObject({ starts: "2026-12-24", until: "2027-06-23" });
  });

  test("of a term that ends too far ahead begins today", () => {
    const early = new Date(2026, 9, 20);
    expect(formOf(row, early).starts).toBe(dayText(early));
  });

  test("of a term that is over begins today", () => {
    const late = new Date(2027, 0, 5);
    expect(formOf(row, late).starts).toBe(dayText(late));
  });
});

describe("what was kept of a form", () => {
  test("is taken again, and nothing else is", () => {
    expect(formFrom(JSON.stringify(filled), filled)).toEqual(filled);
    expect(formFrom(null, filled)).toBeNull();
    expect(formFrom("{", filled)).toBeNull();
    expect(formFrom('{"name":"x"}', filled)).toBeNull();
  });
});
