/** Words of the directory's codes. */

import type { Card, Hours } from "../client";
import { preferences } from "../preferences.svelte";
import { type Key, listed, t } from "../words";
import { onMyClock, runsOf } from "./hours";

const KINDS: Readonly<Record<string, Key | undefined>> = {
  prosecution: "office.prosecution",
  "specialised-unit": "office.specialisedUnit",
  ministry: "office.ministry",
  central: "office.central",
  supervision: "office.supervision",
  regional: "state.regional",
};
export const OFFICE_KINDS = [
  "prosecution",
  "specialised-unit",
  "ministry",
  "central",
  "supervision",
] as const;
const STATUS: Readonly<Record<Card["status"], Key>> = {
  "in-force": "status.inForce",
  suspended: "status.suspended",
  expired: "status.expired",
  closed: "status.closed",
};
const SCOPES: Readonly<Record<string, Key | undefined>> = {
  smuggling: "scope.smuggling",
  trafficking: "scope.trafficking",
  "smuggling-of-migrants": "scope.smuggling",
  "trafficking-in-persons": "scope.trafficking",
};
const CHANGES: Readonly<Record<string, Key | undefined>> = {
  "directory.competence.ended": "act.competenceEnded",
  "directory.contact.changed": "act.contactChanged",
  "directory.hours.changed": "act.hoursChanged",
  "directory.office.changed": "act.officeChanged",
};
const CONFIDENCE: Readonly<Record<string, Key | undefined>> = {
  high: "confidence.high",
  medium: "confidence.medium",
  low: "confidence.low",
};

const inWords = (names: Readonly<Record<string, Key | undefined>>, code: string): string => {
  const key = names[code];
  return key === undefined ? code : t(key);
};

export const kindName = (code: string): string => inWords(KINDS, code);
export const statusName = (code: Card["status"]): string => t(STATUS[code]);
export const scopeName = (code: string): string => inWords(SCOPES, code);
export const changeName = (code: string): string => inWords(CHANGES, code);
export const confidenceName = (code: string): string => inWords(CONFIDENCE, code);

/** "lun", for an ISO weekday. */
export function dayName(day: number): string {
  const monday = Date.UTC(2024, 0, day); // 1 January 2024 was a Monday
  const format = new Intl.DateTimeFormat(preferences.language, {
    weekday: "short",
    timeZone: "UTC",
  });
  return format.format(monday);
}

/** "lun–vie y dom" */
export function daysName(days: readonly number[]): string {
  return listed(
    runsOf(days).map(([from, to]) =>
      from === to ? dayName(from) : `${dayName(from)}–${dayName(to)}`,
    ),
  );
}

/** "El Salvador", of "America/El_Salvador": the place whose clocks it is. */
export function zonePlace(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

function shifted(clock: string, zone: string, mine: string, now: number): string | null {
  const seen = onMyClock(clock, zone, mine, now);
  if (seen === null) return null;
  if (seen.days === 0) return seen.clock;
  return t(seen.days < 0 ? "hours.dayBefore" : "hours.dayAfter", { clock: seen.clock });
}

/** "08:00–16:00" as the reader's clock has it; null where a zone is not known here. */
export function hoursHere(hours: Hours, mine: string, now: number): string | null {
  const opens = shifted(hours.opens, hours.zone, mine, now);
  const closes = shifted(hours.closes, hours.zone, mine, now);
  return opens === null || closes === null ? null : `${opens}–${closes}`;
}
