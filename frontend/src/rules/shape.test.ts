import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { DRAFT, EARLIER, STARTED } from "../../tests/ui/drafts";
import type { Json } from "../canonical";
import { screenedAs } from "../ui/requests/screened";
import type { Book, Draft, Field } from "./book";
import { Screener } from "./engine";
import { loadBook } from "./load";
import { flawOf, MOST, wellFormed } from "./shape";

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

const with_ = (over: { [key: string]: Json }): Json => ({ ...DRAFT, ...over });
const deep = (levels: number): Json => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as Json;
const own = (json: string): Json => JSON.parse(json) as Json;

describe("a draft", () => {
  it.each([
    ["as the form makes it", DRAFT],
    ["of another moment", EARLIER],
    ["with a section of another rulebook", with_({ later: [{ a: ["b"] }] })],
    ["with a key of another rulebook", with_({ facts: { summary: "a", later: { deep: [1] } } })],
    ["with a day half typed", with_({ urgency: { deadline: "0202-11-" } })],
    ["with nothing answered", with_({ facts: null, persons: null, measures: [] })],
    ["that came from somewhere", STARTED],
    ["with notes of an import", with_({ notes: { imported: { "a.b": [1, null] } } })],
  ])("%s passes", (_what, draft) => {
    expect(flawOf(draft, "SV", book)).toBeNull();
  });

  it.each<[string, Json, "limits" | "shape", string]>([
    ["that is none", null, "shape", ""],
    ["that is a list", [], "shape", "v"],
    ["that is a text", "draft", "shape", ""],
    ["of another format", with_({ v: 2 }), "shape", "v"],
    ["in another language", with_({ language: "xx" }), "shape", "language"],
    ["without a day of its law", with_({ law_date: "" }), "shape", "law_date"],
    ["with a day that is none", with_({ law_date: "2026-02-30" }), "shape", "law_date"],
    ["with a number for a day", with_({ law_date: 20_261_124 }), "shape", "law_date"],
    ["of another State", with_({ requesting_state: "MX" }), "shape", "requesting_state"],
    ["to its own State", with_({ requested_state: "SV" }), "shape", "requested_state"],
    ["to no State", with_({ requested_state: "México" }), "shape", "requested_state"],
    ["without its marks", with_({ unknown: {} }), "shape", "unknown"],
    ["with marks that are no texts", with_({ unknown: ["a", 3] }), "shape", "unknown.1"],
    ["with an exception that is none", with_({ overrides: [null] }), "shape", "overrides.0"],
    [
      "with half an exception",
      with_({ overrides: [{ rule: "A" }] }),
      "shape",
      "overrides.0.reason",
    ],
    ["with translations that are none", with_({ translations: [] }), "shape", "translations"],
    [
      "with a translation that is none",
      with_({ translations: { "facts.summary": { en: 3 } } }),
      "shape",
      "translations.facts.summary.en",
    ],
    ["with a text for a section", with_({ facts: "todo" }), "shape", "facts"],
    ["with a list for a section", with_({ facts: ["todo"] }), "shape", "facts"],
    ["with a section for a list", with_({ persons: { 0: {} } }), "shape", "persons"],
    ["with an item that is none", with_({ persons: [{}, null] }), "shape", "persons.1"],
    ["with a number for a text", with_({ facts: { summary: 5 } }), "shape", "facts.summary"],
    ["with a text for a list", with_({ facts: { tags: "a" } }), "shape", "facts.tags"],
    ["with objects in a list", with_({ facts: { tags: [{}] } }), "shape", "facts.tags"],
    [
      "with a measure's answers as a text",
      with_({ measures: [{ type: "bank_records", fields: "a" }] }),
      "shape",
      "measures.0.fields",
    ],
    [
      "with a measure's answer of another kind",
      with_({ measures: [{ type: "bank_records", fields: { institution: [] } }] }),
      "shape",
      "measures.0.fields.institution",
    ],
    ["with half a character", with_({ facts: { summary: "a\ud83d" } }), "shape", "text"],
    ["with half a character in a key", with_({ "a\udc00": 1 }), "shape", "key"],
    ["that would change all objects", own('{"v":1,"__proto__":{"v":1}}'), "shape", "key"],
    ["with such a section", with_({ facts: own('{"__proto__":{"summary":"a"}}') }), "shape", "key"],
    ["with a constructor", with_({ facts: { constructor: "a" } }), "shape", "key"],
    ["nested beyond any reason", with_({ notes: deep(MOST.depth + 1) }), "limits", "depth"],
    ["nested deeper than the stack", with_({ notes: deep(200_000) }), "limits", "depth"],
    ["with a million items", with_({ notes: Array(1_000_000).fill(0) }), "limits", "values"],
    [
      "with too many persons",
      with_({ persons: Array(MOST.items + 1).fill({}) }),
      "limits",
      "persons",
    ],
    ["with a name as long as a book", with_({ ["a".repeat(MOST.key + 1)]: 1 }), "limits", "key"],
    [
      "with too many marks",
      with_({ unknown: Array(MOST.pointers + 1).fill("a.b") }),
      "limits",
      "unknown",
    ],
    [
      "with too many exceptions",
      with_({ overrides: Array(MOST.items + 1).fill({ rule: "A", reason: "", by: "" }) }),
      "limits",
      "overrides",
    ],
  ])("%s does not pass", (_what, draft, kind, at) => {
    expect(flawOf(draft, "SV", book)).toEqual({ kind, at });
    expect(Object.keys({})).toEqual([]);
  });

  it("is told from anything in no more than a moment", () => {
    const started = performance.now();
    flawOf(with_({ notes: Array(250_000).fill([]) }), "SV", book);
    flawOf(deep(250_000), "SV", book);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("what passes, whatever it is,", () => {
  /** A draft with any JSON in the place of some of its parts. */
  const anyDraft = fc.tuple(
    fc.dictionary(fc.constantFrom(...Object.keys(DRAFT), "offences", "channel"), fc.jsonValue()),
    fc.array(fc.tuple(fc.constantFrom("persons", "measures", "facts", "offences"), fc.jsonValue())),
  );

  it("is screened and drawn without an error", { timeout: 60_000 }, () => {
    let passed = 0;
    fc.assert(
      fc.property(anyDraft, ([over, items]) => {
        const draft: { [key: string]: unknown } = { ...DRAFT, ...over };
        for (const [section, value] of items) {
          const given = draft[section];
          draft[section] = Array.isArray(given) ? [...given, value] : value;
        }
        if (flawOf(draft as Json, "SV", book) !== null) return;
        passed += 1;
        const found = new Screener(book).screen(draft as Draft, "draft");
        screenedAs(book, draft as Draft, found, null);
      }),
      { numRuns: 400 },
    );
    expect(passed).toBeGreaterThan(0);
  });

  it("is screened in a moment at its largest", () => {
    const item = (fields: readonly Field[]): Json =>
      Object.fromEntries(
        fields.filter(({ kind }) => kind === "text").map(({ key }) => [key, "a b c"]),
      );
    const lists = book.sections.filter((section) => section.item !== undefined);
    const full = lists.map(({ id, fields }) => [id, Array(MOST.items).fill(item(fields))]);
    const draft = { ...DRAFT, ...Object.fromEntries(full) } as Draft;
    expect(flawOf(draft, "SV", book)).toBeNull();
    const started = performance.now();
    new Screener(book).screen(draft, "draft");
    // About 0.4 s; more only where many other things run.
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe("halves of characters", () => {
  it("are replaced by the sign for them, also in keys' values and lists", () => {
    const value = { a: "x\ud83dy", b: ["\udc00", "😀"], c: { d: "\\ud83d" } };
    expect(wellFormed(value)).toEqual({ a: "x\ufffdy", b: ["\ufffd", "😀"], c: { d: "\\ud83d" } });
  });

  it("leave what has none untouched", () => {
    expect(wellFormed(DRAFT)).toBe(DRAFT);
  });
});
