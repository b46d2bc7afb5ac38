import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDraft } from "../../tests/draft";
import { little } from "../../tests/rules/little";
import type { Json } from "../canonical";
import { derive, NoDate } from "./facts";

const topOf = (sections: { readonly [name: string]: Json }) =>
  derive(little, makeDraft(sections), "draft").top;

describe("an answer", () => {
  it.each([
    [" dos  palabras\n", "dos  palabras", 2],
    ["a\u00a0b\u2028c", "a\u00a0b\u2028c", 3],
    ["\t \ufeff", "", 0],
    [null, "", 0],
    [7, "", 0],
    ["a\u001cb", "a\u001cb", 1],
  ])("of text %j is trimmed and counted", (summary, text, words) => {
    const top = topOf({ facts: { summary } });
    expect([top.facts_summary, top.facts_summary_words]).toEqual([text, words]);
  });

  it.each([
    ["2026-11-25", "2026-11-25", 1],
    ["2025-11-24", "2025-11-24", -365],
    ["2026-02-30", "", null],
    ["20261125", "", null],
    ["٢٠٢٦-11-25", "", null],
    ["0999-01-01", "", null],
    ["", "", null],
  ])("of a date %j is a day and its distance", (given, day, days) => {
    const top = topOf({ facts: { seen_on: given } });
    expect([top.facts_seen_on, top.facts_seen_on_days]).toEqual([day, days]);
  });

  it.each([
    [{ from: "2026-01-01", to: "2026-01-31" }, "2026-01-01", "2026-01-31", 30],
    [{ from: "2026-01-01" }, "2026-01-01", "", null],
    [null, "", "", null],
    ["2026", "", "", null],
  ])("of a period %j is two days and a length", (span, from, to, days) => {
    const top = topOf({ facts: { span } });
    expect([top.facts_span_from, top.facts_span_to, top.facts_span_days]).toEqual([from, to, days]);
  });

  it.each([
    [0, 0],
    [17, 17],
    [null, null],
    ["17", null],
    [1.5, null],
    [true, null],
    [2 ** 53, null],
  ])("of a number %j is whole or unknown", (age, number) => {
    expect(topOf({ persons: [{ age }] }).persons_age_max).toBe(number);
  });

  it("is unknown when somebody marked it so, or nobody judged", () => {
    const top = topOf({ facts: { summary: "x" }, unknown: ["facts.summary"] });
    expect([top.facts_summary, top.facts_summary_words, top.facts_fair]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("a draft", () => {
  it("gives all facts that the book declares and no others", () => {
    const found = derive(
      little,
      makeDraft({ persons: [{}], measures: [{}], legal_basis: [{}] }),
      "draft",
    );
    const { top, items } = little.document.facts;
    expect(new Set(Object.keys(found.top))).toEqual(new Set(Object.keys(top)));
    for (const [section, own] of Object.entries(items)) {
      const [table] = found.items[section] ?? [];
      const names = new Set([...Object.keys(top), ...Object.keys(own)]);
      expect(new Set(Object.keys(table ?? {}))).toEqual(names);
    }
  });

  it("may be anything at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (facts, persons, measures) => {
        const draft = makeDraft({
          facts: facts as Json,
          persons: persons as Json,
          measures: measures as Json,
        });
        expect(derive(little, draft, "draft").top.law_date).toBe("2026-11-24");
      }),
    );
  });

  it.each(["", "2026-13-01"])("needs the date of its law, not %j", (law_date) => {
    expect(() => derive(little, makeDraft({ law_date }), "draft")).toThrow(NoDate);
  });

  it("sets aside only with a reason", () => {
    const overrides = [{ rule: "A", reason: "consta", by: "" }, { rule: "B", reason: " " }, {}];
    expect(derive(little, makeDraft({ overrides }), "draft").overrides).toEqual(new Set(["A"]));
  });

  it("knows no State by the name of a property", () => {
    expect(topOf({ requested_state: "toString" }).pair_untoc_18).toBeNull();
  });
});

describe("a measure", () => {
  it("misses what its type requires, unless it is marked unknown", () => {
    const measures = [{ type: "bank_records", fields: { institution: "B" } }, { type: "service" }];
    const unknown = ["measures.1.fields.document"];
    const { top, items } = derive(little, makeDraft({ measures, unknown }), "draft");
    expect(items.measures?.map((one) => one.measure_missing)).toEqual([["period"], []]);
    expect([top.measures_missing_count, top.measures_coercive]).toEqual([1, ["no", "yes"]]);
  });

  it("of unknown type is unknown", () => {
    const top = topOf({ measures: [{ type: "of another book" }] });
    expect([top.measures_missing_count, top.measures_coercive]).toEqual([null, null]);
  });
});

describe("what is no answer", () => {
  it("gives no facts: where a draft came from, and what was noted beside it", () => {
    const origins = [{ kind: "message", circle: "c", seq: 7, person: "p", state: "MX" }];
    const facts = { summary: "Dos cuentas." };
    expect(topOf({ facts, origins, notes: { a: 1 } })).toEqual(topOf({ facts }));
  });
});
