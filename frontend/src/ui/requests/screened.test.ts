import { describe, expect, it } from "vitest";
import { Book, type Rule } from "../../rules/book";
import { Screener } from "../../rules/engine";
import { newDraft, put } from "./document";
import { screenedAs } from "./screened";

const words = { es: "x", en: "x", fr: "x" };

function rule(key: string): Rule {
  const needs = [`facts_${key}`];
  return {
    id: key,
    theme: "t",
    severity: "blocks",
    basis: "treaty",
    verification: "read",
    overridable: true,
    says: words,
    fix: words,
    asks: words,
    citation: "1",
    sources: [],
    in_force: { from: "2000-01-01" },
    at: `facts.${key}`,
    needs,
    when: [],
    test: [{ cel: `facts_${key} != ""`, needs }],
    disclosed: false,
  };
}

const BOOK = new Book(
  {
    format: 1,
    facts: { top: { facts_a: "string", facts_b: "string" }, items: {} },
    sections: [
      {
        id: "facts",
        order: 1,
        label: words,
        fields: ["a", "b"].map((key) => ({
          key,
          kind: "text" as const,
          need: "required" as const,
          label: words,
          source: "1",
        })),
      },
    ],
    measures: [],
    instruments: [],
    states: [],
    rules: [rule("a"), rule("b")],
  },
  "v",
);

describe("screenedAs", () => {
  it("keeps what did not change, so that nothing of it is drawn again", () => {
    const draft = newDraft({
      language: "es",
      lawDate: "2026-11-24",
      requesting: "SV",
      requested: "",
      measures: [],
    });
    const screener = new Screener(BOOK);
    const first = screenedAs(BOOK, draft, screener.screen(draft, "draft"), null);
    const typed = put(draft, "facts.a", "algo");
    const second = screenedAs(BOOK, typed, screener.screen(typed, "draft"), first);
    expect(second.rows.map((row) => row.outcome)).toEqual(["met", "failed"]);
    expect(second.rows[0]).not.toBe(first.rows[0]);
    expect(second.rows[1]).toBe(first.rows[1]);
    expect(second.placed.get("facts.b")).toBe(first.placed.get("facts.b"));
  });
});
