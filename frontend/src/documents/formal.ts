/** The structured request that lies in the PDF of its documents. */
import type { Json } from "../canonical";
import { isObject } from "../rules/answers";
import type { Book, Draft } from "../rules/book";
import { staysWithDrafters } from "./kept";
import { exportPlain, NOT_A_SECTION } from "./plain";

/**
 * What a request's documents say, for programs: what `exportPlain` says, without what stays with the drafters and
 * without their notes, so that it can go wherever the documents go.
 */
export function exportFormal(draft: Draft, book: Book): string {
  const sections = book.sections
    .filter(({ id }) => Object.hasOwn(draft, id) && !staysWithDrafters(id))
    .map(({ id }): [string, Json] => [id, without(id, draft[id] ?? null)]);
  const goes = (pointer: string): boolean => {
    const [section = "", first, second] = pointer.split(".");
    return !staysWithDrafters(section, /^\d+$/.test(first ?? "") ? second : first);
  };
  const { notes, ...rest } = draft;
  const translations = Object.entries(isObject(draft.translations) ? draft.translations : {});
  const formal = {
    ...Object.fromEntries(Object.entries(rest).filter(([id]) => NOT_A_SECTION.has(id))),
    ...Object.fromEntries(sections),
    unknown: draft.unknown.filter(goes),
    translations: Object.fromEntries(translations.filter(([at]) => goes(at))),
  };
  return exportPlain(formal as unknown as Draft, book);
}

/** A section's answers without those that stay. */
function without(section: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => without(section, item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as { [key: string]: Json }).filter(
      ([key]) => !staysWithDrafters(section, key),
    ),
  );
}
