/** Dates and times as the reader's zone and language show them. */

import { beginOf, dayOf } from "../days";
import type { Language } from "./preferences.svelte";

export { beginOf, dayOf };

/** The reader's IANA time zone. */
export function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const DAY_MS = 86_400_000;
const made = new Map<string, Intl.DateTimeFormat>();

/** Made once each: a long thread writes thousands of times, and making one costs more than using it. */
function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${JSON.stringify(options)}`;
  const known = made.get(name) ?? new Intl.DateTimeFormat(language, options);
  made.set(name, known);
  return known;
}

/** The last millisecond of a calendar day in `zone`, as ISO 8601. */
export function endOf(day: string, zone: string): string {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
  const begins = Date.parse(beginOf(next.toISOString().slice(0, 10), zone));
  return new Date(begins - 1).toISOString();
}

/** "viernes, 20 de noviembre de 2026" */
export function longDay(iso: string, language: Language, zone: string): string {
  return formatOf(language, { timeZone: zone, dateStyle: "full" }).format(new Date(iso));
}

/** "09:12", always on 24 hours: a record is quoted in writs. */
export function clock(iso: string, language: Language, zone: string): string {
  return formatOf(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

/** "09:12:44": when somebody's access ended, to the second. */
export function seconds(iso: string, language: Language, zone: string): string {
  return formatOf(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

/** "20 nov 2026, 09:12:44 GMT-6": the whole moment. */
export function moment(iso: string, language: Language, zone: string): string {
  return formatOf(language, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  }).format(new Date(iso));
}

/** "20 nov 2026, 09:12:44": the whole moment where the zone has been said for all of them. */
export function momentHere(iso: string, language: Language, zone: string): string {
  return formatOf(language, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

const SECOND_MS = 1000;

/**
 * The last second of a term that ends at `iso`: "8 dic 2026, 23:59:59 GMT-6". The first one after it is
 * of another day, for which it would be taken.
 */
export function untilMoment(iso: string, language: Language, zone: string): string {
  return moment(new Date(Date.parse(iso) - SECOND_MS).toISOString(), language, zone);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** "20 nov 2026"; of a day without a time, that very day in every zone. */
export function shortDay(iso: string, language: Language, zone: string): string {
  const timeZone = DAY.test(iso) ? "UTC" : zone;
  return formatOf(language, { timeZone, dateStyle: "medium" }).format(new Date(iso));
}

/** The clock for today, the day otherwise: for lists. */
export function clockOrDay(iso: string, now: string, language: Language, zone: string): string {
  if (dayOf(iso, zone) === dayOf(now, zone)) return clock(iso, language, zone);
  return formatOf(language, {
    timeZone: zone,
    day: "numeric",
    month: "short",
  }).format(new Date(iso));
}

/** "hora central (GMT-6)" */
export function zoneName(now: string, language: Language, zone: string): string {
  const part = (timeZoneName: "longGeneric" | "shortOffset"): string =>
    formatOf(language, { timeZone: zone, timeZoneName })
      .formatToParts(new Date(now))
      .find((item) => item.type === "timeZoneName")?.value ?? zone;
  const name = part("longGeneric");
  const offset = part("shortOffset");
  return name === offset ? offset : `${name} (${offset})`;
}
