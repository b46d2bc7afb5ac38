import { describe, expect, it } from "vitest";
import type { Card } from "../client";
import { type Asked, type Filter, filterOf, grouped, OPEN, searchOf, shownOf } from "./filter";

function card(id: string, over: Partial<Card> = {}): Card {
  return {
    id,
    told: "card",
    status: "in-force",
    name: id,
    state: "SV",
    office: "Fiscalía",
    office_id: "o1",
    telephone: "",
    post: "Fiscal de enlace",
    roles: ["liaison"],
    functions: [],
    languages: ["es"],
    scope: [],
    valid_until: null,
    hours: null,
    duty: false,
    contact: null,
    fictional: true,
    ...over,
  };
}

const PEOPLE = [
  card("Noemí Quiñónez"),
  card("Alice Archer", { state: "BZ", languages: ["en", "es"], office_id: "o2", office: "DPP" }),
  card("Raúl Íñiguez", { roles: ["coordinator"], office: "Cancillería", office_id: "o3" }),
];
const STATES: Readonly<Record<string, string>> = { SV: "El Salvador", BZ: "Belice" };

function found(filter: Partial<Filter>, query = "", over: Partial<Asked> = {}): string[] {
  const asked: Asked = {
    filter: { ...OPEN, ...filter },
    query,
    isAtWork: () => true,
    isUnverified: () => false,
    wordsOf: ({ state, languages }) => [STATES[state] ?? "", ...languages],
    ...over,
  };
  return shownOf(PEOPLE, asked).map(({ name }) => name);
}

describe("the search", () => {
  it("knows no accents and no capitals", () => {
    expect(found({}, "noemi quinonez")).toEqual(["Noemí Quiñónez"]);
    expect(found({}, "INIGUEZ")).toEqual(["Raúl Íñiguez"]);
  });

  it("looks at office, post and State too, each word somewhere", () => {
    expect(found({}, "cancilleria")).toEqual(["Raúl Íñiguez"]);
    expect(found({}, "fiscal belice")).toEqual(["Alice Archer"]);
    expect(found({}, "nadie")).toEqual([]);
  });
});

describe("the filters", () => {
  it("narrow by State, role, language, hours and verification", () => {
    expect(found({ state: "BZ" })).toEqual(["Alice Archer"]);
    expect(found({ role: "coordinator" })).toEqual(["Raúl Íñiguez"]);
    expect(found({ language: "en" })).toEqual(["Alice Archer"]);
    expect(found({ now: true }, "", { isAtWork: ({ state }) => state === "BZ" })).toEqual([
      "Alice Archer",
    ]);
    expect(found({ unverified: true })).toEqual([]);
    expect(found({ state: "SV", language: "en" })).toEqual([]);
  });

  it("stand in the address, and what is searched for does not", () => {
    const filter = { state: "SV", role: "liaison", language: "fr", now: true, unverified: true };
    expect(filterOf(searchOf(filter))).toEqual(filter);
    expect(searchOf(OPEN)).toBe("");
    expect(filterOf("?q=Noemi")).toEqual(OPEN);
  });
});

describe("the list", () => {
  it("goes from State to office to people", () => {
    const office = { state: "SV", name: "", telephone: "", competences: [], changes: [] };
    const offices = [
      { ...office, id: "o1", kind: "specialised-unit" },
      { ...office, id: "o3", kind: "ministry" },
    ];
    const groups = grouped(PEOPLE, offices, (code) => STATES[code] ?? code);
    expect(groups.map(({ state }) => state)).toEqual(["BZ", "SV"]);
    expect(groups[1]?.offices.map(({ office }) => office)).toEqual(["Fiscalía", "Cancillería"]);
  });
});
