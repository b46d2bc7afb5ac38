import { beforeAll, describe, expect, it } from "vitest";
import type { Book, Draft } from "../../../rules/book";
import { AIM, screen } from "../../../rules/engine";
import { loadBook } from "../../../rules/load";
import { isFilled, markUnknown, newDraft, put, valueAt } from "../document";
import { screenedAs } from "../screened";
import { messageOf, placeOf } from "./rows";

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

const EMPTY = newDraft({
  language: "es",
  lawDate: "2026-11-24",
  requesting: "SV",
  requested: "MX",
  measures: ["bank_records"],
});
const own = (key: string): string => `measures.0.fields.${key}`;
const screened = (draft: Draft) => screenedAs(book, draft, screen(book, draft, AIM), null);
const requiredOf = (type: string): string[] =>
  (book.measures.get(type)?.fields ?? [])
    .filter(({ need }) => need === "required")
    .map(({ key }) => own(key));

function dataOf(draft: Draft) {
  const row = screened(draft).rows.find((one) => one.rule.id === "UNTOC-18-15-D-DATA");
  if (row === undefined) throw new Error("the rule is gone");
  return row;
}

describe("a measure without its data", () => {
  it("is told which are missing, in the order of the form, and led to the first", () => {
    const required = requiredOf("bank_records");
    expect(required.length).toBeGreaterThan(1);
    const row = dataOf(EMPTY);
    expect(row.wanting.map(({ pointer }) => pointer)).toEqual(required);
    expect(row.pointer).toBe(required[0]);
    for (const { field } of row.wanting) expect(messageOf(row)).toContain(field.label.es);
    expect(placeOf(book, row)).toContain(row.wanting[0]?.field.label.es);
  });

  it("marks no answer that is given, and none that is marked as unknown", () => {
    const [first = "", second = "", ...rest] = requiredOf("bank_records");
    const given = put(EMPTY, first, first.includes("period") ? { from: "2026-01-01" } : "algo");
    const row = dataOf(markUnknown(given, second, true));
    expect(row.wanting.map(({ pointer }) => pointer)).toEqual(
      rest.length > 0 ? rest : ["measures.0.type"],
    );
    const { placed } = screened(given);
    const ids = (placed.get(first) ?? []).map(({ rule }) => rule.id);
    expect(ids).not.toContain("UNTOC-18-15-D-DATA");
    expect(placed.get(second)?.map(({ rule }) => rule.id)).toContain("UNTOC-18-15-D-DATA");
  });

  it("names beside a question only that one", () => {
    const row = dataOf(EMPTY);
    const [first, second] = row.wanting;
    expect(messageOf(row, second?.pointer)).toContain(second?.field.label.es);
    expect(messageOf(row, second?.pointer)).not.toContain(first?.field.label.es);
  });

  it("names its kind where that is what is missing", () => {
    const row = dataOf(put(EMPTY, "measures.0.type", ""));
    expect(row.pointer).toBe("measures.0.type");
    expect(messageOf(row)).toContain(row.wanting[0]?.field.label.es);
  });
});

describe("a rule with several lines", () => {
  const rowOf = (draft: Draft, id: string) =>
    screened(draft).rows.find((one) => one.rule.id === id && one.outcome === "failed");

  it("marks the answer of the line that fails, not the one that is given", () => {
    const bank = put(EMPTY, own("institution"), "Banco de ejemplo");
    const row = rowOf(bank, "SPEC-BANK");
    expect(row?.pointer).toBe(own("account"));
    expect(row && messageOf(row)).toContain(row?.wanting[0]?.field.label.es);
    expect(rowOf(EMPTY, "SPEC-BANK")?.wanting.map(({ pointer }) => pointer)).toEqual([
      own("institution"),
      own("account"),
    ]);
  });

  it("leads to another section where the answer is", () => {
    const transcribed = put(EMPTY, "procedure.transcribed_provisions", "Artículo 367-A");
    const row = rowOf(transcribed, "MX-CNPP-442");
    expect(row?.section).toBe("facts");
    expect(row?.pointer).toBe("facts.summary");
    expect(row && placeOf(book, row)).toContain("Hechos · ");
  });

  it("never marks an answer that is given, whatever the draft", () => {
    for (const row of screened(EMPTY).rows) {
      for (const { pointer } of row.rule.names === undefined ? row.wanting : []) {
        expect([row.rule.id, isFilled(valueAt(EMPTY, pointer))]).toEqual([row.rule.id, false]);
      }
    }
  });
});

describe("the core of a request under a special treaty", () => {
  const CORE = ["AUTHORITY", "SUBJECT", "FACTS", "PURPOSE"].map((one) => `COMP-CORE-${one}`);
  const failed = (draft: Draft): string[] =>
    screened({ ...draft, requested_state: "HN", requesting_state: "MX" })
      .rows.filter(({ rule, outcome }) => CORE.includes(rule.id) && outcome === "failed")
      .map(({ rule, pointer }) => `${rule.id} ${pointer}`)
      .sort();

  it("is judged answer by answer, each finding at its own", () => {
    expect(failed(EMPTY)).toEqual([
      "COMP-CORE-AUTHORITY requesting_authority.name",
      "COMP-CORE-FACTS facts.summary",
      "COMP-CORE-PURPOSE purpose.purpose",
      "COMP-CORE-SUBJECT proceeding.subject",
    ]);
    expect(failed(put(EMPTY, "facts.summary", "Un grupo cobró por cruzar."))).not.toContain(
      "COMP-CORE-FACTS facts.summary",
    );
  });
});
