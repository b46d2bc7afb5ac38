/** Stops as a page is shown them, where nothing is really stopped. */

import type { CaseHubClient, OwnStop } from "../../src/ui/client";

const DONE: OwnStop = {
  id: "5c5f3f1e-1111-4222-8333-123456789abc",
  kind: "suspended",
  at: "2026-11-20T20:03:22Z",
  signed: false,
  sign_by: "2026-11-21T20:03:22Z",
  reason: "",
  coordinators_left: 1,
};

export const stoppingPart: CaseHubClient["stopping"] = {
  suspend: async () => DONE,
  dismiss: async () => ({ ...DONE, kind: "removed" }),
  revokeDevice: async () => ({ ...DONE, kind: "device" }),
  devicesOf: async () => [],
  stateAccess: async (code) => ({ code, stop: null }),
  stopState: async (code) => ({ code, stop: null }),
  confirmStateStop: async (code) => ({ code, stop: null }),
  liftState: async (code) => ({ code, stop: null }),
};
