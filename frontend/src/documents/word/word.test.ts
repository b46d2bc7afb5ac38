import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { unzipSync, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { joined, readDocx, readPdf } from "../../../tests/documents/readers";
import { equal, utf8 } from "../../bytes";
import type { Book, Draft } from "../../rules/book";
import { readBook } from "../../rules/load";
import type { LetterheadSaid } from "../letterhead";
import { type FormalGiven, makeFormal } from "../make";
import { importPlain } from "../plain";
import { blankFile } from "./fill";
import { partsOf, TEMPLATE, TemplateRefused, zipped } from "./parts";

const JPEG = Uint8Array.from(
  atob(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  ),
  (letter) => letter.charCodeAt(0),
);
const LETTERHEAD: LetterheadSaid = {
  above: { es: ["Fiscalía General", "Unidad & Grupo"], en: ["Attorney General"], fr: [] },
  below: { es: ["Calle 1"], en: [], fr: [] },
  emblem: JPEG,
};

let book: Book;
beforeAll(async () => {
  const text = readFileSync(join(import.meta.dirname, "../../rules/rulebook.json"), "utf8");
  book = await readBook(text);
});

const draftOf = (sections: Record<string, unknown>): Draft =>
  ({
    v: 1,
    language: "es",
    law_date: "2026-11-24",
    requesting_state: "SV",
    requested_state: "MX",
    unknown: [],
    overrides: [],
    ...sections,
  }) as unknown as Draft;
const given = (draft: Draft, changes: Partial<FormalGiven> = {}): FormalGiven => ({
  book,
  draft,
  language: "es",
  reference: "SV-2026-0147",
  version: 3,
  letterhead: LETTERHEAD,
  template: null,
  ...changes,
});

/** What people could type to break a template, a file or a line. */
const HOSTILE = [
  "{#loop}{/loop}",
  "{@request}",
  "{above",
  "}{/}",
  "{{constructor.constructor('x')()}}",
  "<w:p/>&amp;<![CDATA[x]]>",
  "a\u202eb\u2067c",
  "d\u0000\u0007e",
  "f\ud800g",
  "שלום 123 עולם",
  "palabra".repeat(300),
];

const wellFormed = (parts: ReadonlyMap<string, string>): void => {
  for (const [name, xml] of parts) {
    if (!/\.(xml|rels)$/.test(name)) continue;
    const onError = (level: string, message: string): void => {
      if (level !== "warning") throw new Error(`${name}: ${level} ${message}`);
    };
    new DOMParser({ onError }).parseFromString(xml, "text/xml");
  }
};

/** The blank template, changed as an office would, or as nobody should. */
function template(change: (files: Record<string, Uint8Array>) => void): Uint8Array {
  const files = unzipSync(blankFile(null));
  change(files);
  return zipSync(files);
}
const edited = (name: string, by: (xml: string) => string): Uint8Array =>
  template((files) => {
    files[name] = utf8.encode(by(utf8.decode(files[name] ?? new Uint8Array())));
  });
const flawOf = (file: Uint8Array): string | undefined => {
  try {
    partsOf(file);
  } catch (error) {
    if (error instanceof TemplateRefused) return error.code;
    throw error;
  }
  return undefined;
};

describe("documents of a version that is ready", () => {
  it.each(["docx", "pdf"] as const)("are the same bytes each time, as %s", async (kind) => {
    const draft = draftOf({ facts: { summary: "Una frase." }, persons: [{ name: "Ana" }] });
    const [one, other] = [
      await makeFormal(kind, given(draft)),
      await makeFormal(kind, given(draft)),
    ];
    expect(equal(one.bytes, other.bytes)).toBe(true);
    expect(one.name).toBe(`SV-2026-0147-v3-es.${kind}`);
    for (const changes of [{ version: 4 }, { language: "en" }, { letterhead: null }] as const) {
      const another = await makeFormal(kind, given(draft, changes));
      expect(equal(another.bytes, one.bytes), JSON.stringify(changes)).toBe(false);
    }
  });

  it.each(["docx", "pdf"] as const)("bear the office's letterhead, as %s", async (kind) => {
    const { bytes } = await makeFormal(kind, given(draftOf({ facts: { who: "Ana" } })));
    const said =
      kind === "pdf"
        ? ((read) => read.text + read.artifacts)(readPdf(bytes))
        : readDocx(bytes).text;
    for (const line of ["Fiscalía General", "Unidad & Grupo", "Calle 1", "Versión 3"]) {
      expect(joined(said)).toContain(joined(line));
    }
    expect(said).not.toContain("BORRADOR");
  });

  it("take hostile answers as letters, and stay files that open", async () => {
    const draft = draftOf({
      facts: { summary: HOSTILE.join("\n"), who: HOSTILE.join(" ") },
      persons: HOSTILE.map((name) => ({ name, birth: name })),
    });
    const made = await makeFormal("docx", given(draft, { reference: HOSTILE.join(" ") }));
    const { parts, text } = readDocx(made.bytes);
    wellFormed(parts);
    for (const one of HOSTILE.slice(0, 6)) expect(joined(text)).toContain(joined(one));
    expect(parts.get("word/document.xml")).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    // letters from right to left move nothing but themselves
    expect(parts.get("word/document.xml")).toContain("\u200eשלום 123 עולם\u200e");
    const pdf = readPdf((await makeFormal("pdf", given(draft))).bytes);
    for (const one of HOSTILE.slice(0, 6)) expect(joined(pdf.text)).toContain(joined(one));
  });

  it("hold two hundred pages", async () => {
    const summary = Array.from({ length: 1300 }, (_, at) => `${at} ${"palabra ".repeat(75)}`);
    const draft = draftOf({ facts: { summary: summary.join("\n") } });
    const pdf = readPdf((await makeFormal("pdf", given(draft))).bytes);
    expect(pdf.pages).toBeGreaterThan(200);
    expect(joined(pdf.text)).toContain("1299palabra");
    const word = readDocx((await makeFormal("docx", given(draft))).bytes);
    expect(joined(word.text)).toContain("1299palabra");
  }, 120_000);

  it("carry the structured request, without what stays with the drafters", async () => {
    const draft = draftOf({
      facts: { summary: "Una frase.", tags: ["x"] },
      persons: [{ name: "Ana", asylum_seeker: "yes" }],
      judgement: { note: "Secreto" },
      notes: { own: "Secreto" },
      unknown: ["persons.0.asylum_seeker", "facts.who"],
      translations: {
        "persons.0.asylum_seeker": { en: { text: "Secreto", status: "draft" } },
        "facts.summary": { en: { text: "A sentence.", status: "reviewed" } },
      },
    });
    const { bytes } = await makeFormal("pdf", given(draft));
    const file = new TextDecoder("latin1").decode(bytes);
    const [, packed = ""] = /\/EmbeddedFile[\s\S]*?stream\n([\s\S]*?)\nendstream/.exec(file) ?? [];
    const { inflateSync } = await import("node:zlib");
    const plain = utf8.decode(
      new Uint8Array(inflateSync(Uint8Array.from(packed, (one) => one.charCodeAt(0)))),
    );
    expect(plain).not.toMatch(/Secreto|asylum_seeker|"tags"/);
    const back = importPlain(plain, book);
    expect(back.problems).toEqual([]);
    expect(back.draft).toMatchObject({
      facts: { summary: "Una frase." },
      persons: [{ name: "Ana" }],
      unknown: ["facts.who"],
    });
  });
});

describe("an office's own Word template", () => {
  const draft = draftOf({ facts: { who: "Ana {title}" } });

  it("is filled where its tags stand", async () => {
    const own = edited("word/header1.xml", (xml) =>
      xml.replace("{#above}", "Membrete {reference}<w:br/>"),
    );
    const taken = edited("word/document.xml", (xml) =>
      xml.replace(
        "<w:body>",
        "<w:body><w:p><w:r><w:t>Oficio de {title}, {unknown}.</w:t></w:r></w:p>",
      ),
    );
    const { bytes } = await makeFormal("docx", given(draft, { template: taken }));
    const { text, parts } = readDocx(bytes);
    wellFormed(parts);
    expect(text).toContain(
      "Oficio de Solicitud de asistencia jurídica internacional · SV-2026-0147, .",
    );
    expect(text).toContain("Ana {title}");
    // a tag that ends and never begins
    await expect(makeFormal("docx", given(draft, { template: own }))).rejects.toThrow(
      "template-tags",
    );
  });

  it("has to say where the request goes", async () => {
    const own = edited("word/document.xml", (xml) => xml.replace("{@request}", "nada"));
    await expect(makeFormal("docx", given(draft, { template: own }))).rejects.toThrow(
      "template-no-request",
    );
  });

  it("has to ask for it as it is written, not as text", async () => {
    for (const mark of [
      "{request}",
      "{request}</w:t></w:r></w:p><w:p><w:r><w:t>{@request}",
      "{#request}x{/request}",
    ]) {
      const own = edited("word/document.xml", (xml) => xml.replace("{@request}", mark));
      await expect(makeFormal("docx", given(draft, { template: own })), mark).rejects.toThrow(
        "template-no-request",
      );
    }
  });

  it("puts nothing else in as it is written, since a host gives the case's number", async () => {
    for (const tag of ["title", "reference", "banner", "above", "unknown"]) {
      const own = edited("word/document.xml", (xml) =>
        xml.replace("<w:body>", `<w:body><w:p><w:r><w:t>{@${tag}}</w:t></w:r></w:p>`),
      );
      const reference = '<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>';
      await expect(
        makeFormal("docx", given(draft, { template: own, reference })),
        tag,
      ).rejects.toThrow("template-tags");
    }
  });

  it("may be kept as a template (.dotx), and makes a document all the same", async () => {
    const own = edited("[Content_Types].xml", (xml) =>
      xml.replace("wordprocessingml.document.main", "wordprocessingml.template.main"),
    );
    const { bytes } = await makeFormal("docx", given(draft, { template: own }));
    const { parts, text } = readDocx(bytes);
    wellFormed(parts);
    expect(parts.get("[Content_Types].xml")).toContain("wordprocessingml.document.main+xml");
    expect(parts.get("[Content_Types].xml")).not.toContain("template");
    expect(text).toContain("Ana {title}");
  });

  it("runs no expression, whatever its tags say", async () => {
    const own = edited("word/document.xml", (xml) =>
      xml.replace(
        "<w:body>",
        "<w:body><w:p><w:r><w:t>[{constructor}{__proto__}{title.constructor}]</w:t></w:r></w:p>",
      ),
    );
    const { bytes } = await makeFormal("docx", given(draft, { template: own }));
    expect(readDocx(bytes).text).toContain("[]");
  });

  const relation = (attributes: string) =>
    edited("word/_rels/document.xml.rels", (xml) =>
      xml.replace("</Relationships>", `<Relationship Id="x" ${attributes}/></Relationships>`),
    );
  const word = (xml: string) =>
    edited("word/document.xml", (all) => all.replace("<w:body>", `<w:body>${xml}`));
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const CASES: [string, () => Uint8Array, string | undefined][] = [
    ["the blank one", () => blankFile(LETTERHEAD), undefined],
    [
      "one with a link",
      () => relation(`Type="${OFFICE}/hyperlink" Target="https://x.example" TargetMode="External"`),
      undefined,
    ],
    [
      "a picture from elsewhere",
      () => relation(`Type="${OFFICE}/image" Target="https://x.example" TargetMode="External"`),
      "template-outside",
    ],
    [
      "another template behind it",
      () => relation(`Target="\\\\x\\y" TargetMode='External' Type="${OFFICE}/attachedTemplate"`),
      "template-outside",
    ],
    [
      "a macro",
      () =>
        template((files) => {
          files["word/vbaProject.bin"] = new Uint8Array(4);
        }),
      "template-active",
    ],
    [
      "an embedded file",
      () =>
        template((files) => {
          files["word/embeddings/a.xlsx"] = new Uint8Array(4);
        }),
      "template-active",
    ],
    ["HTML to read in", () => word('<w:altChunk r:id="x"/>'), "template-active"],
    [
      "a document type",
      () =>
        edited("word/document.xml", (xml) => xml.replace("<w:document", "<!DOCTYPE x><w:document")),
      "template-active",
    ],
    [
      "a field that starts a program",
      () => word("<w:p><w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r></w:p>"),
      "template-field",
    ],
    [
      "a field that reads a file",
      () => word('<w:fldSimple w:instr="INCLUDETEXT x"/>'),
      "template-field",
    ],
    [
      "a file out of its folder",
      () =>
        template((files) => {
          files["word/../../x"] = new Uint8Array(1);
        }),
      "template-not-word",
    ],
    ["no Word file", () => zipSync({ "a.txt": new Uint8Array(1) }), "template-not-word"],
    ["no ZIP", () => utf8.encode("hola"), "template-not-word"],
    [
      "more than it may hold",
      () =>
        template((files) => {
          files["word/x.xml"] = new Uint8Array(TEMPLATE.inflated);
        }),
      "template-too-large",
    ],
    [
      "too many parts",
      () =>
        template((files) => {
          for (let at = 0; at <= TEMPLATE.parts; at += 1)
            files[`word/${at}.xml`] = new Uint8Array(1);
        }),
      "template-too-large",
    ],
    ["too large a file", () => new Uint8Array(TEMPLATE.bytes + 1), "template-too-large"],
  ];
  it.each(CASES)("%s", (_, file, flaw) => {
    expect(flawOf(file())).toBe(flaw);
  });

  it("is zipped to the same bytes in every zone", () => {
    const parts = partsOf(blankFile(null));
    const before = process.env.TZ;
    const zones = ["America/Tijuana", "Asia/Tokyo", "UTC"].map((zone) => {
      process.env.TZ = zone;
      return zipped(parts);
    });
    process.env.TZ = before;
    for (const one of zones) expect(equal(one, zones[0] ?? new Uint8Array())).toBe(true);
  });
});
