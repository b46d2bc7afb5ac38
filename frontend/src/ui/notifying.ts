/** When the system is to show that there is something new, and never what: pure. */

/** "HH:MM" by the clock of whoever reads; the same twice is never. */
export type QuietHours = { readonly from: string; readonly to: string };

export type Moment = {
  /** Whether its person said so here, and the browser lets it. */
  readonly allowed: boolean;
  /** Nobody is looking at the page. */
  readonly hidden: boolean;
  /** Counts of what is new, before and now. */
  readonly was: number;
  readonly now: number;
  /** Minutes of the day where the reader is. */
  readonly minute: number;
  readonly quiet: QuietHours;
};

export function minutesOf(time: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}

/** From the first minute on, and until before the last; over midnight where they stand so. */
export function isQuiet(minute: number, { from, to }: QuietHours): boolean {
  const [first, last] = [minutesOf(from), minutesOf(to)];
  if (first === null || last === null || first === last) return false;
  return first < last ? minute >= first && minute < last : minute >= first || minute < last;
}

/** What came while nobody looked is shown once it is more than there was; what is read, never. */
export function isDue({ allowed, hidden, was, now, minute, quiet }: Moment): boolean {
  return allowed && hidden && now > was && !isQuiet(minute, quiet);
}
