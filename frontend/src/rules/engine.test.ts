import { describe, expect, it } from "vitest";
import { makeDraft } from "../../tests/draft";
import { little } from "../../tests/rules/little";
import { Book } from "./book";
import { type Finding, Screener, screen } from "./engine";

const told = { summary: "uno dos tres", fair: "yes" };
const outcomes = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map((one) => [one.rule, one.outcome]));

describe("screening", () => {
  it("says met, failed, a question, not applicable, set aside", () => {
    const draft = makeDraft({
      facts: { ...told, fair: "no" },
      persons: [{ role: "witness" }, { role: "witness", age: 30 }],
      legal_basis: [{ instrument: "BUDAPEST-185" }],
      urgency: { level: "normal" },
      overrides: [
        { rule: "FACTS-TOLD", reason: "consta", by: "p" },
        { rule: "BASIS-BINDS", reason: "never set aside", by: "p" },
      ],
    });
    expect(outcomes(screen(little, draft, "draft"))).toEqual({
      "BASIS-BINDS": "failed",
      "CHILD-ALONE": "ask",
      "FACTS-TOLD": "overridden",
      "SOON-ENOUGH": "not_applicable",
    });
  });

  it("names the facts it used, item by item where a rule asks so", () => {
    const persons = [
      { role: "suspect", age: 3 },
      { role: "witness", age: 30 },
    ];
    const findings = screen(little, makeDraft({ facts: told, persons }), "draft");
    expect(findings.find((one) => one.rule === "FACTS-TOLD")).toEqual({
      rule: "FACTS-TOLD",
      outcome: "met",
      facts: { facts_fair: "yes", facts_summary_words: 3, measures_type: [] },
    });
    expect(findings.find((one) => one.rule === "CHILD-ALONE")).toEqual({
      rule: "CHILD-ALONE",
      outcome: "met",
      items: [{ item: 1, outcome: "met", facts: { person_age: 30, person_role: "witness" } }],
    });
  });

  it("applies the law of the draft's date", () => {
    const rules = (law_date: string) =>
      screen(little, makeDraft({ law_date }), "draft").map((one) => one.rule);
    expect(rules("2009-12-31")).toContain("WAS-THE-LAW");
    expect(rules("2010-01-01")).not.toContain("WAS-THE-LAW");
    expect(rules("2003-09-28")).toEqual([]);
  });
});

describe("screening again while somebody types", () => {
  it("asks only the rules whose facts changed, and keeps the other findings", () => {
    const screener = new Screener(little);
    const before = screener.screen(makeDraft({ facts: told }), "draft");
    expect(screener.asked).toBe(4);
    const after = screener.screen(makeDraft({ facts: { ...told, summary: "uno" } }), "draft");
    expect(screener.asked).toBe(1);
    expect(after.filter((one, place) => one !== before[place])).toEqual([
      expect.objectContaining({ rule: "FACTS-TOLD", outcome: "failed" }),
    ]);
  });

  it("says the same as screening anew, whatever was there before", () => {
    const drafts = [
      makeDraft(),
      makeDraft({ persons: [{ role: "witness" }] }),
      makeDraft({ persons: [{ role: "suspect" }, { role: "witness", age: 3 }] }),
      makeDraft({ overrides: [{ rule: "FACTS-TOLD", reason: "r", by: "p" }] }),
      makeDraft({ law_date: "2009-01-01" }),
      makeDraft({ requested_state: "US", legal_basis: [{ instrument: "UNTOC-18" }] }),
    ];
    const screener = new Screener(little);
    for (const draft of [...drafts, ...drafts.reverse()]) {
      expect(screener.screen(draft, "draft")).toEqual(screen(little, draft, "draft"));
    }
  });
});

describe("a book", () => {
  it("of another format is refused", () => {
    expect(() => new Book({ ...little.document, format: 99 }, "")).toThrow("format 99");
  });

  it("finds a rule by its id", () => {
    expect(little.rule("BASIS-BINDS")?.each).toBe("legal_basis");
    expect(little.rule("NO-SUCH")).toBeUndefined();
  });
});
