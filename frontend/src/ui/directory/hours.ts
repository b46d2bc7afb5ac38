/** Working hours on two clocks: theirs and the reader's. Pure but for the zone data of the platform. */

import type { Hours } from "../client";

export type There = {
  /** "03:10" on their clock. */
  readonly clock: string;
  /** ISO weekday there, 1 to 7. */
  readonly day: number;
  readonly minute: number;
  /** Minutes by which their clock is ahead of UTC. */
  readonly ahead: number;
};

const MINUTES_A_DAY = 1440;
const MS = 60_000;

/** What the clock in `zone` says at `now` (milliseconds); null for a zone unknown here. */
export function thereAt(zone: string, now: number): There | null {
  let parts: Record<string, string>;
  try {
    const format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  } catch {
    return null;
  }
  const { year, month, day, hour, minute } = parts;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return {
    clock: `${hour}:${minute}`,
    day: new Date(wall).getUTCDay() || 7,
    minute: Number(hour) * 60 + Number(minute),
    ahead: Math.round((wall - Math.floor(now / MS) * MS) / MS),
  };
}

function minuteOf(clock: string): number {
  const [hour = "0", minute = "0"] = clock.split(":");
  return Number(hour) * 60 + Number(minute);
}

/** Whether somebody with these hours is at work at `now`. Holidays are not known. */
export function isAtWork(hours: Hours, now: number): boolean {
  const there = thereAt(hours.zone, now);
  if (there === null || !hours.days.includes(there.day)) return false;
  return there.minute >= minuteOf(hours.opens) && there.minute < minuteOf(hours.closes);
}

export type Shifted = {
  readonly clock: string;
  /** The day here, seen from theirs: -1 the day before, 1 the day after. */
  readonly days: number;
};

/** What a clock in `zone` reads as on the reader's, by the difference at `now`. */
export function onMyClock(clock: string, zone: string, mine: string, now: number): Shifted | null {
  const there = thereAt(zone, now);
  const here = thereAt(mine, now);
  if (there === null || here === null) return null;
  const minute = minuteOf(clock) + here.ahead - there.ahead;
  const within = ((minute % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const two = (number: number): string => String(number).padStart(2, "0");
  return {
    clock: `${two(Math.floor(within / 60))}:${two(within % 60)}`,
    days: Math.floor(minute / MINUTES_A_DAY),
  };
}

/** Runs of days that follow each other: [1,2,3,5] is [[1,3],[5,5]]. */
export function runsOf(days: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}
