import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { beforeAll, describe, expect, it } from "vitest";
import { LETTERHEAD } from "../../../tests/documents/letterhead";
import { joined, readDocx, readPdf } from "../../../tests/documents/readers";
import { edited } from "../../../tests/documents/templates";
import { makeDraft } from "../../../tests/draft";
import { equal, utf8 } from "../../bytes";
import type { Book, Draft } from "../../rules/book";
import { readBook } from "../../rules/load";
import { type FormalGiven, makeFormal } from "../make";
import { importPlain } from "../plain";
import { partsOf } from "./parts";

let book: Book;
beforeAll(async () => {
  const text = readFileSync(join(import.meta.dirname, "../../rules/rulebook.json"), "utf8");
  book = await readBook(text);
});

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

describe("documents of a version that is ready", () => {
  it.each(["docx", "pdf"] as const)("are the same bytes each time, as %s", async (kind) => {
    const draft = makeDraft({ facts: { summary: "Una frase." }, persons: [{ name: "Ana" }] });
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
    const { bytes } = await makeFormal(kind, given(makeDraft({ facts: { who: "Ana" } })));
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
    const draft = makeDraft({
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
    const draft = makeDraft({ facts: { summary: summary.join("\n") } });
    const pdf = readPdf((await makeFormal("pdf", given(draft))).bytes);
    expect(pdf.pages).toBeGreaterThan(200);
    expect(joined(pdf.text)).toContain("1299palabra");
    const word = readDocx((await makeFormal("docx", given(draft))).bytes);
    expect(joined(word.text)).toContain("1299palabra");
  }, 120_000);

  it("carry the structured request, without what stays with the drafters", async () => {
    const draft = makeDraft({
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
  const draft = makeDraft({ facts: { who: "Ana {title}" } });

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

  it("puts no line of a letterhead in as it is written", async () => {
    const line = '<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>';
    const letterhead = { ...LETTERHEAD, above: { es: [line], en: [], fr: [] } };
    const own = (mark: string) =>
      edited("word/document.xml", (xml) =>
        xml.replace(
          "<w:body>",
          `<w:body>${["{#above}", mark, "{/above}"].map((one) => `<w:p><w:r><w:t>${one}</w:t></w:r></w:p>`).join("")}`,
        ),
      );
    await expect(
      makeFormal("docx", given(draft, { template: own("{@.}"), letterhead })),
    ).rejects.toThrow("template-tags");
    const { bytes } = await makeFormal("docx", given(draft, { template: own("{.}"), letterhead }));
    const { parts, text } = readDocx(bytes);
    expect(parts.get("word/document.xml")).not.toContain("<w:fldSimple");
    expect(joined(text)).toContain(joined(line));
  });

  it("is looked at once more when its tags are gone, and what stood between them", async () => {
    const mark = (kind: string) => `<w:fldChar w:fldCharType="${kind}"/>`;
    const told = (words: string) => `<w:instrText>${words}</w:instrText>`;
    const text = (words: string, more = "") => `<w:t${more}>${words}</w:t>`;
    const none = 'xmlns:w="urn:other"';
    const own = (...runs: string[]) =>
      edited("word/document.xml", (xml) =>
        xml.replace(
          "<w:body>",
          `<w:body><w:p>${runs.map((run) => `<w:r>${run}</w:r>`).join("")}</w:p>`,
        ),
      );
    const wholes = [
      // a mark that goes with its run
      own(
        mark("begin"),
        `${told("PAGE")}${mark("separate")}${text("{-w:r none}{/none}")}`,
        text("DDEAUTO cmd"),
        mark("end"),
      ),
      // pieces within a tag
      own(
        text("{"),
        mark("begin"),
        text("PAGE \\* "),
        told("DDEAUTO "),
        text(" \\* "),
        told("cmd "),
        mark("separate"),
        text("}"),
        mark("end"),
      ),
      // text to one reader alone
      own(
        mark("begin"),
        text("{#none}", ` ${none}`),
        told("PAGE \\* "),
        text("{/none}", ` ${none}`),
        told("DDEAUTO"),
        mark("end"),
      ),
    ];
    for (const template of wholes) {
      expect(() => partsOf(template)).not.toThrow();
      await expect(makeFormal("docx", given(draft, { template }))).rejects.toThrow(
        "template-field",
      );
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
});
