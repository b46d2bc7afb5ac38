/** Words of the rulebook in the language of the page. */

import type { Book, Field, Measure, Option, Section, Words } from "../../rules/book";
import { preferences } from "../preferences.svelte";

const NOTHING: readonly Option[] = [];

export const said = (words: Words): string => words[preferences.language];

/** A measure with what only the screens read: its shelf, and how people ask for it. */
export type Asked = Measure & {
  readonly group?: string;
  readonly plain?: { readonly [language: string]: readonly string[] };
};

export const measuresOf = (book: Book): readonly Asked[] => [...book.measures.values()];

export const sectionOf = (book: Book, id: string): Section | undefined =>
  book.sections.find((section) => section.id === id);

export function measureName(book: Book, type: string): string {
  const measure = book.measures.get(type);
  return measure === undefined ? type : said(measure.label);
}

export function instrumentName(book: Book, id: string): string {
  const instrument = book.instruments.get(id);
  return instrument === undefined ? id : said(instrument.title);
}

const listed = new WeakMap<Book, { measures: Option[]; instruments: Option[] }>();

/** What may be chosen in a field, wherever the list comes from. */
export function optionsOf(book: Book, field: Field): readonly Option[] {
  if (field.from === undefined) return field.options ?? NOTHING;
  const lists = listed.get(book) ?? {
    measures: measuresOf(book).map(({ id, label }) => ({ value: id, label })),
    instruments: [...book.instruments.values()]
      .filter((one) => one.class !== "channel")
      .map(({ id, title }) => ({ value: id, label: title })),
  };
  listed.set(book, lists);
  return lists[field.from];
}
