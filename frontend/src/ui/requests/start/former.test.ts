import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fullDraft } from "../../../../tests/documents/draft";
import type { Book, Draft } from "../../../rules/book";
import { readBook } from "../../../rules/load";
import { textAt, translationAt, valueAt } from "../document";
import {
  carriedOver,
  FIELDS_ANEW,
  OF_THE_PAIR,
  OWN_ANEW,
  OWN_OF_THE_PAIR,
  SECTIONS_ANEW,
  withMeasures,
} from "./former";

let book: Book;
let former: Draft;
beforeAll(async () => {
  const path = join(import.meta.dirname, "../../../rules/rulebook.json");
  book = await readBook(readFileSync(path, "utf8"));
  former = {
    ...fullDraft(book).draft,
    law_date: "2025-01-01",
    overrides: [{ rule: "COMP-CASE-REF", reason: "reservada", by: "p" }],
    unknown: ["persons.0.nationality", "persons.1.age", "urgency.reason"],
    translations: {
      "facts.summary": {
        en: { text: "Between", status: "reviewed" },
        fr: { text: "Entre", status: "draft" },
      },
      "urgency.reason": { en: { text: "now", status: "reviewed" } },
    },
    notes: { imported: { colour: "green" } },
    origins: [{ kind: "request", request: "r", version: 1 }],
  };
});

const carry = (requested = "MX") =>
  carriedOver(book, former, { lawDate: "2026-11-24", requesting: "SV", requested }, "en");
const pointers = (told: ReturnType<typeof carry>["kept"]): string[] =>
  told.map(({ placed }) => placed.pointer);

describe("a former request", () => {
  it("gives the case to the new one: facts, offences, persons, measures, purpose", () => {
    const { draft } = carry();
    for (const at of [
      "facts.summary",
      "offences.1.statute",
      "persons.0.name",
      "measures.0.nexus",
      "purpose.purpose",
      "legal_basis.0.articles",
    ]) {
      expect(textAt(draft, at), at).toBe(textAt(former, at));
    }
    const accounts = book.measures.get("bank_records");
    const place = [...book.measures.keys()].indexOf("bank_records");
    expect(accounts).toBeDefined();
    expect(valueAt(draft, `measures.${place}.fields.period`)).toEqual({
      from: "2025-01-02",
      to: "2026-03-09",
    });
  });

  it("gives no judgement, undertaking, deadline, consent, contact or signature", () => {
    const { draft, left } = carry();
    for (const section of SECTIONS_ANEW) expect(draft[section], section).toBeUndefined();
    for (const at of ["persons.0.detained", "persons.1.age", "information.0.release"]) {
      expect(valueAt(draft, at), at).toBeUndefined();
      expect(pointers(left), at).toContain(at);
    }
    const consents = pointers(left).filter((at) => at.endsWith(".fields.consent"));
    expect(consents).not.toEqual([]);
    for (const at of consents) expect(valueAt(draft, at)).toBeUndefined();
    expect(JSON.stringify(draft)).not.toContain('"hearing_date"');
  });

  it("leaves exceptions, notes, origins and its day of the law behind", () => {
    const { draft } = carry();
    expect(draft).toMatchObject({ law_date: "2026-11-24", overrides: [], language: "es" });
    expect(draft.notes).toBeUndefined();
    expect(draft.origins).toBeUndefined();
  });

  it("tells of every answer whether it was kept or left, and of none twice", () => {
    const { kept, left } = carry();
    const all = [...pointers(kept), ...pointers(left)];
    expect(new Set(all).size).toBe(all.length);
    expect(pointers(kept)).toContain("facts.summary");
    expect(pointers(left)).toContain("urgency.level");
  });

  it("keeps translations as drafts, and marks of what is not known, where the answer stays", () => {
    const { draft } = carry();
    expect(translationAt(draft, "facts.summary", "en")).toEqual({
      text: "Between",
      status: "draft",
    });
    expect(Object.keys(draft.translations as object)).toEqual(["facts.summary"]);
    expect(draft.unknown).toEqual(["persons.0.nationality"]);
  });

  it.each(["GT", ""])("gives nothing that hung on the requested State to %j", (requested) => {
    const { draft, left } = carry(requested);
    expect(draft.legal_basis).toBeUndefined();
    expect(draft.dual_criminality).toBeUndefined();
    expect(draft.central_authority).toEqual({
      from_name: textAt(former, "central_authority.from_name"),
    });
    expect(pointers(left)).toContain("legal_basis.0.instrument");
    expect(textAt(draft, "facts.summary")).not.toBe("");
  });

  it("is left as it was", () => {
    const before = JSON.stringify(former);
    carry();
    expect(JSON.stringify(former)).toBe(before);
  });
});

describe("what is made anew", () => {
  it("is named as the form names it", () => {
    const sections = new Map(book.sections.map((one) => [one.id, one]));
    for (const id of SECTIONS_ANEW) expect(sections.has(id), id).toBe(true);
    for (const name of [...FIELDS_ANEW, ...OF_THE_PAIR]) {
      const [id = "", key] = name.split(".");
      const section = sections.get(id);
      expect(section, name).toBeDefined();
      if (key)
        expect(
          section?.fields.map((one) => one.key),
          name,
        ).toContain(key);
    }
    for (const key of [...OWN_ANEW, ...OWN_OF_THE_PAIR]) {
      expect(book.catalogue.has(key), key).toBe(true);
    }
  });
});

describe("the measures of a new request", () => {
  it("are those wanted: others go with their answers, new ones come empty", () => {
    const draft: Draft = {
      ...former,
      measures: [
        { type: "bank_records", fields: { account: "1" } },
        { type: "service", fields: { place: "x" } },
        { type: "", description: "not yet said", fields: {} },
      ],
      unknown: ["measures.1.fields.place", "measures.2.nexus"],
      translations: {},
    };
    const next = withMeasures(book, draft, ["bank_records", "exhibits"]);
    expect(next.measures).toEqual([
      { type: "bank_records", fields: { account: "1" } },
      { type: "", description: "not yet said", fields: {} },
      { type: "exhibits", fields: {} },
    ]);
    expect(next.unknown).toEqual(["measures.1.nexus"]);
  });
});
