/** A session that is nobody's. */

import type { SessionInfo } from "../api/schema";

export const NOBODY = {
  state: "anonymous",
  person: null,
  device: null,
  factors: [],
  idle_seconds: null,
  idle_left: null,
  ends_at: null,
} satisfies Partial<SessionInfo>;
export const ANONYMOUS: SessionInfo = { ...NOBODY, demo: false, operator: "" };
