/**
 * How long the public log has not been found to hold: silence is not proof of anything, but whoever
 * can keep a browser from looking must not gain by it for long.
 */

const MINUTE_MS = 60_000;
const OVERDUE_MS = 10 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Times in milliseconds; `since` is the last time that all held, or the first look ever. */
export type Unchecked = { since: number | null; now: number };

/** Long enough to be said on every page. */
export function isOverdue({ since, now }: Unchecked): boolean {
  return since !== null && now - since >= OVERDUE_MS;
}

/** Too long for an act that changes trust. */
export function isTooLong({ since, now }: Unchecked): boolean {
  return since !== null && now - since >= DAY_MS;
}

/**
 * The log that takes over from one whose key cannot be trusted any more: audit.HOST/2026 is followed
 * by audit.HOST/2026-2, and that by -3; dir.HOST by dir.HOST/2. Python: audit/keyring.py.
 */
export function successorOf(origin: string): string {
  const [host = "", rest] = origin.split("/");
  if (rest === undefined) return `${host}/2`;
  const [, head = "", number] = /^(\d{4}-)?(\d+)$/.exec(rest) ?? [];
  if (head === "" && host.startsWith("audit.")) return `${origin}-2`;
  return `${host}/${head}${Number(number) + 1}`;
}

/**
 * Whether witnesses have cosigned a log so long ago that what came since may be withheld. They sign
 * a log in use every hour, changed or not; one of a year that is over (its name ends in it) is
 * closed, and signed no more. `cosigned` is in seconds, null where the policy asks for nobody: then
 * there is no time that a log could not make up itself. `others` are the logs that are shown beside
 * it: one from which another of them took over is closed as well.
 */
export function isBehind(
  origin: string,
  cosigned: number | null,
  now: number,
  others: readonly string[] = [],
): boolean {
  if (others.includes(successorOf(origin))) return false;
  const year = /\/(\d{4})(-\d+)?$/.exec(origin)?.[1];
  if (year !== undefined && Number(year) < new Date(now).getUTCFullYear()) return false;
  return cosigned !== null && now - cosigned * 1_000 >= DAY_MS;
}

/** A kept time; null if it is none, or lies ahead: the clock was wrong then. */
export function timeOf(text: string | undefined, now: number): number | null {
  const time = Number(text ?? Number.NaN);
  return time <= now ? time : null;
}
