import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { fullDraft } from "../../tests/documents/draft";
import { utf8 } from "../bytes";
import type { Json } from "../canonical";
import type { Book, Draft, Field } from "../rules/book";
import { readBook } from "../rules/load";
import { exportPlain, ImportRefused, importPlain, LIMITS, readImport, SCHEMA } from "./plain";

const REFERENCE = join(import.meta.dirname, "../../../docs/reference");
const read = (name: string): string => readFileSync(join(REFERENCE, name), "utf8");

let book: Book;
beforeAll(async () => {
  book = await readBook(readFileSync(join(import.meta.dirname, "../rules/rulebook.json"), "utf8"));
});

type Plain = { [key: string]: Json };
const plainOf = (draft: Draft): Plain => JSON.parse(exportPlain(draft, book)) as Plain;
const imported = (plain: Plain) => importPlain(JSON.stringify(plain), book);
const refusal = (act: () => unknown): string | undefined => {
  try {
    act();
  } catch (failure) {
    if (failure instanceof ImportRefused) return failure.code;
    throw failure;
  }
  return undefined;
};

const HEADER = {
  schema: SCHEMA,
  language: "es",
  law_date: "2026-11-24",
  requesting_state: "SV",
  requested_state: "",
};
const withSections = (sections: Plain) => imported({ ...HEADER, rulebook: book.version, sections });

// ------------------------------------------------------------------ drafts at random

const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const texts = fc.string({ unit: "grapheme", maxLength: 12 });

function options(field: Field): string[] {
  if (field.from === "measures") return [...book.measures.keys()];
  if (field.from === "instruments") return [...book.instruments.keys()];
  return (field.options ?? []).map(({ value }) => value);
}

function answer(field: Field): fc.Arbitrary<Json> {
  switch (field.kind) {
    case "yes_no":
      return fc.constantFrom("", "yes", "no");
    case "choice":
      return fc.constantFrom("", ...options(field));
    case "choices":
      return fc.subarray(options(field));
    case "date":
      return fc.option(day, { nil: "" });
    case "number":
      return fc.option(fc.maxSafeInteger(), { nil: null });
    case "period":
      return fc.option(fc.record({ from: day, to: day }, { requiredKeys: [] }), { nil: null });
    case "list":
      return fc.array(texts, { maxLength: 3 });
    default:
      return texts;
  }
}

const answers = (fields: readonly Field[]): fc.Arbitrary<Plain> =>
  fc
    .record(Object.fromEntries(fields.map((field) => [field.key, answer(field)])), {
      requiredKeys: [],
    })
    .map((box) => ({ ...box }) as Plain);

function drafts(): fc.Arbitrary<Draft> {
  const own = [...book.measures.values()].flatMap(({ fields }) => fields);
  const sections = book.sections.map(({ id, list, fields }): [string, fc.Arbitrary<Json>] => {
    const one = answers(fields);
    if (!list) return [id, one];
    if (id !== "measures") return [id, fc.array(one, { maxLength: 2 })];
    const some = fc.subarray(own, { maxLength: 4 }).chain(answers);
    const measure = fc.tuple(one, some).map(([common, fields]) => ({ ...common, fields }));
    return [id, fc.array(measure, { maxLength: 2 })];
  });
  const header = {
    v: fc.constant(1 as const),
    language: fc.constantFrom("es", "en", "fr"),
    law_date: day,
    requesting_state: fc.constantFrom("SV", "CA"),
    requested_state: fc.constantFrom("", "MX"),
    unknown: fc.subarray(["facts.summary", "urgency.level", "purpose.purpose"]),
    overrides: fc.constant([]),
  };
  const beside = {
    notes: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    translations: fc.constant({ "facts.who": { en: { text: "Who", status: "draft" } } }),
  };
  return fc.record(
    { ...header, ...beside, ...Object.fromEntries(sections) },
    {
      requiredKeys: Object.keys(header) as (keyof typeof header)[],
    },
  ) as unknown as fc.Arbitrary<Draft>;
}

describe("a draft", () => {
  it("comes back as it went out", () => {
    fc.assert(
      fc.property(drafts(), (draft) => {
        const back = importPlain(exportPlain(draft, book), book);
        expect(back.problems).toEqual([]);
        expect(back.draft).toEqual(JSON.parse(JSON.stringify(draft)));
      }),
      { numRuns: 60 },
    );
  });

  it("comes back with every question answered", () => {
    const { draft } = fullDraft(book);
    expect(readImport(utf8.encode(exportPlain(draft, book)), book)).toEqual({
      draft,
      problems: [],
    });
  });

  it("goes out and comes in without its overrides", () => {
    const overridden = { rule: "X", reason: "r", by: "p" };
    const draft = { ...fullDraft(book).draft, overrides: [overridden] };
    const plain = plainOf(draft);
    expect(Object.keys(plain)).not.toContain("overrides");
    const back = imported({ ...plain, overrides: [overridden] });
    expect(back.problems).toEqual([{ path: "overrides", code: "overrides-left-out" }]);
    expect(back.draft.overrides).toEqual([]);
    expect(back.draft.notes).toEqual({ imported: { overrides: [overridden] } });
  });
});

describe("where a draft came from", () => {
  const origins = [{ kind: "message", circle: "Secreto-1", person: "Secreto-2" }];

  it("stays here: no file says it", () => {
    const text = exportPlain({ ...fullDraft(book).draft, origins }, book);
    expect(text).not.toContain("origins");
    expect(text).not.toContain("Secreto");
  });

  it("is not believed of a file, but kept aside", () => {
    const back = imported({ ...plainOf(fullDraft(book).draft), origins });
    expect(back.problems).toEqual([{ path: "origins", code: "unknown-field" }]);
    expect(back.draft.origins).toBeUndefined();
    expect(back.draft.notes).toEqual({ imported: { origins } });
  });

  it("has a name in the draft that no section of the form has", () => {
    const names = book.sections.map(({ id }) => id);
    expect(names).not.toContain("origins");
    expect(names).not.toContain("notes");
  });
});

describe("what does not fit", () => {
  it.each<[string, Plain, string, string, Json]>([
    ["a section", { shoes: { size: 42 } }, "shoes", "unknown-section", { size: 42 }],
    ["a field", { facts: { colour: "green" } }, "facts.colour", "unknown-field", "green"],
    ["a field of an item", { persons: [{ x: 1 }] }, "persons.0.x", "unknown-field", 1],
    [
      "a prototype",
      JSON.parse('{"facts":{"__proto__":{"x":1}}}'),
      "facts.__proto__",
      "unknown-field",
      { x: 1 },
    ],
    ["another kind", { facts: { who: 7 } }, "facts.who", "wrong-kind", 7],
    [
      "a day of no month",
      { urgency: { deadline: "2026-02-30" } },
      "urgency.deadline",
      "wrong-kind",
      "2026-02-30",
    ],
    ["part of a number", { persons: [{ age: 1.5 }] }, "persons.0.age", "wrong-kind", 1.5],
    ["true for yes", { persons: [{ minor: true }] }, "persons.0.minor", "wrong-kind", true],
    [
      "an option nobody offers",
      { urgency: { level: "soon" } },
      "urgency.level",
      "unknown-option",
      "soon",
    ],
    ["one item for a list", { persons: { name: "A" } }, "persons", "wrong-kind", { name: "A" }],
    ["a list for one", { facts: [] }, "facts", "wrong-kind", []],
    [
      "fields of no measure",
      { measures: [{ type: "service", fields: { x: "y" } }] },
      "measures.0.fields.x",
      "unknown-field",
      "y",
    ],
    [
      "a long text",
      { facts: { who: "x".repeat(LIMITS.text + 1) } },
      "facts.who",
      "wrong-kind",
      "x".repeat(LIMITS.text + 1),
    ],
    [
      "too many items",
      { persons: Array(LIMITS.items + 1).fill({}) },
      "persons",
      "wrong-kind",
      Array(LIMITS.items + 1).fill({}),
    ],
  ])("%s is reported and kept", (_, sections, path, code, value) => {
    const { draft, problems } = withSections(sections);
    expect(problems).toEqual([expect.objectContaining({ path, code })]);
    expect(draft.notes).toEqual({ imported: { [path]: value } });
    expect(JSON.stringify({ ...draft, notes: null })).not.toContain("green");
  });

  it("does not move the items that fit", () => {
    const { draft } = withSections({ persons: ["A", { name: "B" }] });
    expect(draft.persons).toEqual([{}, { name: "B" }]);
  });

  it("stands beside earlier notes and under no taken path", () => {
    const { draft } = imported({
      ...HEADER,
      rulebook: book.version,
      notes: { mine: 1, imported: { "facts.who": "earlier" } },
      sections: { facts: { who: 7 } },
    });
    expect(draft.notes).toEqual({ mine: 1, imported: { "facts.who": 7, "facts.who'": "earlier" } });
  });

  it("is a pointer or a translation that leads nowhere", () => {
    const { draft, problems } = imported({
      ...HEADER,
      sections: { persons: [{ name: "A" }], measures: [{ type: "bank_records" }] },
      unknown: [
        "persons.0.birth",
        "persons.1.birth",
        "persons.00.birth",
        "measures.0.fields.account",
        "facts",
        7,
      ],
      translations: {
        "facts.who": { en: { text: "Who", status: "reviewed" } },
        "facts.nobody": { en: { text: "x", status: "draft" } },
        "facts.what": { en: { text: "x", status: "perfect" } },
      },
    });
    expect(draft.unknown).toEqual(["persons.0.birth", "measures.0.fields.account"]);
    expect(draft.translations).toEqual({ "facts.who": { en: { text: "Who", status: "draft" } } });
    expect(problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      "rulebook other-rulebook",
      "unknown.1 no-such-place",
      "unknown.2 no-such-place",
      "unknown.4 no-such-place",
      "unknown.5 no-such-place",
      "translations.facts.nobody no-such-place",
      "translations.facts.what wrong-kind",
    ]);
  });

  it("is never lost, whatever the sections are", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("facts", "persons", "measures", "x"),
          fc.jsonValue({ maxDepth: 4 }),
        ),
        (sections) => {
          const { draft } = withSections(sections as Plain);
          const kept = JSON.stringify(draft);
          const walk = (value: unknown): void => {
            if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
            else expect(kept).toContain(JSON.stringify(value));
          };
          walk(sections);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("what is no request", () => {
  const text = (value: Json): Uint8Array => utf8.encode(JSON.stringify(value));
  it.each<[string, Uint8Array, string]>([
    ["no JSON", utf8.encode("{"), "not-json"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "not-json"],
    ["too much", new Uint8Array(LIMITS.bytes + 1), "too-large"],
    ["too deep", utf8.encode(`${"[".repeat(20_000)}${"]".repeat(20_000)}`), "too-deep"],
    ["another thing", text([]), "other-schema"],
    ["another schema", text({ ...HEADER, schema: "urn:casehub:request:2" }), "other-schema"],
    ["of no language we have", text({ ...HEADER, language: "pt" }), "header"],
    ["of no day", text({ ...HEADER, law_date: "" }), "header"],
    ["of no State", text({ ...HEADER, requesting_state: "" }), "header"],
  ])("is refused: %s", (_, bytes, code) => {
    expect(refusal(() => readImport(bytes, book))).toBe(code);
  });

  it("but a byte order mark is no reason", () => {
    const bytes = utf8.encode(`\ufeff${JSON.stringify(HEADER)}`);
    expect(readImport(bytes, book).draft.requesting_state).toBe("SV");
  });
});

describe("what is published", () => {
  type Shape = {
    readonly enum?: readonly string[];
    readonly $ref?: string;
    readonly items?: Shape;
    readonly properties?: Readonly<Record<string, Shape>>;
    readonly maxItems?: number;
    readonly maxLength?: number;
    readonly $defs?: Readonly<Record<string, Shape>>;
    readonly $id?: string;
  };
  const properties = (shape: Shape | undefined) => (shape?.items ?? shape)?.properties ?? {};

  it("has the sections, keys, options and bounds that the reader takes", () => {
    const schema = JSON.parse(read("request.schema.json")) as Shape;
    const sections = properties(properties(schema).sections);
    expect(schema.$id).toBe(SCHEMA);
    expect(Object.keys(sections)).toEqual(book.sections.map(({ id }) => id));
    for (const { id, fields } of book.sections) {
      const own = properties(sections[id]);
      const keys = fields.map(({ key }) => key);
      expect(Object.keys(own)).toEqual(id === "measures" ? [...keys, "fields"] : keys);
      for (const field of fields) {
        const shape = own[field.key];
        if (field.kind === "choice") expect(shape?.enum).toEqual(["", ...options(field)]);
        else if (field.kind === "choices")
          expect(shape?.items?.enum).toEqual(["", ...options(field)]);
        else
          expect(shape?.$ref).toBe(`#/$defs/${schema.$defs?.[field.kind] ? field.kind : "text"}`);
      }
    }
    expect(new Set(Object.keys(properties(schema.$defs?.measure_fields)))).toEqual(
      new Set(book.catalogue.keys()),
    );
    expect(schema.$defs?.text?.maxLength).toBe(LIMITS.text);
    expect(schema.$defs?.list?.maxItems).toBe(LIMITS.texts);
    expect(sections.persons?.maxItems).toBe(LIMITS.items);
    expect(properties(schema).unknown?.maxItems).toBe(LIMITS.pointers);
  });

  it("has an example that comes and goes unchanged, but for who reviewed its translations", () => {
    const text = read("request.example.json");
    const { draft, problems } = importPlain(text, book);
    expect(problems).toEqual([{ path: "rulebook", code: "other-rulebook" }]);
    const back = exportPlain(draft, book);
    const unreviewed = text.replaceAll('"status": "reviewed"', '"status": "draft"');
    expect(back.replace(book.version, "0".repeat(64))).toBe(unreviewed);
  });
});
