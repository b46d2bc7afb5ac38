/** What classes and grounds are called, and which acts a case's dates leave open. */

import CLASSES from "../../api/classes.json";
import type { HoldGround, KeepingRow, SessionInfo } from "../client";
import { acting } from "../rights";
import { type Key, t } from "../words";

const YEARS: Readonly<Record<string, number>> = CLASSES;

const CLASS: Readonly<Record<keyof typeof CLASSES, Key>> = {
  consultation: "retention.consultation",
  "case-file": "retention.caseFile",
  assistance: "retention.assistance",
  long: "retention.long",
};

const GROUND: Readonly<Record<HoldGround, Key>> = {
  "court-order": "hold.courtOrder",
  investigation: "hold.investigation",
  proceedings: "hold.proceedings",
  request: "hold.request",
  complaint: "hold.complaint",
  other: "hold.other",
};

/** Whether a code is a ground of a hold that is none of an un-masking, which has words of its own. */
export const isHoldGround = (code: string): code is HoldGround =>
  Object.hasOwn(GROUND, code) && code !== "court-order" && code !== "complaint";

export const groundName = (ground: HoldGround): string => t(GROUND[ground]);

/** A class with its years; of one that this program does not know, its code. */
export function className(code: string): string {
  const known = Object.hasOwn(CLASS, code) ? CLASS[code as keyof typeof CLASS] : undefined;
  return known === undefined ? code : t(known, { years: YEARS[code] ?? 0 });
}

const ORDER = Object.keys(CLASSES);
export const longerThan = (code: string): string[] => ORDER.slice(ORDER.indexOf(code) + 1);
export const shorterThan = (code: string): string[] => ORDER.slice(0, ORDER.indexOf(code));

/** What this session's person may do about how long a case is kept. */
export type Offers = Readonly<
  Record<"close" | "reopen" | "longer" | "shorter" | "hold" | "auditor", boolean>
>;

export function offersOf(row: KeepingRow, session: SessionInfo): Offers {
  const own = session.person?.state === row.state;
  const open = row.erased_at === null;
  const host = own && row.inside && open;
  const office = row.by_office && open;
  const holds = row.holds.some(({ state }) => state === session.person?.state);
  return {
    close: host && row.closed_at === null && acting(session, "cases.case.close"),
    reopen: host && row.closed_at !== null && acting(session, "cases.case.reopen"),
    longer:
      host && longerThan(row.retention).length > 0 && acting(session, "cases.retention.change"),
    shorter:
      office &&
      own &&
      row.shortening === null &&
      shorterThan(row.retention).length > 0 &&
      acting(session, "cases.retention.propose"),
    hold: office && !holds && acting(session, "cases.hold.place"),
    auditor: own && row.shortening !== null && acting(session, "cases.retention.agree"),
  };
}

/** Whether there is anything to do here for this session's person. */
export function hasOffers(row: KeepingRow, session: SessionInfo): boolean {
  const own = row.holds.some(({ state }) => state === session.person?.state);
  const lifts = own && row.by_office && acting(session, "cases.hold.refuse-lift");
  return lifts || row.shortening !== null || Object.values(offersOf(row, session)).includes(true);
}
