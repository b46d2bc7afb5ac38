import { describe, expect, it } from "vitest";
import type { Person } from "./client";
import { byState, initials, isAlone, isOut } from "./readers";

function person(name: string, state: string): Person {
  return {
    id: name,
    name,
    state,
    telephone: "",
    office: "",
    post: "",
    roles: [],
    functions: [],
    languages: [],
    valid_until: null,
    status: "in-force",
    fictional: true,
    stopped: null,
  };
}

describe("isAlone", () => {
  it.each([
    ["only oneself", ["Ana"], true],
    ["somebody else", ["Ana", "Luis"], false],
    ["one other", ["Luis"], false],
    ["nobody", [], false],
  ] as const)("with %s", (_who, names, alone) => {
    const people = names.map((name) => person(name, "SV"));
    expect(isAlone(people, "Ana")).toBe(alone);
  });
});

describe("byState", () => {
  it("groups by State and sorts States and names", () => {
    const groups = byState([person("Lucía", "MX"), person("Raúl", "GT"), person("Ana", "MX")]);
    expect(groups.map((group) => [group.state, group.people.map((p) => p.name)])).toEqual([
      ["GT", ["Raúl"]],
      ["MX", ["Ana", "Lucía"]],
    ]);
  });
});

describe("initials", () => {
  it.each([
    ["Marina Arévalo", "MA"],
    ["Óscar", "Ó"],
    ["Ana de la Cruz", "AC"],
    ["  ", ""],
  ])("of %j are %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe("isOut", () => {
  const keys = [{ person: "ana", states: "SV", devices: 1 }];
  const thread = { people: ["ana", "luis"], readers: keys, status: "active" } as const;

  it.each([
    ["whoever reads", "ana", thread, false],
    ["whoever has no right to it", "eva", thread, true],
    ["whoever has the right, and no keys in it", "luis", thread, true],
    [
      "nobody by their keys, where this device is not in",
      "luis",
      { ...thread, status: "waiting" },
      false,
    ],
  ] as const)("is %s", (_who, person, { people, readers, status }, out) => {
    expect(isOut({ people: [...people], readers: [...readers], status }, person)).toBe(out);
  });
});
