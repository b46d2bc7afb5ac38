/** Openings of cases to States, at every step. */

import type { CaseHubClient, Joining, JoiningActs, View } from "../../src/ui/client";

function joining(id: string, caseId: string, state: string, over: Partial<Joining>): Joining {
  return {
    id,
    case: caseId,
    reference: "SV-2026-0147",
    owner_state: "SV",
    state,
    step: "consent",
    urgent: false,
    proposer: "p-me",
    proposed_at: "2026-11-19T15:00:00Z",
    lapses_at: "2026-11-26T15:00:00Z",
    consented_at: null,
    objections_until: null,
    wait_until: null,
    wait_for: "",
    ended_at: null,
    reason: "",
    ...over,
  };
}

export function joiningsOf(caseId: string): Joining[] {
  return [
    joining("j1", caseId, "NI", { urgent: true }),
    joining("j2", caseId, "CR", { step: "acceptance", consented_at: "2026-11-19T16:00:00Z" }),
    joining("j3", caseId, "PA", { step: "refused", reason: "talk-first" }),
  ];
}

/** What another State asks the reader's to join. */
const ASKING = joining("j9", "c9", "SV", {
  reference: "MX-2026-0101",
  owner_state: "MX",
  step: "acceptance",
  proposer: "p-lo",
  consented_at: "2026-11-19T16:00:00Z",
});

const nothing = async (): Promise<void> => undefined;
const JOINING_ACTS: JoiningActs["joinings"] = {
  propose: nothing,
  withdraw: nothing,
  object: nothing,
  agree: nothing,
  refuse: nothing,
};

/** Nothing is carried to a court here. */
const EXPORT_ACTS: CaseHubClient["exports"] = {
  survey: async () => null,
  ask: async () => undefined,
  open: async () => null,
  agree: async () => undefined,
  refuse: async () => undefined,
  own: async () => {
    throw new Error("nothing was asked for");
  },
  make: async () => {
    throw new Error("nothing was asked for");
  },
};

/** What waits for the reader's State, and what they do about it. */
export const waiting = (some: boolean): Pick<View, "joinings" | "exports"> => ({
  joinings: some ? [ASKING] : [],
  exports: [],
});
export const WAITING_ACTS = { joinings: JOINING_ACTS, exports: EXPORT_ACTS };
