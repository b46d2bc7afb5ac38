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

/** Who has no device, and all the same a key here: a ministry's signs; a region's is read aloud. */
const KEY_ALONE: readonly string[] = ["ministry", "secretariat", "regional-auditor"];

/**
 * Whether something of this person lies sealed in their browser: whoever has a device; a ministry's
 * officer, who signs; whoever serves the region, who reads the words of their key each year anew;
 * and who is still enrolling, whose roles come at the end of it.
 */
export function keepsStore({ roles }: { roles: readonly string[] }): boolean {
  return readsCases(roles) || roles.some((role) => KEY_ALONE.includes(role)) || roles.length === 0;
}

/** Say whether somebody's browser keeps keys and reads cases; for others there is nothing to open. */
export function readsCases(roles: readonly string[]): boolean {
  const may: readonly string[] = MAY["directory.device.register"];
  return roles.some((role) => may.includes(role));
}
