/** Calendar days and where they begin, on the clocks of any zone. Pure. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No zone is further from UTC, and none moves its clock by more than two hours. */
const FURTHEST_MS = 17 * 60 * MINUTE_MS;
/** Made once each: a long thread writes thousands of times, and making one costs more than using it. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known =
    made.get(zone) ??
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  made.set(zone, known);
  return known;
}

/** A sortable name of the calendar day of `iso` in `zone`: "2026-11-20". */
export function dayOf(iso: string, zone: string): string {
  return formatOf(zone).format(new Date(iso));
}

/** The calendar day so many days later, or earlier where `by` is less than 0: "2026-11-24" and 1 give "2026-11-25". */
export function daysLater(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

/** The first minute of a calendar day ("2026-11-20") in `zone`, as ISO 8601. */
export function beginOf(day: string, zone: string): string {
  const there = Date.parse(`${day}T00:00:00Z`);
  let [low, high] = [there - FURTHEST_MS, there + FURTHEST_MS];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (dayOf(new Date(middle).toISOString(), zone) >= day) high = middle;
    else low = middle;
  }
  return new Date(high).toISOString();
}
