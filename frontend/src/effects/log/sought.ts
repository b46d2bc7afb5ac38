/**
 * Own messages that the thread's log shows and of which no answer came: their answer names the
 * act in the public log, so they are said again, with the same bytes under the same id. The server
 * answers as it did at first (docs/wire.md); what it names is proven as every receipt is.
 */

import { keys, type SoughtRecord } from "../../store/records";
import type { Core } from "../core";

/** So many are posted in so many milliseconds, and looked for no oftener: no storm after an outage. */
const [AT_ONCE, WHILE_MS] = [5, 5_000] as const;
/** From seeing one to posting it, and on to the next time: an answer that comes late is no lost one. */
const PAUSES_MS = [5_000, 60_000, 600_000, 3_600_000] as const;
const LAST_MS = PAUSES_MS[3];
/** From then on it stays without its mark. */
export const MOST_ASKS = PAUSES_MS.length;

type Key = typeof keys.allSought;

export class Sought {
  #planned = false;
  /** Those whose time runs. */
  readonly #waiting = new Set<string>();
  /** How many were posted in the last while. */
  #lately = 0;

  constructor(
    private readonly core: Core,
    /** Post it; false where nothing can be posted now. */
    private readonly again: (record: SoughtRecord) => boolean,
  ) {}

  /** Entries were taken, or a thread can be posted to again. */
  plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.core.after(WHILE_MS, () => {
      this.#planned = false;
      void this.#look().catch((error) => this.core.report(error));
    });
  }

  /** There is nothing more to be had of it. */
  answered(circle: string, seq: number): Promise<void> {
    return this.core.exclusive(async (tx) => tx.remove(keys.sought(circle, seq)));
  }

  async #look(): Promise<void> {
    for (const [key, { asked }] of await this.core.vault.list(keys.allSought))
      this.#wait(key, asked);
  }

  #wait(key: Key, asked: number, ms: number = PAUSES_MS[asked] ?? LAST_MS): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.core.after(ms, () => {
      this.#waiting.delete(key);
      void this.#due(key, asked).catch((error) => this.core.report(error));
    });
  }

  #due(key: Key, was: number): Promise<void> {
    if (this.#lately >= AT_ONCE) {
      this.#wait(key, was, WHILE_MS);
      return Promise.resolve();
    }
    return this.core.exclusive(async (tx) => {
      const record = await tx.get(key);
      if (record === undefined) return;
      const { circle, asked } = record;
      const thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active" || asked >= MOST_ASKS) tx.remove(key);
      else if (asked > was)
        this.#wait(key, asked); // another tab was quicker
      else if (this.again(record)) {
        tx.put(key, { ...record, asked: asked + 1 });
        this.#wait(key, asked + 1);
        this.#lately += 1;
        this.core.after(WHILE_MS, () => {
          this.#lately -= 1;
        });
      }
      // What cannot be posted now is planned anew with its thread.
    });
  }
}
