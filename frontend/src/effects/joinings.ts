/** Opening a case to more States: proposing, consenting, accepting, and all that ends it. */

import type { Joining, JoiningReason } from "../api/schema";
import { hex, sha256, utf8 } from "../bytes";
import type { Core } from "./core";
import { type ExportActs, type ExportDesk, exportActs } from "./exports/acts";
import { Exports } from "./exports/exports";

/**
 * The SHA-256 (hex) of what somebody was shown and puts their hand under: which case, for which
 * State, urgent or not, who proposed it and when (milliseconds). `proposal_digest` in
 * casehub/cases/policies.py says alike.
 */
export async function joiningDigest(shown: Joining): Promise<string> {
  const said = [
    "casehub-joining/1",
    shown.case,
    shown.reference,
    shown.state,
    shown.urgent ? "urgent" : "",
    shown.proposer,
    String(Date.parse(shown.proposed_at)),
  ];
  return hex.encode(await sha256(utf8.encode(said.join("\n"))));
}

/** What waits for this person's State, and what they do about it. */
export class Joinings {
  /** What is to be carried to a court waits for the same people. */
  readonly exports: Exports;

  constructor(private readonly core: Core) {
    this.exports = new Exports(core);
  }

  async look(): Promise<void> {
    const { api, mirror } = this.core;
    mirror.joinings = await api.joinings();
    mirror.changed();
    await this.exports.look();
  }

  async propose(caseId: string, state: string, urgent: boolean): Promise<void> {
    const { api, deps, mirror } = this.core;
    mirror.learn(await api.proposeState(caseId, deps.random.uuid(), state, urgent));
  }

  async withdraw(id: string): Promise<void> {
    this.core.mirror.learn(await this.core.api.withdrawJoining(id));
  }

  async object(id: string, reason: JoiningReason): Promise<void> {
    this.core.mirror.learn(await this.core.api.objectToJoining(id, reason));
  }

  /** Consent, or accept: whichever it waits for. What is signed is what was shown. */
  async agree(shown: Joining): Promise<void> {
    const { api } = this.core;
    const digest = await joiningDigest(shown);
    if (shown.step === "consent") await api.consentToJoining(shown.id, digest);
    else await api.acceptJoining(shown.id, digest);
    await this.look();
  }

  async refuse(id: string, reason: JoiningReason): Promise<void> {
    await this.core.api.refuseJoining(id, reason);
    await this.look();
  }
}

export interface JoiningActs extends ExportActs {
  readonly joinings: Pick<Joinings, "propose" | "withdraw" | "object" | "agree" | "refuse">;
}

export function joiningActs(
  at: () => ExportDesk & { letting: <T>(act: () => Promise<T>) => Promise<T> },
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): JoiningActs {
  return {
    ...exportActs(at, guarded),
    joinings: {
      propose: (caseId, state, urgent) =>
        guarded(() => at().letting(() => at().joinings.propose(caseId, state, urgent))),
      withdraw: (id) => guarded(() => at().joinings.withdraw(id)),
      object: (id, reason) => guarded(() => at().joinings.object(id, reason)),
      agree: (shown) => guarded(() => at().letting(() => at().joinings.agree(shown))),
      refuse: (id, reason) => guarded(() => at().joinings.refuse(id, reason)),
    },
  };
}
