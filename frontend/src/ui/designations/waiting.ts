/** What of a State's designations waits for whom, and how long it may: pure. */

import type { DesignationRow, DesignationStage } from "../client";
import { dayOf } from "../time";

/** What somebody is to do next with a designation; "signed" if their hand is under it already. */
export type Task =
  | "consult"
  | "nominate"
  | "approve"
  | "signed"
  | "code"
  | "ceremony"
  | "reinstate"
  | "renew";

export type Reader = { readonly id: string; readonly roles: readonly string[] };
type Row = Pick<
  DesignationRow,
  "stage" | "roles" | "drafts" | "person" | "reminder" | "renews" | "rekey" | "signed"
>;

const COORDINATOR = "coordinator";
const MINISTRY = "ministry";

/** Whether somebody with these roles is always proposed by a coordination. */
export function isProposed(roles: readonly string[]): boolean {
  return roles.includes("liaison");
}

/** Whether somebody with these roles serves the region: the installation lets them in. */
export function isRegional(roles: readonly string[]): boolean {
  return roles.includes("secretariat") || roles.includes("regional-auditor");
}

/** Who vouches for the key: a coordinator; an officer for a coordinator's. */
export function binderOf(roles: readonly string[]): string {
  return roles.includes(COORDINATOR) ? MINISTRY : COORDINATOR;
}

/**
 * What `reader` is asked to do; null if it is another's turn. `approvedByMe`: they have signed.
 *
 * Nobody is asked about themselves: whoever is designated signs nothing of it.
 */
export function taskOf(row: Row, reader: Reader, approvedByMe = row.signed): Task | null {
  const mine = (role: string): boolean => reader.roles.includes(role);
  if (row.person === reader.id) return null;
  switch (row.stage) {
    case "draft":
      return mine(row.drafts) ? "consult" : null;
    case "consulted":
      return mine(row.drafts) ? "nominate" : null;
    case "nominated":
    case "ministry-1":
      if (!mine(MINISTRY)) return null;
      return approvedByMe ? "signed" : "approve";
    case "approved":
      if (!mine(binderOf(row.roles))) return null;
      return row.renews !== null && !row.rekey ? "ceremony" : "code";
    case "ceremony":
      return mine(binderOf(row.roles)) ? "ceremony" : null;
    case "suspended":
      return mine(COORDINATOR) || mine(MINISTRY) ? "reinstate" : null;
    case "active":
      return row.reminder !== null && mine(row.drafts) ? "renew" : null;
    default:
      return null;
  }
}

/** Whether it is the reader's turn: what they have signed waits for others. */
function isTurn(row: Row, reader: Reader): boolean {
  const task = taskOf(row, reader);
  return task !== null && task !== "signed";
}

/** How many of these wait for the reader. */
export function handsWanted(rows: readonly Row[], reader: Reader): number {
  return rows.filter((row) => isTurn(row, reader)).length;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export type Left = {
  readonly unit: "days" | "hours" | "minutes" | "over";
  readonly count: number;
  readonly tone: "" | "warn" | "stop";
};

/** How long there is from `now` until an instant, in the largest unit of which two are left. */
export function leftUntil(iso: string, now: number): Left {
  const ms = Date.parse(iso) - now;
  if (ms <= 0) return { unit: "over", count: 0, tone: "stop" };
  if (ms >= 2 * DAY_MS) {
    const count = Math.floor(ms / DAY_MS);
    return { unit: "days", count, tone: count <= 2 ? "warn" : "" };
  }
  if (ms >= 2 * HOUR_MS) return { unit: "hours", count: Math.floor(ms / HOUR_MS), tone: "warn" };
  return { unit: "minutes", count: Math.max(1, Math.floor(ms / MINUTE_MS)), tone: "warn" };
}

/** Days of the calendar in `zone` until the last minute that is in time, as *Plazos* counts them. */
export function daysUntil(iso: string, now: number, zone: string): number {
  const day = (ms: number) => Date.parse(dayOf(new Date(ms).toISOString(), zone));
  return Math.round((day(Date.parse(iso) - MINUTE_MS) - day(now)) / DAY_MS);
}

/** Stages that a designation does not leave any more. */
export const ENDED: readonly DesignationStage[] = ["expired", "removed", "rejected"];
export type Show = "mine" | "underway" | "inForce" | "ended" | "all";

export function isShown(row: Row, show: Show, reader: Reader): boolean {
  if (show === "all") return true;
  if (show === "mine") return isTurn(row, reader);
  const ended = ENDED.includes(row.stage);
  const inForce = row.stage === "active" || row.stage === "suspended";
  if (show === "ended") return ended;
  return show === "inForce" ? inForce : !ended && !inForce;
}

/** What waits for the reader first, each by what is over soonest; what is in force or done last. */
export function inOrder<R extends DesignationRow>(rows: readonly R[], reader: Reader): R[] {
  const place = (row: R): number => {
    if (isTurn(row, reader)) return 0;
    if (ENDED.includes(row.stage)) return 3;
    return row.stage === "active" ? 2 : 1;
  };
  const due = (row: R): number =>
    row.due_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.due_at);
  return [...rows].sort((one, other) => {
    const by = place(one) - place(other);
    if (by !== 0) return by;
    const [first, second] = [due(one), due(other)];
    return first === second ? one.name.localeCompare(other.name) : first - second;
  });
}
