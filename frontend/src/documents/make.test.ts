import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fullDraft } from "../../tests/documents/draft";
import { joined, readDocx, readPdf } from "../../tests/documents/readers";
import { makeDraft } from "../../tests/draft";
import type { Json } from "../canonical";
import type { Book, Draft } from "../rules/book";
import { readBook } from "../rules/load";
import { staysWithDrafters } from "./kept";
import { LANGUAGES, type Language } from "./languages";
import { makeDocument } from "./make";
import { type Outline, outline } from "./outline";

const reference = "SV-2026-0147";
let book: Book;
beforeAll(async () => {
  book = await readBook(readFileSync(join(import.meta.dirname, "../rules/rulebook.json"), "utf8"));
});

const bare = (sections: Record<string, Json>, unknown: string[] = []): Draft =>
  makeDraft({ unknown, ...sections });

const plan = (draft: Draft, language: Language = "es"): Outline =>
  outline(book, { draft, language, reference });

/** Every text of an outline, as it is written. */
function texts(planned: Outline): string[] {
  const found: string[] = [];
  const walk = (value: unknown, key = ""): void => {
    if (typeof value === "string" && key !== "language" && key !== "id") found.push(value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) walk(one, Array.isArray(value) ? key : name);
    }
  };
  walk(planned);
  return found;
}

const stays = (pointer: string): boolean => {
  const [section = "", first = "", second] = pointer.split(".");
  return staysWithDrafters(section, /^\d+$/.test(first) ? second : first);
};

describe.each(LANGUAGES)("documents in %s", (language) => {
  let written: [string, string][];
  let draft: Draft;
  let planned: Outline;
  beforeAll(() => {
    const full = fullDraft(book);
    written = [...full.written];
    // every other text has a translation, whose words differ
    const half = written.filter((_, place) => place % 2 === 0);
    const entry = ([at, text]: [string, string]): [string, object] => [
      at,
      {
        en: { text: `EN ${text}`, status: "reviewed" },
        fr: { text: `FR ${text}`, status: "draft" },
      },
    ];
    draft = {
      ...full.draft,
      translations: Object.fromEntries(half.map(entry)),
      origins: [{ kind: "message", circle: "Origenes", seq: 7, person: "Origenes", state: "GT" }],
      notes: { imported: { "facts.colour": "Origenes" } },
    } as Draft;
    planned = plan(draft, language);
  });

  it.each(["docx", "pdf"] as const)(
    "hold every word in a %s, and nothing that stays",
    async (kind) => {
      const made = await makeDocument(kind, { book, draft, language, reference });
      expect(made.missing).toBe("");
      expect(made.name).toBe(`SV-2026-0147-${language}.${kind}`);
      const read = kind === "pdf" ? readPdf(made.bytes) : readDocx(made.bytes);
      const text = joined(read.text);
      expect(text).not.toContain("Origenes");
      for (const one of texts({ ...planned, banner: "" })) expect(text).toContain(joined(one));
      for (const [at, one] of written) {
        if (stays(at)) expect(text, at).not.toContain(joined(one));
        else expect(text, at).toContain(joined(one));
      }
    },
  );
});

describe("an outline", () => {
  it("says dates, periods, yes and no, and options in words", () => {
    const draft = bare({
      urgency: { level: "urgent", deadline: "2026-12-01", oral_first: "no" },
      measures: [
        { type: "bank_records", fields: { period: { from: "2025-01-02", to: "2025-03-04" } } },
      ],
    });
    const said = (language: Language): string[] => texts(plan(draft, language));
    expect(said("es")).toEqual(
      expect.arrayContaining([
        "1 de diciembre de 2026",
        "No",
        "Urgente",
        "del 2 de enero de 2025 al 4 de marzo de 2025",
      ]),
    );
    expect(said("en")).toEqual(
      expect.arrayContaining(["December 1, 2026", "from January 2, 2025 to March 4, 2025"]),
    );
    expect(said("fr")).toEqual(
      expect.arrayContaining(["1 décembre 2026", "Non", "Oui"].slice(0, 2)),
    );
  });

  it("leaves blank sections out and says what is marked as not known", () => {
    const draft = bare({ facts: { summary: " " }, persons: [{ name: "Ana", nationality: "GT" }] }, [
      "persons.0.nationality",
    ]);
    const { parts } = plan(draft, "en");
    expect(parts.map(({ id }) => id)).toEqual(["persons"]);
    expect(parts[0]?.items[0]?.lines.map(({ paragraphs }) => paragraphs)).toEqual([["Not known"]]);
    expect(parts[0]?.table?.rows).toEqual([["1", "Ana", "–", "–", "Not known"]]);
  });

  it("names no authority over the whole that is marked as not known", () => {
    const authorities = { from_name: "Canario de aquí", to_name: "Canario de allá" };
    const draft = (...unknown: string[]) => bare({ central_authority: authorities }, unknown);
    const { from_name, to_name } = authorities;
    expect(texts(plan(draft())).join("\n")).toMatch(new RegExp(`· ${from_name}[^]*· ${to_name}`));
    const one = texts(plan(draft("central_authority.from_name"))).join("\n");
    expect(one).not.toContain(from_name);
    expect(one).toContain(to_name);
    const none = draft("central_authority.from_name", "central_authority.to_name");
    expect(texts(plan(none)).join("\n")).not.toContain("Canario");
  });

  it("names under the signature what gives the power to sign, which no step says", () => {
    const power = "Ley Orgánica, artículo 18; acuerdo 41 de delegación";
    const { signature, parts } = plan(bare({ signature: { by: "Ana", power } }), "en");
    expect(parts).toEqual([]);
    expect(signature.lines.map(({ label, paragraphs }) => [label, ...paragraphs])).toContainEqual([
      "Norm or agreement that gives the power",
      power,
    ]);
  });

  it("takes a translation, says that nobody reviewed it, or that there is none", () => {
    const long = "Una frase entera sobre lo que ocurrió.";
    const draft = bare({
      facts: { summary: long, who: long, where: "GT" },
      translations: {
        "facts.summary": { en: { text: "A whole sentence.", status: "reviewed" } },
        "facts.who": { en: { text: "Another one.", status: "draft" } },
      },
    });
    const lines = plan(draft, "en").parts[0]?.lines.map((line) => [
      line.paragraphs[0],
      line.language,
      line.note,
    ]);
    expect(lines).toEqual([
      ["A whole sentence.", "en", undefined],
      ["Another one.", "en", "Translation not reviewed."],
      ["GT", "es", undefined],
    ]);
    const [summary] = plan(draft, "fr").parts[0]?.lines ?? [];
    expect(summary).toMatchObject({
      language: "es",
      note: "Non traduit. Langue du texte\u00a0: espagnol.",
    });
  });

  it("never tells that a person seeks asylum", () => {
    const draft = bare({ persons: [{ name: "Ana", asylum_seeker: "yes" }] });
    expect(plan(draft).parts[0]?.items[0]?.lines).toEqual([]);
  });

  it("drops what could turn a line around or break a file", () => {
    const draft = bare({ facts: { summary: "a\u202eb\u0000c\ud800d\r\n\r\ne\u2028f" } });
    expect(plan(draft).parts[0]?.lines[0]?.paragraphs).toEqual(["ab c\ufffdd", "e", "f"]);
  });

  it("reads the strangest draft without failing", () => {
    const strange: Draft[string][] = [null, 7, "x", [null, 7, [], "x"], { summary: [1], name: {} }];
    for (const value of strange) {
      const sections = book.sections.map(({ id }): [string, Draft[string]] => [id, value]);
      expect(() => plan(bare(Object.fromEntries(sections)))).not.toThrow();
    }
  });
});

describe("a PDF", () => {
  const made = async (draft: Draft): Promise<Uint8Array> =>
    (await makeDocument("pdf", { book, draft, language: "es", reference })).bytes;

  it("is tagged, titled and in its language, with bookmarks and numbered pages", async () => {
    const draft = bare({
      facts: { summary: "Una frase. ".repeat(900) },
      persons: [{ name: "Ana" }],
      contact: { languages: ["es", "en"] },
    });
    const { objects, pages, artifacts } = readPdf(await made(draft));
    expect(pages).toBeGreaterThan(1);
    for (const tag of ["Document", "H1", "H2", "H3", "P", "L", "LI", "Table", "TR", "TH", "TD"]) {
      expect(objects).toContain(`/S /${tag}\n`);
    }
    expect(objects).toMatch(/\/Marked true/);
    expect(objects).toContain("/Lang (es)");
    expect(objects).toMatch(/\/DisplayDocTitle true/);
    expect(objects).toMatch(/\/Outlines \d+ 0 R/);
    expect(joined(artifacts)).toContain(joined(`Página ${pages} de ${pages}`));
    expect(artifacts.match(/BORRADOR/g)).toHaveLength(pages);
  });

  it("writes the alphabets it has, and the code of a letter that it has not", async () => {
    const draft = bare({ facts: { who: "Łódź, Đặng, Москва, Αθήνα \u2011 e\u0301\u200b 中" } });
    const { bytes, missing } = await makeDocument("pdf", {
      book,
      draft,
      language: "es",
      reference,
    });
    expect(missing).toBe("中");
    expect(joined(readPdf(bytes).text)).toContain("Łódź,Đặng,Москва,Αθήνα-é[U+4E2D]");
  });

  it("breaks a word that is wider than the page", async () => {
    const word = "0123456789".repeat(80);
    expect(joined(readPdf(await made(bare({ facts: { who: word } }))).text)).toContain(word);
  });
});

describe("a Word document", () => {
  it("has headings, a table head, numbered lists and the language of each text", async () => {
    const draft = bare({
      facts: { summary: "Una frase & <otra>" },
      persons: [{ name: "Ana" }],
      measures: [{ type: "bank_records", fields: { documents: ["uno", "dos"] } }],
    });
    const { bytes, type } = await makeDocument("docx", { book, draft, language: "en", reference });
    expect(type).toMatch(/wordprocessingml/);
    const { parts, text } = readDocx(bytes);
    const body = parts.get("word/document.xml") ?? "";
    for (const style of ["Title", "Heading1", "Heading2"])
      expect(body).toContain(`w:val="${style}"`);
    expect(body).toContain("<w:tblHeader/>");
    expect(body).toContain("<w:numPr>");
    expect(body).toContain('<w:lang w:val="es"/>');
    expect(parts.get("word/styles.xml")).toContain('<w:lang w:val="en"/>');
    expect(parts.get("docProps/core.xml")).toContain(
      "Mutual legal assistance request · SV-2026-0147",
    );
    expect(text).toContain("Una frase & <otra>");
    expect(text).toContain("DRAFT · not transmitted");
  });
});

describe("a file's name", () => {
  it.each([
    ["SV-2026-0147", "SV-2026-0147-es.docx"],
    ["../Año 7", "Ano7-es.docx"],
    ["", "request-es.docx"],
  ])("for %j is %s", async (given, name) => {
    const made = await makeDocument("docx", {
      book,
      draft: bare({}),
      language: "es",
      reference: given,
    });
    expect(made.name).toBe(name);
  });
});
