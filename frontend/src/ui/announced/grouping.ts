/** Notices by day and kind, for whoever comes back after days: pure. */

import type { StateNotice } from "../client";
import { dayOf } from "../time";

export type KindOfDay = { readonly kind: string; readonly rows: readonly StateNotice[] };
export type Day = {
  /** "2026-11-20", in the reader's zone. */
  readonly day: string;
  readonly count: number;
  /** How many of them came since the reader was here last. */
  readonly fresh: number;
  readonly kinds: readonly KindOfDay[];
};

/** Whether a notice came after the last visit; on the first visit none is called new. */
export function isFresh(row: StateNotice, since: string | null): boolean {
  return since !== null && Date.parse(row.at) > Date.parse(since);
}

function byKind<R extends StateNotice>(rows: readonly R[]): Map<string, R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) {
    const of = found.get(row.kind);
    if (of === undefined) found.set(row.kind, [row]);
    else of.push(row);
  }
  return found;
}

/** The newest day first; in a day what stops somebody first, then the kind of the newest notice. */
export function byDay(
  rows: readonly StateNotice[],
  zone: string,
  since: string | null,
  grave: (kind: string) => boolean,
): Day[] {
  const newest = rows.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const days = new Map<string, StateNotice[]>();
  for (const row of newest) {
    const day = dayOf(row.at, zone);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return [...days].map(([day, of]) => {
    const kinds = [...byKind(of)].map(([kind, rows]) => ({ kind, rows }));
    return {
      day,
      count: of.length,
      fresh: of.filter((row) => isFresh(row, since)).length,
      kinds: kinds.sort((one, other) => Number(grave(other.kind)) - Number(grave(one.kind))),
    };
  });
}

/** What came since the last visit, by kind with its count: what stops somebody first, then most. */
export function missed(
  rows: readonly StateNotice[],
  since: string | null,
  grave: (kind: string) => boolean,
): { kind: string; count: number }[] {
  const found = [...byKind(rows.filter((row) => isFresh(row, since)))];
  return found
    .map(([kind, { length: count }]) => ({ kind, count }))
    .sort(
      (one, other) =>
        Number(grave(other.kind)) - Number(grave(one.kind)) || other.count - one.count,
    );
}
