/** What of one's own access has a date, or was said while one was away: pure. */

import type { DirectoryStanding, ListedDevice, Reminders } from "../client";
import { isRegional } from "../designations/waiting";
import { paths } from "../routes";
import { type Due, SOON_DAYS } from "./inbox";

const DAY_MS = 86_400_000;
const DEVICE_DAYS = 30;

/**
 * The end of the own term, devices that end within 30 days, what came of not signing in.
 *
 * That stands for a week from when one is back: whoever was away for long learns it however late.
 */
export function ownDue(
  reminders: Reminders | null,
  devices: readonly ListedDevice[],
  now: number,
  roles: readonly string[] = [],
): Due[] {
  const href = paths.account;
  const found: Due[] = [];
  if (reminders !== null && reminders.reminder !== null) {
    const at = reminders.ends_at;
    const what = isRegional(roles) ? "termRegion" : "term";
    found.push({ id: "term", href, what, of: "", at, ahead: reminders.reminder });
  }
  for (const { id, name, until, revoked } of devices) {
    const left = Date.parse(until) - now;
    if (revoked || left <= 0 || left > DEVICE_DAYS * DAY_MS) continue;
    const of = name || id.slice(0, 8);
    found.push({ id: `device ${id}`, href, what: "device", of, at: until, ahead: DEVICE_DAYS });
  }
  const [said] = reminders?.said ?? [];
  const back = said === undefined || said.back_at === null ? now : Date.parse(said.back_at);
  if (said !== undefined && now - back <= SOON_DAYS * DAY_MS) {
    found.push({ id: "silence", href, what: "silence", of: "", at: said.at });
  }
  return found;
}

/** The quarterly word on the directory, from two weeks before it is due. */
export function standingDue(standing: DirectoryStanding | null): Due[] {
  if (standing === null || standing.due_at === null) return [];
  if (!standing.soon && !standing.overdue) return [];
  const { due_at: at } = standing;
  return [{ id: "standing", href: paths.standing, what: "standing", of: "", at, ahead: 14 }];
}
