/** One screening as the page draws it; what did not change since the last stays the same object. */

import type { Book, Draft } from "../../rules/book";
import type { Finding } from "../../rules/engine";
import { type Row, rowsOf } from "./screening";

export type Screened = {
  readonly draft: Draft;
  readonly rows: readonly Row[];
  readonly placed: ReadonlyMap<string, readonly Row[]>;
};

export function screenedAs(
  book: Book,
  draft: Draft,
  findings: readonly Finding[],
  last: Screened | null,
): Screened {
  const known = new Map(last?.rows.map((row) => [row.key, row]));
  const rows = rowsOf(book, draft, findings).map((row) => {
    const old = known.get(row.key);
    return old !== undefined && isSame(old, row) ? old : row;
  });
  const placed = new Map<string, readonly Row[]>();
  for (const row of rows) {
    for (const pointer of placesOf(row)) {
      placed.set(pointer, [...(placed.get(pointer) ?? []), row]);
    }
  }
  for (const [pointer, now] of placed) {
    const old = last?.placed.get(pointer);
    if (old?.length === now.length && old.every((row, at) => row === now[at])) {
      placed.set(pointer, old);
    }
  }
  return { draft, rows, placed };
}

/** Every question that a row names is marked, and no other. */
const placesOf = ({ pointer, wanting }: Row): readonly string[] =>
  wanting.length > 0 ? wanting.map((one) => one.pointer) : [pointer];

const isSame = (one: Row, other: Row): boolean =>
  one.outcome === other.outcome && one.pointer === other.pointer && one.facts === other.facts;
