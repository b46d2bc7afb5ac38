/**
 * Keeping to the rate at which a session may call. A page of many threads asks more at once than the
 * server lets through: what is turned away is asked again, and the others wait with it. Otherwise
 * each round of questions would fail somewhere and begin anew, for ever.
 */

import { ApiError } from "./errors";

/** These turn away at the door, before anything is done; what others count is told to the person. */
const RATES: readonly unknown[] = ["http", "person"];
/** Fifteen calls further, by the slower of the two. */
const PAUSE_MS = 1_000;
/** As often one call is asked again; whoever is turned away as often is told so. */
const TRIES = 30;

export type Wait = (ms: number) => Promise<void>;

export class Pace {
  #held: Promise<void> | null = null;

  constructor(
    private readonly wait: Wait = (ms) => new Promise((done) => void setTimeout(done, ms)),
  ) {}

  /** Make a call; while the rate is used up it waits, and all others with it. */
  async keep<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (this.#held) await this.#held;
      try {
        return await call();
      } catch (error) {
        if (tries === TRIES || !isOverRate(error)) throw error;
        this.#held ??= this.wait(PAUSE_MS).then(() => {
          this.#held = null;
        });
      }
    }
  }
}

function isOverRate(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429 && RATES.includes(error.params.kind);
}
