/** The week of reading after a designation: how much of it is left, for whom it is a banner. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Left = { readonly unit: "days" | "hours"; readonly count: number };

/**
 * What is left until `until` (an ISO instant) at `now` (milliseconds): whole days, in the last day
 * hours, rounded so that nobody counts on more than there is; null without a week or after it.
 */
export function weekLeft(until: string | null, now: number): Left | null {
  if (until === null) return null;
  const ms = Date.parse(until) - now;
  if (!(ms > 0)) return null;
  if (ms >= DAY_MS) return { unit: "days", count: Math.floor(ms / DAY_MS) };
  return { unit: "hours", count: Math.floor(ms / HOUR_MS) };
}
