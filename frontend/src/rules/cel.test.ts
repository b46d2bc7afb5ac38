import { describe, expect, it } from "vitest";
import { readVector } from "../../tests/rules/little";
import { Language, type Table } from "./cel";

type Vector = { readonly cel: string; readonly facts: Table; readonly expect: boolean };
const vectors = JSON.parse(readVector("cel.json")) as readonly Vector[];
const language = new Language([
  ["s", "string"],
  ["n", "int"],
  ["l", "list"],
  ["m", "list"],
]);

describe("the language of the rules", () => {
  it.each(vectors)("answers $cel as the server does", ({ cel, facts, expect: answer }) => {
    expect(language.program(cel, Object.keys(facts))(facts)).toBe(answer);
  });

  it("makes no code of text, as the page's policy wants", () => {
    const forbidden = () => {
      throw new EvalError("refused by the page's policy");
    };
    const real = globalThis.Function;
    globalThis.Function = Object.assign(forbidden, { prototype: real.prototype }) as never;
    try {
      const own = new Language([["s", "string"]]);
      expect(own.program("s.contains('a') && size(s) > 1", ["s"])({ s: "abc" })).toBe(true);
    } finally {
      globalThis.Function = real;
    }
  });
});
