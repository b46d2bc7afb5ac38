/** Which questions a section asks about one item, and where each answer lies. Pure. */

import type { Book, Draft, Field, Option, Section } from "../../../rules/book";
import { isFilled, isUnknown, textAt, valueAt } from "../document";
import { optionsOf } from "../lawWords";

export type Placed = {
  readonly field: Field;
  readonly pointer: string;
  readonly options: readonly Option[];
};

/** Questions of a section, or of its item at `place`: a measure's own follow the common ones. */
export function fieldsOf(
  book: Book,
  draft: Draft,
  section: Section,
  place: number | null,
): Placed[] {
  const at = place === null ? section.id : `${section.id}.${place}`;
  const placed = (field: Field, pointer: string): Placed =>
    placedAs(field, pointer, offered(draft, section, at, field, optionsOf(book, field)));
  const common = section.fields.map((field) => placed(field, `${at}.${field.key}`));
  if (section.id !== "measures") return common;
  const measure = book.measures.get(textAt(draft, `${at}.type`));
  const own = measure?.fields.map((field) => placed(field, `${at}.fields.${field.key}`)) ?? [];
  const [type, description, ...rest] = common;
  return [type, description, ...own, ...rest].filter((one) => one !== undefined);
}

const known = new WeakMap<Field, Map<string, Placed>>();

/** The same object for the same question, so that a page redraws only what changed. */
function placedAs(field: Field, pointer: string, options: readonly Option[]): Placed {
  const all = known.get(field) ?? new Map<string, Placed>();
  known.set(field, all);
  const old = all.get(pointer);
  const same =
    old?.options.length === options.length && old.options.every((o, i) => o === options[i]);
  if (old !== undefined && same) return old;
  const made = { field, pointer, options };
  all.set(pointer, made);
  return made;
}

const AS_SUSPECT = new Set(["suspect", "accused"]);

/**
 * The options a person is offered.
 *
 * Nobody is to be presented as a suspect for having been smuggled (Smuggling Protocol, article 5):
 * that pair of answers is not offered. One that stands in a draft all the same stays in sight, and
 * the rules speak of it.
 */
export function offered(
  draft: Draft,
  section: Section,
  at: string,
  field: Field,
  options: readonly Option[],
): readonly Option[] {
  if (section.id !== "persons") return options;
  const migrant = textAt(draft, `${at}.role`) === "smuggled_migrant";
  const suspect = AS_SUSPECT.has(textAt(draft, `${at}.sought_as`));
  const now = textAt(draft, `${at}.${field.key}`);
  const kept = (wrong: (value: string) => boolean): readonly Option[] =>
    options.filter((option) => option.value === now || !wrong(option.value));
  if (field.key === "sought_as" && migrant) {
    const other = textAt(draft, `${at}.sought_for`) === "other_offence";
    return other ? options : kept((value) => AS_SUSPECT.has(value));
  }
  if (field.key === "sought_for" && suspect) return kept((value) => value === "being_smuggled");
  if (field.key === "role" && textAt(draft, `${at}.sought_for`) === "being_smuggled") {
    return kept((value) => AS_SUSPECT.has(value));
  }
  return options;
}

/** Whether a question is kept folded away until it matters. */
export const isFolded = (draft: Draft, { field, pointer }: Placed): boolean =>
  field.need === "conditional" && !isFilled(valueAt(draft, pointer)) && !isUnknown(draft, pointer);
