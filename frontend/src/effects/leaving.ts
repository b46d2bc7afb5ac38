/**
 * A sign-out that the server has not heard of.
 *
 * Whoever signs out with no network has left: the keys are gone from memory at once, and neither a
 * reload nor the network's return brings the session back. The server is told when it answers.
 */

import { isPassing } from "../api/errors";
import type { SessionInfo } from "../api/schema";
import { Mark } from "../store/mark";
import { type Deps, systemTimers } from "./deps";

const AGAIN_MS = 5_000;

export class Leaving {
  readonly #mark: Mark;
  #cancel: () => void = () => undefined;
  /** What this page knows itself, where the store takes no mark: a full disk, a private window. */
  #left = false;
  /** Whoever waits until the server has answered; null while it owes no answer. */
  #waiting: (() => void)[] | null = null;

  constructor(private readonly deps: Deps) {
    this.#mark = new Mark(deps.store, "leaving");
  }

  /** From now on this browser counts as signed out. */
  async begin(): Promise<void> {
    this.#left = true;
    this.#waiting ??= [];
    // Without a working store only a reload before the server has heard needs a second sign-out.
    await this.#mark.set().catch((error) => this.deps.report?.(error));
  }

  /** Resolves once the server has answered what it was told of this page's last sign-out. */
  heard(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting === null) resolve();
      else this.#waiting.push(resolve);
    });
  }

  /**
   * Tell the server if it has to be told; answers the session as it is then, or null if there was
   * nothing to tell.
   *
   * @throws {Unreachable} if it cannot be told now; it will be tried again.
   */
  async settle(): Promise<SessionInfo | null> {
    if (!this.#left && !(await this.#mark.isSet())) return null;
    this.#cancel();
    try {
      // The token for the next call comes with this answer: after a reload there may be none.
      const now = await this.deps.api.session();
      const session = now.state === "anonymous" ? now : await this.deps.api.signOut();
      this.#left = false;
      await this.#mark.clear().catch((error) => this.deps.report?.(error));
      this.#answered();
      return session;
    } catch (error) {
      if (isPassing(error)) this.#again();
      else this.#answered();
      throw error;
    }
  }

  #answered(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const go of waiting) go();
  }

  #again(): void {
    this.#cancel = (this.deps.timers ?? systemTimers).after(AGAIN_MS, () => {
      void this.settle().catch(() => undefined);
    });
  }
}
