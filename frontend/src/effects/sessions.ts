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

/**
 * Whether something of this person lies sealed in their browser: whoever has a device; who signs
 * without one; and who is still enrolling, whose roles come at the end of it.
 */
export function keepsStore({ roles }: { roles: readonly string[] }): boolean {
  return readsCases(roles) || signsAlone({ roles }) || roles.length === 0;
}

/** Whether somebody signs with their identity key: a ministry's officer, a central authority's. */
export function signsAlone({ roles }: { roles: readonly string[] }): boolean {
  return roles.includes("ministry") || roles.includes("central-authority");
}

/** Say whether somebody's browser keeps keys and reads cases; for others there is nothing to open. */
export function readsCases(roles: readonly string[]): boolean {
  const may: readonly string[] = MAY["directory.device.register"];
  return roles.some((role) => may.includes(role));
}
