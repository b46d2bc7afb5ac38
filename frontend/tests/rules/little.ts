/** The little rulebook of tests/rules/little, and drafts to ask it about. */
import { readFileSync } from "node:fs";
import type { Json } from "../../src/canonical";
import { Book, type Document, type Draft } from "../../src/rules/book";

const vectors = new URL("../../../tests/vectors/rules/", import.meta.url);
export const readVector = (name: string): string => readFileSync(new URL(name, vectors), "utf8");

export const little = new Book(JSON.parse(readVector("little.json")) as Document, "little");

/** A draft in which SV asks MX, with what a test puts into it. */
export function makeDraft(sections: { readonly [name: string]: Json } = {}): Draft {
  return {
    v: 1,
    language: "es",
    law_date: "2026-11-24",
    requesting_state: "SV",
    requested_state: "MX",
    unknown: [],
    overrides: [],
    ...sections,
  };
}
