/** How far this person has read, on all their tabs and devices, and what they keep as unread. */

import { keys } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";

type Seqs = Readonly<Record<string, number>>;

export class Reads {
  constructor(private readonly core: Core) {}

  /** Everything in the thread is read; where nobody has begun it, that it was looked at is kept here. */
  async mark(circle: string): Promise<void> {
    const { mirror } = this.core;
    const thread = mirror.threads.get(circle);
    if (thread === undefined) return void (await this.#raise(circle, 0));
    const kept = mirror.kept.get(circle);
    const isKept = kept !== undefined && !kept.over;
    const raised = await this.#raise(circle, thread.seq);
    if (!raised && !isKept) return;
    const told = this.core.post({ type: "read", thread: circle, seq: thread.seq });
    if (!isKept) return;
    await this.core.exclusive(async (tx) => {
      if (told) tx.remove(keys.kept(circle));
      else tx.put(keys.kept(circle), { ...kept, over: true });
    });
  }

  /** Keep the thread as unread from an entry on; nobody but this person learns of it. */
  async keep(circle: string, seq: number): Promise<void> {
    await this.core.exclusive((tx) => this.#keep(tx, circle, seq, true));
    if (!this.core.post({ type: "unread", thread: circle, seq })) return;
    await this.core.exclusive((tx) => this.#keep(tx, circle, seq, false));
  }

  /** What the server knows, from this or another device; ours may be ahead of it. */
  async merge(reads: Seqs, unread: Seqs): Promise<void> {
    for (const [circle, seq] of Object.entries(reads)) {
      await this.#raise(circle, seq);
      const ours = this.core.mirror.reads.get(circle) ?? 0;
      if (ours > seq) this.core.post({ type: "read", thread: circle, seq: ours });
    }
    const over = new Set<string>();
    for (const [circle, kept] of [...this.core.mirror.kept]) {
      if (kept.over) over.add(circle);
      else if (unread[circle] !== undefined) continue;
      else if (kept.untold) {
        await this.keep(circle, kept.seq);
        continue;
      }
      await this.core.exclusive(async (tx) => tx.remove(keys.kept(circle)));
    }
    for (const [circle, seq] of Object.entries(unread)) {
      if (over.has(circle)) {
        const read = this.core.mirror.reads.get(circle) ?? 0;
        this.core.post({ type: "read", thread: circle, seq: read });
      } else if (this.core.mirror.kept.get(circle)?.seq !== seq) {
        await this.core.exclusive((tx) => this.#keep(tx, circle, seq, false));
      }
    }
  }

  /** Another device of this person has read a thread, or keeps it as unread. */
  async told(type: "read" | "unread", circle: string, seq: number): Promise<void> {
    if (type === "unread") {
      return this.core.exclusive((tx) => this.#keep(tx, circle, seq, false));
    }
    if (this.core.mirror.kept.has(circle)) {
      await this.core.exclusive(async (tx) => tx.remove(keys.kept(circle)));
    }
    await this.#raise(circle, seq);
  }

  async #keep(tx: Tx, circle: string, seq: number, untold: boolean): Promise<void> {
    const line = await tx.get(keys.line(circle, seq));
    const foreign = line?.kind === "message" && !line.mine;
    const others = (line?.others ?? 0) - (foreign ? 1 : 0);
    tx.put(keys.kept(circle), { seq, others: Math.max(0, others), untold });
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
