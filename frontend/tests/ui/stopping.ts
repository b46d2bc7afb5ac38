/** Stops as a page is shown them, where nothing is really stopped. */

import type { CaseHubClient, OwnStop, StateAccess } from "../../src/ui/client";

const DONE: OwnStop = {
  id: "5c5f3f1e-1111-4222-8333-123456789abc",
  kind: "suspended",
  at: "2026-11-20T20:03:22Z",
  signed: false,
  sign_by: "2026-11-21T20:03:22Z",
  reason: "",
  coordinators_left: 1,
};

/** How access of one's own State stands: a coordinator's is stopped, and asked to be lifted. */
const HELD: StateAccess["stop"] = {
  ...DONE,
  kind: "state",
  by: "p-jb",
  confirmed: true,
  lifts_at: null,
  lift_by: "p-ma",
  lift_at: "2026-11-17T20:03:22Z",
  lift_until: "2026-11-20T20:03:22Z",
  lift_void: "too-old",
  statement: null,
  lift: null,
};

export const stoppingPart = (scene: string): CaseHubClient["stopping"] => ({
  suspend: async () => DONE,
  dismiss: async () => ({ ...DONE, kind: "removed" }),
  revokeDevice: async () => ({ ...DONE, kind: "device" }),
  devicesOf: async () => [],
  stateAccess: async (code) => ({ code, stop: scene === "coordinator" ? HELD : null }),
  stopState: async (code) => ({ code, stop: null }),
  confirmStateStop: async (code) => ({ code, stop: null }),
  liftState: async (code) => ({ code, stop: null }),
});
