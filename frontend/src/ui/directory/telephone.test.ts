import { describe, expect, it } from "vitest";
import type { Person } from "../client";
import { asTelephone, dialled, numbersOf, telephoneWords } from "./telephone";

function person(id: string, over: Partial<Person> = {}): Person {
  return {
    id,
    name: id,
    state: "SV",
    office: "Fiscalía",
    telephone: "+999 000 0002",
    post: "",
    roles: ["coordinator"],
    functions: [],
    languages: [],
    valid_until: null,
    status: "in-force",
    fictional: true,
    stopped: null,
    ...over,
  };
}

describe("what is typed as a telephone", () => {
  it.each([
    ["+503 2200 0000", "+503 2200 0000"],
    ["  +503-2200-0000 ", "+503 2200 0000"],
    ["+1 (202) 555.0100", "+1 202 555 0100"],
    ["+503\u00a02200\u20110000", "+503 2200 0000"],
    ["\uff0b503 2200 0000", "+503 2200 0000"],
    ["", ""],
  ])("%s is written %s", (typed, written) => {
    expect(asTelephone(typed)).toBe(written);
  });

  it("keeps what is no number, for the server to refuse", () => {
    expect(asTelephone("llamar antes")).toBe("llamar antes");
    expect(asTelephone("2200 0000")).toBe("2200 0000");
  });
});

describe("a telephone", () => {
  it("is dialled without its spaces, and found with and without", () => {
    expect(dialled("+503 2200 0000")).toBe("+50322000000");
    expect(telephoneWords("+503 2200 0000")).toEqual(["+503 2200 0000", "+50322000000"]);
    expect(telephoneWords("")).toEqual([]);
  });
});

describe("the numbers to call", () => {
  it("are those of a State's people in force with a role, each office once", () => {
    const people = [
      person("a"),
      person("b"),
      person("c", { office: "Otra", telephone: "+999 000 0003" }),
      person("d", { state: "MX", telephone: "+999 010 0002" }),
      person("e", { roles: ["liaison"], telephone: "+999 000 0009" }),
      person("f", { status: "expired", telephone: "+999 000 0008" }),
      person("g", { telephone: "" }),
    ];
    expect(numbersOf(people, "SV", ({ roles }) => roles.includes("coordinator"))).toEqual([
      { office: "Fiscalía", telephone: "+999 000 0002" },
      { office: "Otra", telephone: "+999 000 0003" },
    ]);
  });
});
