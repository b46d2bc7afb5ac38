/**
 * Own messages that the thread's log shows and of which no answer came: their answer names the
 * act in the public log, so they are said again, with the same bytes under the same id. The server
 * answers as it did at first (docs/wire.md); what it names is proven as every receipt is.
 */

import { keys, type SoughtRecord } from "../../store/records";
import type { Core } from "../core";

/** An answer that comes late is no lost one: nothing is asked of before it was seen to lack twice. */
const FIRST_MS = 5_000;
/** Milliseconds to the next look, by how often the least asked of was asked. */
const PAUSES_MS = [FIRST_MS, 60_000, 600_000, 3_600_000] as const;
/** From then on it stays without its mark. */
export const MOST_ASKS = PAUSES_MS.length;
/** So many at one look: a long outage must not end in a storm. */
const AT_ONCE = 5;

export class Sought {
  #planned = false;
  /** What the last look had found already. */
  #seen = new Set<string>();

  constructor(
    private readonly core: Core,
    /** Post it; false where nothing can be posted now. */
    private readonly again: (record: SoughtRecord) => boolean,
  ) {}

  /** Entries were taken, or the server is there again. */
  plan(ms: number = FIRST_MS): void {
    if (this.#planned) return;
    this.#planned = true;
    this.core.after(ms, () => {
      this.#planned = false;
      void this.#look().catch((error) => this.core.report(error));
    });
  }

  /** There is nothing more to be had of it. */
  answered(circle: string, seq: number): Promise<void> {
    return this.core.exclusive(async (tx) => tx.remove(keys.sought(circle, seq)));
  }

  async #look(): Promise<void> {
    const { core } = this;
    const found = await core.vault.list(keys.allSought);
    const fresh = found.filter(([key]) => !this.#seen.has(key)).length > 0;
    const known = found.filter(([key]) => this.#seen.has(key));
    this.#seen = new Set(found.map(([key]) => key));
    if (found.length === 0) return;
    const first = leastAsked(known).slice(0, AT_ONCE);
    const more = known.length > first.length;
    if (first.length > 0) await this.#ask(first.map(([key]) => key));
    const [[, next] = [null, { asked: 0 }]] = leastAsked(await core.vault.list(keys.allSought));
    this.plan(fresh || more ? FIRST_MS : PAUSES_MS[Math.min(next.asked, MOST_ASKS - 1)]);
  }

  #ask(wanted: readonly (typeof keys.allSought)[]): Promise<void> {
    return this.core.exclusive(async (tx) => {
      for (const key of wanted) {
        const record = await tx.get(key);
        if (record === undefined) continue;
        const thread = await tx.get(keys.thread(record.circle));
        if (thread?.status !== "active" || record.asked >= MOST_ASKS) tx.remove(key);
        else if (this.again(record)) tx.put(key, { ...record, asked: record.asked + 1 });
      }
    });
  }
}

type Found = [key: typeof keys.allSought, record: SoughtRecord];

const leastAsked = (some: readonly Found[]): Found[] =>
  [...some].sort(([, a], [, b]) => a.asked - b.asked);
