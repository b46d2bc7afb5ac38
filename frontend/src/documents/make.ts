/**
 * A draft as a file that a person takes along: made here, of what is here; nothing is sent.
 *
 * What writes DOCX and PDF is as large as the rest of the page, so it comes when it is asked for.
 */
import { utf8 } from "../bytes";
import type { Book, Draft } from "../rules/book";
import type { Language } from "./languages";
import { outline } from "./outline";
import { exportPlain } from "./plain";

export type { Imported, Problem } from "./plain";
export { ImportRefused, readImport } from "./plain";

export type DocumentKind = "docx" | "pdf" | "json";

export type MadeDocument = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly type: string;
  /** Characters that a PDF could only spell as codes; "" in the other kinds. */
  readonly missing: string;
};

const TYPES: Readonly<Record<DocumentKind, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pdf: "application/pdf",
  json: "application/json",
};

/** What a draft is called in its files: it is of no day but that of its law. */
const dayOf = ({ law_date }: Draft): Date => new Date(`${law_date}T00:00:00Z`);

/** `reference`: what the case is called, for the document's head and the file's name. */
export async function makeDocument(
  kind: DocumentKind,
  given: { book: Book; draft: Draft; language: Language; reference: string },
): Promise<MadeDocument> {
  const { bytes, missing } = await written(kind, given);
  return { bytes, missing, name: nameOf(kind, given), type: TYPES[kind] };
}

async function written(
  kind: DocumentKind,
  given: { book: Book; draft: Draft; language: Language; reference: string },
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

/** A plain name, whatever the reference holds. */
function nameOf(kind: DocumentKind, given: { reference: string; language: Language }): string {
  const plain = given.reference.normalize("NFKD").replace(/[^A-Za-z0-9-]+/g, "");
  const parts = [plain.slice(0, 60) || "request", ...(kind === "json" ? [] : [given.language])];
  return `${parts.join("-")}.${kind}`;
}
