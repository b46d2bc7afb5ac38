/** What a new request starts from, and the draft that this makes. Pure. */

import type { Imported } from "../../../documents/plain";
import type { Book, Draft } from "../../../rules/book";
import type { Language } from "../../preferences.svelte";
import { measureTypes, newDraft, put } from "../document";
import { carriedOver, withMeasures } from "./former";
import { type Origin, originsOf, withOrigin } from "./origins";

export type Source =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "message";
      readonly origin: Extract<Origin, { kind: "message" }>;
      readonly text: string;
    }
  | {
      readonly kind: "request";
      readonly origin: Extract<Origin, { kind: "request" }>;
      readonly draft: Draft;
    }
  | {
      readonly kind: "file";
      readonly origin: Extract<Origin, { kind: "file" }>;
      readonly imported: Imported;
    };

export type Given = {
  readonly lawDate: string;
  readonly requesting: string;
  readonly requested: string;
  readonly measures: readonly string[];
  /** Of what is written in it, unless the source says. */
  readonly language: Language;
};

/** Where a message goes: what happened is where its reader would look for it first. */
export const MESSAGE_AT = "facts.summary";

/** The draft that a source brings along, if it is one. */
export function draftOf(source: Source): Draft | null {
  if (source.kind === "request") return source.draft;
  return source.kind === "file" ? source.imported.draft : null;
}

export function measuresIn(book: Book, source: Source): string[] {
  const draft = draftOf(source);
  return draft === null ? [] : measureTypes(book, draft);
}

/** The day of the law is always today's: a new draft is not checked against the law of an old one. */
export function begun(book: Book, source: Source, given: Given): Draft {
  const { lawDate, requesting, requested, measures, language } = given;
  switch (source.kind) {
    case "nothing":
      return newDraft(given);
    case "message":
      return withOrigin(put(newDraft(given), MESSAGE_AT, source.text), [], source.origin);
    case "request": {
      const { draft } = carriedOver(book, source.draft, given, language);
      const before = originsOf(source.draft);
      return withOrigin(withMeasures(book, draft, measures), before, source.origin);
    }
    case "file": {
      const { draft } = source.imported;
      const now = {
        ...draft,
        law_date: lawDate,
        requesting_state: requesting,
        requested_state: requested,
      };
      return withOrigin(withMeasures(book, now, measures), [], source.origin);
    }
  }
}
