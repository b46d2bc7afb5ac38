import { describe, expect, test } from "vitest";
import { b64u } from "../../bytes";
import { canonical } from "../../canonical";
import { saidIn } from "../../effects/designations/payload";
import { factsOf, linesOf, takenFrom } from "./said";

const FIELDS = {
  v: 3,
  serial: "00000000-0000-4000-8000-000000000001",
  issued: "2026-11-20T12:00:00Z",
  state: "SV",
  person: "00000000-0000-4000-8000-000000000002",
  name: "Ana Rivas",
  post: "Fiscal de enlace",
  roles: ["liaison"],
  functions: ["focal-point"],
  office: "00000000-0000-4000-8000-000000000003",
  agency: "Fiscalía General",
  scope: ["trafficking-in-persons"],
  languages: ["es", "fr"],
  region: "Frontera occidental",
  deputy: "00000000-0000-4000-8000-000000000004",
  from: "2026-11-20T06:00:00Z",
  until: "2027-05-20T05:59:59Z",
  urgent: false,
  consultation: [
    { agency_kind: "police", date: "2026-11-18", outcome: "no-objection", digest: null },
  ],
};
const read = async (change: object = {}) => {
  const body = canonical({ ...FIELDS, ...change });
  return (await saidIn(b64u.encode(body))).fields;
};
const lineOf = (lines: ReturnType<typeof linesOf>, field: string) =>
  lines.find((line) => line.field === field);

describe("what bytes say in words", () => {
  test("is everything that they give, and no code of ours", async () => {
    const lines = linesOf(await read());
    const words = lines.flatMap(({ values }) => values).join(" ");
    const shown = lines.map(({ field }) => field);
    const numbers = ["v", "serial", "issued", "person", "office"];
    expect([...shown, ...numbers].sort()).toEqual(Object.keys(FIELDS).sort());
    for (const code of ["liaison", "trafficking-in-persons", "no-objection", "police"]) {
      expect(words).not.toContain(code);
    }
    expect(words).toContain("Ana Rivas");
  });

  test("is loud where an agency objected, and on the urgent path", async () => {
    expect(linesOf(await read()).some(({ loud }) => loud)).toBe(false);
    const objection = [{ ...FIELDS.consultation[0], outcome: "objection" }];
    const lines = linesOf(await read({ consultation: objection, urgent: true }));
    expect(lines.filter(({ loud }) => loud).map(({ field }) => field)).toEqual([
      "urgent",
      "consultation",
    ]);
  });

  test("marks what was another in the term before, and nothing else", async () => {
    const before = await read({ post: "Fiscal auxiliar" });
    const lines = linesOf(await read(), before);
    expect(lineOf(lines, "post")?.before).toBe("Fiscal auxiliar");
    expect(lines.filter((line) => line.before !== null)).toHaveLength(1);
  });

  test("names who stands in and the part of the State, and says where there is none", async () => {
    const named = () => "Karla Sorto";
    const both = linesOf(await read(), null, named);
    expect(lineOf(both, "region")?.values).toEqual(["Frontera occidental"]);
    expect(lineOf(both, "deputy")?.values).toEqual(["Karla Sorto"]);
    const none = linesOf(await read({ region: null, deputy: null }), await read(), named);
    expect(lineOf(none, "region")).toMatchObject({
      values: ["todo el país"],
      before: "Frontera occidental",
    });
    expect(lineOf(none, "deputy")?.values).toEqual(["sin suplente"]);
  });

  test("names what a liaison does besides, and what before", async () => {
    const none = linesOf(await read({ functions: [] }), await read());
    expect(lineOf(none, "functions")).toMatchObject({ values: ["ninguna"], before: "punto focal" });
    const { functions: _functions, ...second } = FIELDS;
    const body = b64u.encode(canonical({ ...second, v: 2, roles: ["coordinator"] }));
    const said = linesOf((await saidIn(body)).fields);
    expect(lineOf(said, "functions")?.values).toEqual(["punto focal y firmante"]);
  });

  test("tells what somebody can do no more, of each function that is taken from them", () => {
    const both = ["focal-point", "signatory"];
    expect(takenFrom(both, both)).toEqual([]);
    expect(takenFrom([], both)).toEqual([]);
    expect(takenFrom(both, ["signatory"])).toEqual(["desig.takesFocalPoint"]);
    expect(takenFrom(both, ["focal-point"])).toEqual(["desig.takesSignatory"]);
    expect(takenFrom(both, [])).toEqual(["desig.takesFocalPoint", "desig.takesSignatory"]);
  });

  test("says of what is empty that there is none, also of the term before", async () => {
    const none = await read({ roles: ["central-authority"], functions: [], consultation: [] });
    const lines = linesOf(none, await read());
    expect(lineOf(lines, "consultation")).toMatchObject({ values: ["ninguna"] });
    expect(lineOf(linesOf(await read(), none), "consultation")?.before).toBe("ninguna");
  });

  test("says of a draft what the term before said otherwise, but for its dates", () => {
    const draft = {
      name: "Ana Rivas",
      post: "Fiscal",
      office: { name: "Fiscalía General" },
      roles: ["liaison"],
      functions: ["signatory"],
      scope: [],
      languages: ["es"],
      region: null,
      deputy: null,
      starts: "2026-11-20T06:00:00Z",
      until: "2027-05-20T05:59:59Z",
      urgent: false,
    };
    const old = { ...draft, functions: ["focal-point"], until: "2026-12-20T05:59:59Z" };
    const marked = factsOf(draft, old).filter(({ before }) => before !== null);
    expect(marked).toEqual([
      { label: "desig.functions", value: "firmante", before: "punto focal" },
    ]);
    expect(factsOf(draft).some(({ before }) => before !== null)).toBe(false);
  });

  test("says of bytes of the first version that they said neither", async () => {
    const { region: _region, deputy: _deputy, functions: _functions, ...first } = FIELDS;
    const body = b64u.encode(canonical({ ...first, v: 1 }));
    const lines = linesOf((await saidIn(body)).fields);
    expect(lineOf(lines, "region")?.values).toEqual(["no se dijo entonces"]);
    expect(lineOf(lines, "deputy")?.values).toEqual(["no se dijo entonces"]);
  });

  test("keeps a code that this page does not know as it was signed", async () => {
    expect(lineOf(linesOf(await read({ scope: ["piracy"] })), "scope")?.values).toEqual(["piracy"]);
  });
});
