/** What one makes documents of, in which languages, for whom: pure, apart from the making itself. */
import { hex, sha256 } from "../../../bytes";
import type { MadeDocument } from "../../../documents/make";
import type { Book } from "../../../rules/book";
import type { LetterheadView, OfficeCard } from "../../client";
import { LANGUAGES, type Language } from "../../preferences.svelte";

export type Kind = "pdf" | "docx";
export type Chosen = {
  readonly languages: readonly Language[];
  readonly kinds: readonly Kind[];
  readonly recipients: readonly string[];
};
export type Made = MadeDocument & {
  readonly kind: Kind;
  readonly language: Language;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
};

/** Offices at most, as the server has it (casehub/papers/limits.py). */
export const RECIPIENTS = 12;

/** The languages that a request to a State is needed in, its own first; those that we write. */
export function neededIn(book: Book, requested: string, written: string): Language[] {
  const held = book.states.get(requested)?.facts.languages?.value ?? [];
  const official = Array.isArray(held) ? held : [held];
  const wanted = LANGUAGES.filter((one) => one === written || official.includes(one));
  return wanted.length > 0 ? wanted : [...LANGUAGES.slice(0, 1)];
}

/** Offices of the two States that may be handed documents, central authorities first. */
export function recipientsOf(
  offices: readonly OfficeCard[],
  states: readonly [string, string],
): OfficeCard[] {
  const rank = ({ state, kind }: OfficeCard): number =>
    states.indexOf(state) * 2 + (kind === "central" ? 0 : 1);
  return offices
    .filter(({ state }) => states.includes(state))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** The letterheads that may be printed, the own office's first. */
export function printable(
  letterheads: readonly LetterheadView[],
  own: string | null,
): LetterheadView[] {
  const first = ({ office }: LetterheadView): number => (office === own ? 0 : 1);
  return letterheads.filter(({ why }) => why === null).sort((a, b) => first(a) - first(b));
}

/** Every document that was chosen, made one after the other. */
export async function makeAll(
  { languages, kinds }: Chosen,
  make: (kind: Kind, language: Language) => Promise<MadeDocument>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const language of languages) {
    for (const kind of kinds) {
      const one = await make(kind, language);
      made.push({ ...one, kind, language, digest: hex.encode(await sha256(one.bytes)) });
    }
  }
  return made;
}
