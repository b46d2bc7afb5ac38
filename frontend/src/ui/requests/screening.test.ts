import { describe, expect, it } from "vitest";
import { Book, type Document, type Draft, type Field, type Rule } from "../../rules/book";
import { screen } from "../../rules/engine";
import { addItem, excepted, markUnknown, newDraft, put } from "./document";
import { fieldsOf } from "./form/fields";
import { blockersOf, countsOf, rowsOf, stateOf } from "./screening";
import { answerChanges, ruleChanges } from "./versions/compare";

const words = (text: string) => ({ es: text, en: text, fr: text });

function field(key: string, over: Partial<Field> = {}): Field {
  return { key, kind: "text", need: "recommended", label: words(key), source: "x", ...over };
}

function rule(id: string, at: string, test: string, needs: string[], over: Partial<Rule>): Rule {
  return {
    id,
    theme: "t",
    severity: "blocks",
    basis: "treaty",
    verification: "read",
    overridable: true,
    says: words(id),
    fix: words(id),
    asks: words(id),
    citation: "art. 1",
    sources: [],
    in_force: { from: "2000-01-01" },
    at,
    needs,
    when: [],
    test: [{ cel: test, needs }],
    disclosed: false,
    ...over,
  };
}

const PERSON_ROLES = ["suspect", "witness", "smuggled_migrant"].map((value) => ({
  value,
  label: words(value),
}));

const DOCUMENT: Document = {
  format: 1,
  facts: {
    top: { facts_summary: "string", stage: "string" },
    items: { persons: { person_name: "string" }, measures: { measure_account: "string" } },
  },
  sections: [
    {
      id: "facts",
      order: 2,
      label: words("facts"),
      fields: [field("summary", { need: "required" })],
    },
    {
      id: "persons",
      order: 1,
      label: words("persons"),
      list: true,
      item: "person",
      fields: [
        field("role", { kind: "choice", options: PERSON_ROLES }),
        field("name", { kind: "person" }),
        field("sought_as", { kind: "choice", options: PERSON_ROLES }),
        field("sought_for", {
          kind: "choice",
          options: ["being_smuggled", "other_offence"].map((value) => ({
            value,
            label: words(value),
          })),
        }),
      ],
    },
    {
      id: "measures",
      order: 3,
      label: words("measures"),
      list: true,
      item: "measure",
      fields: [
        field("type", { kind: "choice", from: "measures" }),
        field("description"),
        field("nexus"),
      ],
    },
  ],
  measures: [{ id: "bank", label: words("bank"), coercive: "yes", fields: [field("account")] }],
  instruments: [],
  states: [],
  rules: [
    rule("SUMMARY", "facts.summary", 'facts_summary != ""', ["facts_summary"], {}),
    rule("NAME", "persons.name", 'person_name != ""', ["person_name"], {
      each: "persons",
      severity: "advice",
    }),
    rule("ACCOUNT", "measures.account", 'measure_account != ""', ["measure_account"], {
      each: "measures",
      severity: "should_fix",
    }),
  ],
};
const BOOK = new Book(DOCUMENT, "v");

const EMPTY = newDraft({
  language: "es",
  lawDate: "2026-11-24",
  requesting: "SV",
  requested: "MX",
  measures: ["bank"],
});
const rowsFor = (draft: Draft) => rowsOf(BOOK, draft, screen(BOOK, draft, "draft"));
const places = (draft: Draft) => rowsFor(draft).map((row) => [row.key, row.outcome, row.pointer]);
const section = (id: string) => {
  const found = BOOK.sections.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe("rowsOf", () => {
  it("puts the gravest first and points at fields, at a measure's own ones too", () => {
    expect(places(EMPTY)).toEqual([
      ["SUMMARY", "failed", "facts.summary"],
      ["ACCOUNT-0", "failed", "measures.0.fields.account"],
      ["NAME", "not_applicable", "persons"],
    ]);
  });

  it("has one row for each item that is not in order, and one for all that are", () => {
    const two = addItem(addItem(EMPTY, "persons", { name: "A" }), "persons", {});
    expect(places(two)).toContainEqual(["NAME-1", "failed", "persons.1.name"]);
    const done = put(two, "persons.1.name", "B");
    expect(places(done)).toContainEqual(["NAME", "met", "persons.0.name"]);
  });

  it("counts what is missing and what keeps a draft from being ready", () => {
    const rows = rowsFor(addItem(EMPTY, "persons", {}));
    expect(countsOf(rows)).toEqual({ failed: 3, ask: 0, met: 0 });
    expect(blockersOf(rows).map((row) => row.rule.id)).toEqual(["SUMMARY", "ACCOUNT"]);
    expect(blockersOf(rowsFor(excepted(EMPTY, "SUMMARY", "no hay", "p"))).length).toBe(1);
  });
});

describe("stateOf", () => {
  const state = (draft: Draft) => stateOf(draft, section("facts"), rowsFor(draft));
  it.each([
    ["untouched", EMPTY],
    ["missing", put(EMPTY, "facts.other", "x")],
    ["questions", markUnknown(EMPTY, "facts.summary", true)],
    ["complete", put(EMPTY, "facts.summary", "hechos")],
  ])("is %s", (expected, draft) => {
    expect(state(draft)).toBe(expected);
  });
});

describe("fieldsOf", () => {
  it("puts a measure's own questions after the common first two", () => {
    const pointers = fieldsOf(BOOK, EMPTY, section("measures"), 0).map((one) => one.pointer);
    expect(pointers).toEqual([
      "measures.0.type",
      "measures.0.description",
      "measures.0.fields.account",
      "measures.0.nexus",
    ]);
  });

  const offered = (person: Record<string, string>, key: string): string[] => {
    const draft = addItem(EMPTY, "persons", person);
    const found = fieldsOf(BOOK, draft, section("persons"), 0).find((one) => one.field.key === key);
    return found?.options.map((option) => option.value) ?? [];
  };

  it("never offers to seek a smuggled migrant as a suspect for that", () => {
    const migrant = { role: "smuggled_migrant" };
    expect(offered(migrant, "sought_as")).toEqual(["witness", "smuggled_migrant"]);
    expect(offered({ ...migrant, sought_for: "other_offence" }, "sought_as")).toContain("suspect");
    expect(offered({ ...migrant, sought_as: "suspect" }, "sought_for")).toEqual(["other_offence"]);
    expect(offered({ sought_for: "being_smuggled" }, "role")).not.toContain("suspect");
  });

  it("keeps in sight what stands in the draft all the same", () => {
    const wrong = { role: "smuggled_migrant", sought_as: "suspect", sought_for: "being_smuggled" };
    expect(offered(wrong, "sought_as")).toContain("suspect");
    expect(offered(wrong, "sought_for")).toContain("being_smuggled");
  });
});

describe("comparing two versions", () => {
  const after = markUnknown(
    put(put(EMPTY, "facts.summary", "hechos"), "measures.0.fields.account", "12"),
    "persons.0.name",
    true,
  );

  it("names the rules whose answer changed", () => {
    expect(ruleChanges(BOOK, EMPTY, after)).toMatchObject([
      { rule: { id: "SUMMARY" }, before: "failed", after: "met" },
      { rule: { id: "ACCOUNT" }, before: "failed", after: "met" },
    ]);
  });

  it("names the answers that changed, and nothing that is blank in another way", () => {
    const now = put(put(after, "requested_state", "GT"), "measures.0.nexus", "");
    expect(answerChanges(BOOK, EMPTY, now).map((one) => one.pointer)).toEqual([
      "requested_state",
      "facts.summary",
      "measures.0.fields.account",
    ]);
  });
});
