/**
 * Looking into a case is an act of its own: said once a visit, before its threads are shown.
 *
 * It is written down first, so that a look without a network, or one that a reload cuts short, is
 * said when there is a network again: otherwise going offline would be a way of leaving no trace.
 */

import { ApiError, isPassing } from "../api/errors";
import { keys } from "../store/records";
import type { Core } from "./core";

/** Whoever has been away for so long comes for another visit. */
const AWAY_MS = 15 * 60_000;
/** A server that takes longer than this is as good as away. */
const PATIENCE_MS = 4_000;

export class Looks {
  /** When each case was last on the screen; `Infinity` while it is there. */
  readonly #seen = new Map<string, number>();
  readonly #under = new Map<string, Promise<void>>();

  constructor(
    private readonly core: Core,
    private readonly offline: () => boolean,
  ) {}

  /** A case comes on the screen. Resolves when its threads may be shown. */
  begin(caseId: string): Promise<void> {
    const last = this.#seen.get(caseId);
    const goesOn = last !== undefined && this.core.deps.clock() - last < AWAY_MS;
    this.#seen.set(caseId, Number.POSITIVE_INFINITY);
    const look = (goesOn && this.#under.get(caseId)) || this.#begin(caseId);
    this.#under.set(caseId, look);
    return look;
  }

  /** It goes from the screen. */
  end(caseId: string): void {
    if (this.#seen.has(caseId)) this.#seen.set(caseId, this.core.deps.clock());
  }

  /** Say what could not be said before. */
  async resume(): Promise<void> {
    for (const [, caseId] of await this.core.vault.list(keys.looks)) await this.#say(caseId);
  }

  async #begin(caseId: string): Promise<void> {
    await this.core.exclusive(async (tx) => tx.put(keys.look(caseId), caseId));
    const said = this.#say(caseId).catch((error) => this.core.report(error));
    if (!this.offline()) await Promise.race([said, this.core.sleep(PATIENCE_MS)]);
  }

  /** One at a time for this person's tabs; a second run finds it said. */
  #say(caseId: string): Promise<void> {
    const { core } = this;
    return core.deps.locks.run(`casehub-look-${caseId}`, async () => {
      if ((await core.vault.list(keys.look(caseId))).length === 0) return;
      try {
        await core.api.openedCase(caseId);
      } catch (error) {
        if (isPassing(error)) return;
        // The refusal is in the log: saying it again would not help. Who is no longer in the case
        // hears that from the page itself.
        if (!(error instanceof ApiError && error.code === "not-found")) core.report(error);
      }
      await core.exclusive(async (tx) => tx.remove(keys.look(caseId)));
    });
  }
}

export interface LookActs {
  /** A case comes on the screen. Resolves when the look is recorded, or kept without a network. */
  lookAt(caseId: string): Promise<void>;
  lookAway(caseId: string): void;
}

export function lookActs(at: () => { looks: Looks } | null): LookActs {
  return {
    lookAt: async (caseId) => at()?.looks.begin(caseId),
    lookAway: (caseId) => at()?.looks.end(caseId),
  };
}
