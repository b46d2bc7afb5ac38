/** Numbers by day: one row for each day, also for those on which nothing happened. Pure. */

import { daysLater } from "../../days";
import type { Anomaly, Figures, Filter } from "../client";
import { dayOf } from "../time";
import { areaOf, REFUSED } from "./acts";
import { searchOf } from "./filter";

export type DayRow = { day: string; areas: Map<string, number>; refused: number; all: number };
export type DayRows = {
  areas: string[];
  rows: DayRow[];
  bars: { label: string; count: number; part: number }[];
};

export function dayRows(figures: Pick<Figures, "since" | "until" | "days">): DayRows {
  const rows = new Map<string, DayRow>();
  for (let day = figures.since; day <= figures.until; day = daysLater(day, 1)) {
    rows.set(day, { day, areas: new Map(), refused: 0, all: 0 });
  }
  for (const { day, kind, count } of figures.days) {
    const row = rows.get(day);
    if (row === undefined) continue;
    const area = areaOf(kind);
    row.areas.set(area, (row.areas.get(area) ?? 0) + count);
    row.all += count;
    if (REFUSED.has(kind)) row.refused += count;
  }
  const all = [...rows.values()];
  return {
    areas: [...new Set(all.flatMap((row) => [...row.areas.keys()]))].sort(),
    rows: all,
    bars: all.map((row) => ({ label: row.day, count: row.all, part: row.refused })),
  };
}

/** What stands out with what others did first: what one did oneself one knows. */
export function othersFirst(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const own = (one: Anomaly): boolean => one.person?.own ?? false;
  return [...anomalies.filter((one) => !own(one)), ...anomalies.filter(own)];
}

/** The address of the acts behind something that stands out, within what `filter` had chosen. */
export function behind(one: Anomaly, filter: Filter, zone: string): string {
  if (one.log !== null && one.position !== null) {
    // That entry beside the list as it is: nothing new is searched for.
    return searchOf(filter, { log: one.log, position: one.position });
  }
  const since = one.day ?? (one.at === null ? null : dayOf(one.at, zone));
  // A night ends on the next calendar day.
  const until = one.day === null ? since : daysLater(one.day, 1);
  const person = one.person?.pseudonym ?? null;
  const outcome = one.sort === "refused" ? ("refused" as const) : filter.outcome;
  return searchOf({ ...filter, person, since, until, outcome });
}
