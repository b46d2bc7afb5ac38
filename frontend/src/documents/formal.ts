/** The structured request that lies in the PDF of its documents. */
import type { Json } from "../canonical";
import { asList, dayOf } from "../rules/answers";
import type { Book, Draft, Section } from "../rules/book";
import { isLanguage, type Language } from "./languages";
import type { Outline, Said } from "./outline";
import { exportPlain } from "./plain";

/**
 * What the pages say, for programs, and nothing that they do not say: an answer as far as it is
 * printed; where a translation is printed in its place, that one under its pointer and no original;
 * what is marked as not known without what was typed before.
 */
export function exportFormal(draft: Draft, book: Book, { said, language, parts }: Outline): string {
  const printed = new Set(parts.map(({ id }) => id));
  const sections = book.sections
    .map((section): [string, Json | undefined] => [
      section.id,
      sectionOf(section, printed.has(section.id) ? asList(draft[section.id]).length : 0, said),
    ])
    .filter((one): one is [string, Json] => one[1] !== undefined);
  const { law_date, requested_state, requesting_state } = draft;
  const formal: Draft = {
    v: 1,
    language: isLanguage(draft.language) ? draft.language : language,
    law_date: dayOf(law_date) === null ? "" : law_date,
    requesting_state,
    requested_state,
    unknown: [...said].filter(([, one]) => "unknown" in one).map(([at]) => at),
    overrides: [],
    translations: translationsOf(said, language),
    ...Object.fromEntries(sections),
  };
  return exportPlain(formal, book);
}

/** One section's answers; each of a list in its place, so that pointers stay right. */
function sectionOf(
  { id, list }: Section,
  items: number,
  said: ReadonlyMap<string, Said>,
): Json | undefined {
  if (list) {
    const boxes = Array.from({ length: items }, (_, place) => boxOf(`${id}.${place}.`, said));
    return items === 0 ? undefined : boxes;
  }
  const box = boxOf(`${id}.`, said);
  return Object.keys(box).length === 0 ? undefined : box;
}

/** What is said at pointers that begin so; a measure's own answers lie in its `fields`. */
function boxOf(at: string, said: ReadonlyMap<string, Said>): { [key: string]: Json } {
  const box: { [key: string]: Json } = {};
  const own: { [key: string]: Json } = {};
  for (const [pointer, one] of said) {
    if (!pointer.startsWith(at) || !("value" in one)) continue;
    const [key = "", inner] = pointer.slice(at.length).split(".");
    if (inner === undefined) box[key] = one.value;
    else own[inner] = one.value;
  }
  return Object.keys(own).length === 0 ? box : { ...box, fields: own };
}

function translationsOf(said: ReadonlyMap<string, Said>, language: Language): Json {
  const found: { [pointer: string]: Json } = {};
  for (const [at, one] of said) {
    if (!("text" in one)) continue;
    found[at] = { [language]: { text: one.text, status: one.reviewed ? "reviewed" : "draft" } };
  }
  return found;
}
