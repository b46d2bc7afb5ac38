/** Makes every kind of document in a page under the service's own policy, and says what came out. */
import { type DocumentKind, makeDocument } from "../../src/documents/make";
import { loadBook } from "../../src/rules/load";
import { fullDraft } from "./draft";

declare global {
  interface Window {
    made: Promise<Record<string, { size: number; begins: string; milliseconds: number }>>;
  }
}

async function make(): Window["made"] {
  const book = await loadBook();
  const { draft } = fullDraft(book, "ñandú Łódź Москва");
  const made: Awaited<Window["made"]> = {};
  for (const kind of ["docx", "pdf", "json"] satisfies DocumentKind[]) {
    const began = performance.now();
    const given = { book, draft, language: "fr", reference: "SV-2026-0147" } as const;
    const { bytes } = await makeDocument(kind, given);
    const milliseconds = Math.round(performance.now() - began);
    made[kind] = {
      size: bytes.length,
      begins: String.fromCharCode(...bytes.slice(0, 4)),
      milliseconds,
    };
  }
  return made;
}

window.made = make();
