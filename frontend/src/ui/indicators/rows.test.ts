import { describe, expect, it } from "vitest";
import type { Counts, Indicators } from "../../api/indicators";
import {
  anything,
  asCsv,
  COUNTS,
  effects,
  inOrder,
  nameOf,
  ordered,
  percent,
  quartersTo,
  RECEIVED,
  sharedOf,
  titleOf,
  unrecordedOf,
} from "./rows";

const MEASURES = new Map([["bank_records", "Información bancaria"]]);
const RIGHT: Counts = {
  code: "first-time-right",
  cells: { returned: null, right: 20, asked: null },
  whole: 31,
};
const RETURNS: Counts = { code: "returns", cells: { D05: 6, D01: 9 }, whole: null };
const FOUND: Indicators = {
  quarter: "2026-Q3",
  state: "SV",
  least: 5,
  ninth_least: 10,
  counts: [
    RIGHT,
    RETURNS,
    { code: "urgent", cells: { urgent: 10, ordinary: 20 }, whole: 30 },
    { code: "received:urgent", cells: { urgent: 0, ordinary: 12 }, whole: 12 },
    { code: "received:returns", cells: { D05: 6 }, whole: null },
    {
      code: "rule:LANG-1",
      cells: { "aside-right": 6, "aside-faulty": 6, "met-right": 30, "met-faulty": 10 },
      whole: 52,
    },
    {
      code: "rule:CHAN-1",
      cells: { "aside-right": null, "aside-faulty": 0, "met-right": null, "met-faulty": 10 },
      whole: 52,
    },
  ],
  times: [{ code: "execution", groups: [{ name: "", count: 12, median: 907_200, ninth: null }] }],
  unrecorded: ["execution", "asked", "a-later-row"],
  incomplete: false,
};

describe("a row's cells", () => {
  it("stand in the order of their names", () => {
    expect(ordered(RIGHT).map(([name]) => name)).toEqual(["right", "asked", "returned"]);
  });

  it("stand by their number where they have codes alone", () => {
    expect(ordered(RETURNS)).toEqual([
      ["D01", 9],
      ["D05", 6],
    ]);
  });

  it("are something also where none is told", () => {
    expect(anything({ code: "x", cells: { a: null, b: 0 }, whole: null })).toBe(true);
    expect(anything({ code: "x", cells: { a: 0 }, whole: 0 })).toBe(false);
  });
});

describe("a name", () => {
  it.each([
    ["execution", "bank_records", "Información bancaria"],
    ["execution", "later_measure", "later_measure"],
    ["execution-corridors", "SV-MX", "SV → MX"],
    ["returns", "D05", "D05 · idioma"],
    ["asked", "0", "ninguna"],
    ["execution", "none", "sin medida declarada"],
    ["deadlines", "none", "sin urgencia o sin fecha límite"],
    ["preserved", "other", "no pedían datos"],
    ["consultations", "overdue", "sin respuesta, terminado su plazo"],
    ["consultations", "late", "contestadas tarde"],
    ["protection", "aside", "apartando la regla de protección"],
    ["non-liability", "changes", "se pidieron cambios antes de transmitirla"],
    ["received:non-liability", "returned", "devuelta por esta regla"],
    ["received:urgent", "ordinary", "ordinarias"],
    ["received:execution-corridors", "GT-SV", "GT → SV"],
    ["execution-parts", "bank_records", "Información bancaria"],
    ["after-consulting", "solved", "resuelta por la vía informal, sin solicitud"],
    ["first-answer-corridors", "SV-MX", "SV → MX"],
    ["rule:LANG-1", "aside-faulty", "apartándola, con defecto por ella"],
  ])("of %s %s is %s", (code, name, said) => {
    expect(nameOf(code, name, MEASURES)).toBe(said);
  });
});

describe("what a State received", () => {
  it("stands after what it asked, under its own titles", () => {
    const codes = (before: "" | typeof RECEIVED) =>
      inOrder(COUNTS, FOUND.counts, before).map(({ code }) => code);
    expect(codes("")).toEqual(["first-time-right", "returns", "urgent"]);
    expect(codes(RECEIVED)).toEqual(["received:returns", "received:urgent"]);
    expect(titleOf("received:returns")).toBe("Recibidas de otros Estados: Devueltas por defecto");
    expect(titleOf("returns")).toBe("Devueltas por defecto");
  });
});

describe("what cells are shares of", () => {
  const of = (code: string) => {
    const row = FOUND.counts.find((one) => one.code === code);
    return row === undefined ? undefined : sharedOf(FOUND, row);
  };

  it("is the sum of their row", () => {
    expect(of("first-time-right")).toBe(31);
  });

  it("is of returns what was sent, by whoever asked", () => {
    expect([of("returns"), of("received:returns")]).toEqual([30, 12]);
    expect(sharedOf({ ...FOUND, counts: [RETURNS] }, RETURNS)).toBeNull();
  });

  it("is nothing of rows that have shares of their own", () => {
    expect(of("rule:LANG-1")).toBeNull();
  });
});

describe("the effect of a rule", () => {
  it("compares what had a defect by it, with it set aside and without", () => {
    expect(effects(FOUND)[0]).toEqual({
      rule: "LANG-1",
      aside: { faulty: 6, whole: 12, rate: 50 },
      met: { faulty: 10, whole: 40, rate: 25 },
    });
  });

  it("is no share of numbers that are not told", () => {
    expect(effects(FOUND)[1]?.aside.rate).toBeNull();
  });
});

describe("what the log holds no acts for yet", () => {
  it("is named as on the page, and what this page does not know is left out", () => {
    expect(unrecordedOf(FOUND).map(({ title }) => title)).toEqual(["ind.asked", "ind.execution"]);
    expect(unrecordedOf(null)).toEqual([]);
  });
});

describe("a share", () => {
  it.each([
    [5, 10, 50],
    [null, 10, null],
    [5, null, null],
    [0, 0, null],
  ])("of %j in %j is %j", (part, whole, share) => {
    expect(percent(part, whole)).toBe(share);
  });
});

describe("the quarters that can be asked for", () => {
  it("begin for a State's auditor with the one that runs", () => {
    const found = quartersTo(new Date("2026-11-24T17:00:00Z"), true);
    expect([found[0], found.at(-1), found.length]).toEqual(["2026-Q4", "2025-Q1", 8]);
  });

  it("begin for everybody else with the last one that can no longer change", () => {
    const found = (at: string) => quartersTo(new Date(at), false)[0];
    expect(found("2027-01-01T23:59:00Z")).toBe("2026-Q3");
    expect(found("2027-01-02T00:00:00Z")).toBe("2026-Q4");
    expect(quartersTo(new Date("2026-11-24T17:00:00Z"), false)).toHaveLength(7);
  });
});

describe("the file for a spreadsheet", () => {
  it("says of each rule in words what a number is of", () => {
    const lines = asCsv(FOUND, MEASURES).split("\r\n");
    expect(lines).toContain('rule:LANG-1,met-faulty,"sin apartarla, con defecto por ella",10,,,');
  });

  it("has a line for each number, and nothing where none is told", () => {
    const lines = asCsv(FOUND, MEASURES).split("\r\n");
    expect(lines[1]).toBe("first-time-right,right,sin devolución ni preguntas,20,,,65");
    expect(lines[2]).toBe("first-time-right,asked,se pidió más información,,,,");
    expect(lines).toContain("returns,D01,D01 · hechos,9,,,30");
    expect(lines.at(-2)).toBe("execution,,Todas,12,907200,,");
  });
});
