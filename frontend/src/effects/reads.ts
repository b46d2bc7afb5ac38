/** How far this person has read, on all their tabs and devices. */

import { keys } from "../store/records";
import type { Core } from "./core";

export class Reads {
  constructor(private readonly core: Core) {}

  /** Everything in the thread is read. */
  async mark(circle: string): Promise<void> {
    const thread = this.core.mirror.threads.get(circle);
    if (thread === undefined) return;
    if (await this.#raise(circle, thread.seq)) {
      this.core.post({ type: "read", thread: circle, seq: thread.seq });
    }
  }

  /** What the server knows, from this or another device; ours may be ahead of it. */
  async merge(reads: Readonly<Record<string, number>>): Promise<void> {
    for (const [circle, seq] of Object.entries(reads)) {
      await this.#raise(circle, seq);
      const ours = this.core.mirror.reads.get(circle) ?? 0;
      if (ours > seq) this.core.post({ type: "read", thread: circle, seq: ours });
    }
  }

  #raise(circle: string, seq: number): Promise<boolean> {
    if (seq <= (this.core.mirror.reads.get(circle) ?? -1)) return Promise.resolve(false);
    return this.core.exclusive(async (tx) => {
      if (seq <= ((await tx.get(keys.read(circle))) ?? -1)) return false;
      tx.put(keys.read(circle), seq);
      return true;
    });
  }
}
