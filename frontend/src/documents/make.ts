/**
 * A draft as a file that a person takes along: made here, of what is here; nothing is sent.
 *
 * What writes DOCX and PDF is as large as the rest of the page, so it comes when it is asked for.
 */
import { hex, sha256, utf8 } from "../bytes";
import type { Book, Draft } from "../rules/book";
import { exportFormal } from "./formal";
import type { Language } from "./languages";
import { headIn, type LetterheadSaid } from "./letterhead";
import { type Outline, outline } from "./outline";
import { exportPlain } from "./plain";
import type { Letterhead } from "./sheets";

export type { Imported, Problem } from "./plain";
export { ImportRefused, readImport } from "./plain";

export type DocumentKind = "docx" | "pdf" | "json";
export type FormalKind = "docx" | "pdf";

export type MadeDocument = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly type: string;
  /** Characters that a PDF could only spell as codes; "" in the other kinds. */
  readonly missing: string;
};

type Given = {
  readonly book: Book;
  readonly draft: Draft;
  readonly language: Language;
  /** What the case is called, for the document's head and the file's name. */
  readonly reference: string;
};

/** A version that is ready, and what its documents are written on. */
export type FormalGiven = Given & {
  readonly version: number;
  readonly letterhead: LetterheadSaid | null;
  /** A Word file of the office's own, for the DOCX. */
  readonly template: Uint8Array | null;
};

const TYPES: Readonly<Record<DocumentKind, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pdf: "application/pdf",
  json: "application/json",
};

/** What a draft is called in its files: it is of no day but that of its law. */
const dayOf = ({ law_date }: Draft): Date => new Date(`${law_date}T00:00:00Z`);

export async function makeDocument(kind: DocumentKind, given: Given): Promise<MadeDocument> {
  const { bytes, missing } = await written(kind, given);
  return { bytes, missing, name: nameOf(kind, given), type: TYPES[kind] };
}

async function written(
  kind: DocumentKind,
  given: Given,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; missing: string }> {
  if (kind === "json")
    return { bytes: utf8.encode(exportPlain(given.draft, given.book)), missing: "" };
  const planned = outline(given.book, given);
  if (kind === "pdf") {
    const { writePdf } = await import("./pdf");
    return writePdf(planned, { at: dayOf(given.draft), mark: planned.banner });
  }
  const { writeDocx } = await import("./docx");
  return { bytes: await writeDocx(planned), missing: "" };
}

/**
 * A document of a version that is ready. The same version, letterhead, reference, template and
 * language make the same bytes: nothing in it comes from the clock or from chance.
 *
 * @throws {TemplateRefused}
 */
export async function makeFormal(kind: FormalKind, given: FormalGiven): Promise<MadeDocument> {
  const planned = outline(given.book, given);
  const said = { name: nameOf(kind, given, given.version), type: TYPES[kind] };
  if (kind === "pdf") return { ...(await formalPdf(planned, given)), ...said };
  const { writeWord } = await import("./word/fill");
  const { letterhead, template } = given;
  return { bytes: writeWord({ outline: planned, letterhead, template }), missing: "", ...said };
}

async function formalPdf(planned: Outline, { book, draft, language, letterhead }: FormalGiven) {
  const { writePdf } = await import("./pdf");
  const plain = utf8.encode(exportFormal(draft, book, planned));
  return writePdf(planned, {
    at: dayOf(draft),
    mark: `${planned.banner} · SHA-256 ${hex.encode(await sha256(plain))}`,
    ...(letterhead && { letterhead: headOf(language, letterhead) }),
    enclosed: [
      { name: "request.json", type: TYPES.json, description: planned.title, bytes: plain },
    ],
  });
}

function headOf(language: Language, said: LetterheadSaid): Letterhead {
  const lines = headIn(language, said);
  const { emblem } = said;
  return { ...lines, ...(emblem && { emblem: { bytes: emblem, says: lines.above[0] ?? "" } }) };
}

/** A plain name, whatever the reference holds. */
function nameOf(
  kind: DocumentKind,
  given: { reference: string; language: Language },
  version?: number,
): string {
  const plain = given.reference.normalize("NFKD").replace(/[^A-Za-z0-9-]+/g, "");
  const parts = [
    plain.slice(0, 60) || "request",
    ...(version === undefined ? [] : [`v${version}`]),
    ...(kind === "json" ? [] : [given.language]),
  ];
  return `${parts.join("-")}.${kind}`;
}
