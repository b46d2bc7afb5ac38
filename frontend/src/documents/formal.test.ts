import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { fullDraft } from "../../tests/documents/draft";
import { joined, readDocx } from "../../tests/documents/readers";
import { makeDraft } from "../../tests/draft";
import { utf8 } from "../bytes";
import type { Json } from "../canonical";
import { judgePdf } from "../files/judge/pdf";
import type { Book, Draft } from "../rules/book";
import { readBook } from "../rules/load";
import { LANGUAGES, type Language } from "./languages";
import { type FormalGiven, makeFormal } from "./make";
import { importPlain } from "./plain";

let book: Book;
beforeAll(async () => {
  book = await readBook(readFileSync(join(import.meta.dirname, "../rules/rulebook.json"), "utf8"));
});

async function made(
  draft: Draft,
  language: Language,
): Promise<{ plain: string; given: FormalGiven }> {
  const given = {
    book,
    draft,
    language,
    reference: "SV-1",
    version: 3,
    letterhead: null,
    template: null,
  };
  const { bytes } = await makeFormal("pdf", given);
  const file = new TextDecoder("latin1").decode(bytes);
  const [, packed = ""] = /\/EmbeddedFile[\s\S]*?stream\n([\s\S]*?)\nendstream/.exec(file) ?? [];
  const inflated = inflateSync(Uint8Array.from(packed, (one) => one.charCodeAt(0)));
  return { plain: utf8.decode(new Uint8Array(inflated)), given };
}

/** Every text in a value. */
function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value as { [key: string]: Json }).flatMap(textsIn);
}

describe("a PDF that carries the request", () => {
  it("is told, where it is looked at, to carry a file, and to do nothing", async () => {
    const { given } = await made(fullDraft(book).draft, "es");
    const { bytes } = await makeFormal("pdf", given);
    expect(judgePdf(bytes)).toEqual(["attached"]);
  });
});

describe("the request in a PDF says what no page shows of", () => {
  const CANARY = "Canario-7f3a";
  /** What is asked of `preserve_data`, and not of `bank_records`. */
  const ANOTHERS = "custodian";
  const measure = (fields: Record<string, Json>) => ({ type: "bank_records", ...fields });
  it.each<[string, Record<string, Json>, Language?]>([
    ["an answer marked as not known", { facts: { who: CANARY }, unknown: ["facts.who"] }],
    [
      "the translation of an answer marked as not known",
      {
        facts: { who: "Ana" },
        unknown: ["facts.who"],
        translations: { "facts.who": { en: { text: CANARY, status: "reviewed" } } },
      },
      "en",
    ],
    [
      "the translation of an answer that was erased",
      {
        facts: { who: " ", where: "Aquí" },
        translations: { "facts.who": { en: { text: CANARY, status: "reviewed" } } },
      },
      "en",
    ],
    [
      "a translation into another language",
      {
        facts: { who: "Ana" },
        translations: { "facts.who": { fr: { text: CANARY, status: "reviewed" } } },
      },
      "en",
    ],
    [
      "a translation, in the language of the draft",
      {
        facts: { who: "Ana" },
        translations: { "facts.who": { en: { text: CANARY, status: "draft" } } },
      },
    ],
    [
      "an original in whose place its translation stands",
      {
        facts: { who: CANARY },
        translations: { "facts.who": { en: { text: "Ana", status: "reviewed" } } },
      },
      "en",
    ],
    [
      "answers of another type of measure",
      { measures: [measure({ fields: { [ANOTHERS]: CANARY } })] },
    ],
    ["a key that the form has not", { facts: { who: "Ana", [CANARY]: CANARY } }],
    ["a key of a measure that the form has not", { measures: [measure({ [CANARY]: CANARY })] }],
    [
      "a key of a period that the form has not",
      {
        measures: [measure({ fields: { period: { from: "2025-01-02", [CANARY]: CANARY } } })],
      },
    ],
    ["a section that the form has not", { facts: { who: "Ana" }, [CANARY]: { a: CANARY } }],
    ["an answer of another kind", { facts: { who: [CANARY], summary: { a: CANARY } } }],
    ["a pointer to no question", { facts: { who: "Ana" }, unknown: [CANARY, `facts.${CANARY}`] }],
    ["a day that is none", { facts: { who: "Ana" }, urgency: { deadline: CANARY } }],
    ["the notes", { facts: { who: "Ana" }, notes: { imported: { x: CANARY } } }],
    [
      "the reasons for setting rules aside",
      {
        facts: { who: "Ana" },
        overrides: [{ rule: "x", reason: CANARY }],
      },
    ],
    ["where it came from", { facts: { who: "Ana" }, origins: [{ kind: "file", name: CANARY }] }],
    ["a language that is none", { facts: { who: "Ana" }, language: CANARY }],
  ])("%s: nothing", async (_, sections, language = "es") => {
    const { plain } = await made(makeDraft(sections), language);
    expect(plain).not.toContain(CANARY);
  });

  it("and what another type of measure is asked is printed of that one", async () => {
    const sections = { measures: [{ type: "preserve_data", fields: { [ANOTHERS]: CANARY } }] };
    expect((await made(makeDraft(sections), "es")).plain).toContain(CANARY);
  });
});

describe("the request in a PDF", () => {
  it("has what is printed, in its place, as other systems read it", async () => {
    const draft = makeDraft({
      facts: { summary: "Una frase.", who: "Ana" },
      persons: [{}, { name: "Ana", nationality: "GT" }],
      measures: [
        {
          type: "bank_records",
          fields: { period: { from: "2025-01-02", to: "" }, documents: ["uno", " "] },
        },
      ],
      unknown: ["persons.0.birth"],
      translations: { "facts.summary": { en: { text: "A sentence.", status: "draft" } } },
    });
    const { plain } = await made(draft, "en");
    const { draft: back, problems } = importPlain(plain, book);
    expect(problems).toEqual([]);
    expect(back).toMatchObject({
      facts: { who: "Ana" },
      persons: [{}, { name: "Ana", nationality: "GT" }],
      measures: [
        { type: "bank_records", fields: { period: { from: "2025-01-02" }, documents: ["uno"] } },
      ],
      unknown: ["persons.0.birth"],
      translations: { "facts.summary": { en: { text: "A sentence.", status: "draft" } } },
    });
  });

  it("says no word that its pages do not show, whatever is unknown, erased or translated", async () => {
    const full = fullDraft(book);
    const places = [...full.written.keys()];
    // a list's entries are written under their own numbers; its question has none
    const question = (at: string): string => {
      const parts = at.split(".");
      const list = parts.length > 2 && /^\d+$/.test(parts.at(-1) ?? "");
      return list ? parts.slice(0, -1).join(".") : at;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...LANGUAGES),
        fc.subarray(places, { maxLength: 60 }),
        fc.subarray(places, { maxLength: 60 }),
        fc.subarray(places, { maxLength: 20 }),
        async (language, unknown, translated, erased) => {
          const draft = structuredClone(full.draft) as Record<string, Json>;
          const gone = new Set(erased);
          for (const at of gone) erase(draft, at);
          const entries = translated.map((at): [string, Json] => [
            question(at),
            {
              en: { text: `Cenzontle ${at}`, status: "reviewed" },
              fr: { text: `Tecolote ${at}`, status: "draft" },
            },
          ]);
          const changed = {
            ...draft,
            unknown: unknown.map(question),
            translations: Object.fromEntries(entries),
          } as unknown as Draft;
          const { plain, given } = await made(changed, language);
          // the lines of the PDF, in a file that shows them without its fonts
          const word = await makeFormal("docx", given);
          const pages = joined(readDocx(word.bytes).text);
          const said = JSON.parse(plain) as Record<string, Json>;
          const words = [...textsIn(said.sections), ...textsIn(said.translations)];
          const typed = words.filter((one) => /Quetzal|Cenzontle|Tecolote/.test(one));
          expect(typed.length).toBeGreaterThan(0);
          for (const one of typed) expect(pages).toContain(joined(one));
        },
      ),
      // each draws a whole form as pages, which takes a second or more; chance is another each time
      { numRuns: 6 },
    );
  }, 120_000);
});

function erase(draft: Record<string, Json>, pointer: string): void {
  const parts = pointer.split(".");
  const last = parts.pop() ?? "";
  let box: unknown = draft;
  for (const part of parts) box = (box as Record<string, unknown> | undefined)?.[part];
  if (typeof box === "object" && box !== null) (box as Record<string, Json>)[last] = "";
}
