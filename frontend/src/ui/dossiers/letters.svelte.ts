/** What was written about one request for an audience as its page has it: read anew whenever there may be more. */

import type { Audience, CaseHubClient, Dossier, Letters } from "../client";
import { type ShownError, shown } from "../errors";

type Acts = Pick<CaseHubClient["letters"], "read" | "earlier">;

export class LettersRecord {
  told: Letters | null = $state.raw(null);
  /** Why they could not be read; what was read before stands. */
  failure: ShownError | null = $state.raw(null);
  #looking: Promise<void> | null = null;
  #next: Dossier | null = null;
  #isOpen = true;

  constructor(
    private readonly acts: Acts,
    readonly audience: Audience = "both",
  ) {}

  /** One look at a time: what is asked for meanwhile is asked for once more before it is over. */
  read(found: Dossier): Promise<void> {
    this.#next = found;
    this.#looking ??= this.#look();
    return this.#looking;
  }

  /** Nobody looks any more: what stands before is not fetched to its beginning. */
  close(): void {
    this.#isOpen = false;
  }

  /** The newest stand there at once; what was written before comes a page at a time. */
  async #goBack(found: Dossier): Promise<void> {
    while (this.told?.isWhole === false && this.#isOpen && this.#next === null) {
      const more = await this.acts.earlier(found, this.audience);
      if (more === null) return; // another store is open than the one in which they were read
      this.told = more;
    }
  }

  async #look(): Promise<void> {
    while (this.#next !== null) {
      const next: Dossier = this.#next;
      this.#next = null;
      try {
        this.told = await this.acts.read(next, this.audience);
        this.failure = null;
        await this.#goBack(next);
      } catch (error) {
        this.failure = shown(error);
      }
    }
    // Before anybody else runs: who asks from now on begins another.
    this.#looking = null;
  }
}
