/** What still keeps a draft from being ready, in the order in which one walks through the form. Pure. */

import type { Book, Draft } from "../../rules/book";
import { itemsAt } from "./document";
import { fieldsOf } from "./form/fields";
import { blockersOf, PAIR, type Row } from "./screening";

export type Gap = {
  readonly section: string;
  readonly pointer: string;
  /** The finding; null for the requested State, which no rule has to ask for. */
  readonly row: Row | null;
};

/** Places of the form, the first first: sections, and in each what it asks. */
export function orderOf(book: Book, draft: Draft): ReadonlyMap<string, number> {
  const places = [PAIR, "requested_state", "law_date", "language"];
  for (const section of book.sections.toSorted((one, other) => one.order - other.order)) {
    places.push(section.id);
    const items = section.item === undefined ? [null] : [...itemsAt(draft, section.id).keys()];
    for (const item of items) {
      if (item !== null) places.push(`${section.id}.${item}`);
      places.push(...fieldsOf(book, draft, section, item).map(({ pointer }) => pointer));
    }
  }
  return new Map(places.map((place, at) => [place, at]));
}

export function gapsOf(book: Book, draft: Draft, rows: readonly Row[]): Gap[] {
  const order = orderOf(book, draft);
  const at = ({ pointer, section }: Gap): number =>
    order.get(pointer) ?? order.get(section) ?? order.size;
  const noState: Gap[] =
    draft.requested_state === "" ? [{ section: PAIR, pointer: "requested_state", row: null }] : [];
  const found = blockersOf(rows).map((row) => ({
    section: row.section,
    pointer: row.pointer,
    row,
  }));
  const gaps = [...noState, ...found].toSorted((one, other) => at(one) - at(other));
  // Several rules may find the same answer wanting: one walks to it once.
  const seen = new Set<string>();
  return gaps.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}

/** The first gap after a place of the form; after the last one, the first of all. */
export function gapAfter(
  book: Book,
  draft: Draft,
  gaps: readonly Gap[],
  last: string | null,
): Gap | null {
  const order = orderOf(book, draft);
  const from = last === null ? -1 : (order.get(last) ?? -1);
  const later = gaps.find(
    ({ pointer, section }) => (order.get(pointer) ?? order.get(section) ?? order.size) > from,
  );
  return later ?? gaps[0] ?? null;
}
