/** A session that is nobody's, and what a session is for. */

import type { SessionInfo } from "../api/schema";
import { MAY } from "../roles";

export const NOBODY = {
  state: "anonymous",
  cut_off: null,
  person: null,
  reads_until: null,
  device: null,
  factors: [],
  idle_seconds: null,
  idle_left: null,
  ends_at: null,
} satisfies Partial<SessionInfo>;
export const ANONYMOUS: SessionInfo = { ...NOBODY, demo: false, operator: "" };

/** Who has no device and signs with their identity key: a ministry's officer, a central authority's. */
const SIGNS_ALONE: readonly string[] = ["ministry", "central-authority"];
/** Who has no device, and all the same a key here: those, and the region's, which is read aloud. */
const KEY_ALONE: readonly string[] = [...SIGNS_ALONE, "secretariat", "regional-auditor"];

/**
 * Whether something of this person lies sealed in their browser: whoever has a device; who signs
 * without one; whoever serves the region, who reads the words of their key each year anew; and who
 * is still enrolling, whose roles come at the end of it.
 */
export function keepsStore({ roles }: { roles: readonly string[] }): boolean {
  return readsCases(roles) || roles.some((role) => KEY_ALONE.includes(role)) || roles.length === 0;
}

/** Whether somebody signs with their identity key. */
export function signsAlone({ roles }: { roles: readonly string[] }): boolean {
  return roles.some((role) => SIGNS_ALONE.includes(role));
}

/** Say whether somebody's browser keeps keys and reads cases; for others there is nothing to open. */
export function readsCases(roles: readonly string[]): boolean {
  const may: readonly string[] = MAY["directory.device.register"];
  return roles.some((role) => may.includes(role));
}
