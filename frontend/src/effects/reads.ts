/** How far this person has read, on all their tabs and devices, and what they keep as unread. */

import { keys } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";

type Seqs = Readonly<Record<string, number>>;

export class Reads {
  /** Greetings that are being read: what they say is of before whatever is heard meanwhile. */
  #merging = 0;

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
    // Written before it is told, and kept until the server says so: what is lost with its connection is
    // told anew by the next greeting.
    if (isKept) await this.core.exclusive(async (tx) => this.#end(tx, circle));
    this.core.post({ type: "read", thread: circle, seq: thread.seq });
  }

  /** Keep the thread as unread from an entry on; nobody but this person learns of it. */
  async keep(circle: string, seq: number): Promise<void> {
    await this.core.exclusive((tx) => this.#keep(tx, circle, seq, true));
    if (!this.core.post({ type: "unread", thread: circle, seq })) return;
    await this.core.exclusive((tx) => this.#keep(tx, circle, seq, false));
  }

  /**
   * What the server knows, from this or another device; ours may be ahead of it. All of it in one step:
   * another device may read a thread meanwhile, and what a greeting says of it is then of before.
   */
  async merge(reads: Seqs, unread: Seqs): Promise<void> {
    const { core } = this;
    this.#merging += 1;
    const merged = core.exclusive(async (tx) => {
      for (const [circle, seq] of Object.entries(reads)) {
        const ours = await this.#raised(tx, circle, seq);
        if (ours > seq) core.post({ type: "read", thread: circle, seq: ours });
      }
      for (const circle of new Set([...core.mirror.kept.keys(), ...Object.keys(unread)])) {
        await this.#agree(tx, circle, unread[circle]);
      }
    });
    await merged.finally(() => {
      this.#merging -= 1;
    });
  }

  /** Another device of this person has read a thread, or keeps it as unread. */
  async told(type: "read" | "unread", circle: string, seq: number): Promise<void> {
    if (type === "read" && this.#merging === 0 && this.#isKnown(circle, seq)) return;
    await this.core.exclusive(async (tx) => {
      if (type === "unread") return this.#keep(tx, circle, seq, false);
      if ((await tx.get(keys.kept(circle))) !== undefined) tx.remove(keys.kept(circle));
      await this.#raised(tx, circle, seq);
    });
  }

  /** Whether a thread is kept as unread, where this browser and the server do not say the same. */
  async #agree(tx: Tx, circle: string, theirs: number | undefined): Promise<void> {
    const { core } = this;
    const ours = await tx.get(keys.kept(circle));
    if (ours?.over) {
      const seq = (await tx.get(keys.read(circle))) ?? 0;
      if (theirs !== undefined) core.post({ type: "read", thread: circle, seq });
      return tx.remove(keys.kept(circle));
    }
    if (theirs !== undefined) {
      if (ours?.seq !== theirs) await this.#keep(tx, circle, theirs, false);
    } else if (ours?.untold) {
      const isTold = core.post({ type: "unread", thread: circle, seq: ours.seq });
      if (isTold) await this.#keep(tx, circle, ours.seq, false);
    } else if (ours !== undefined) tx.remove(keys.kept(circle));
  }

  /** It is read so far here, and kept as unread no more. */
  #isKnown(circle: string, seq: number): boolean {
    const { mirror } = this.core;
    return !mirror.kept.has(circle) && seq <= (mirror.reads.get(circle) ?? -1);
  }

  async #keep(tx: Tx, circle: string, seq: number, untold: boolean): Promise<void> {
    const line = await tx.get(keys.line(circle, seq));
    const foreign = line?.kind === "message" && !line.mine;
    const others = (line?.others ?? 0) - (foreign ? 1 : 0);
    tx.put(keys.kept(circle), { seq, others: Math.max(0, others), untold });
  }

  async #end(tx: Tx, circle: string): Promise<void> {
    const kept = await tx.get(keys.kept(circle));
    if (kept !== undefined) tx.put(keys.kept(circle), { ...kept, over: true });
  }

  async #raise(circle: string, seq: number): Promise<boolean> {
    if (seq <= (this.core.mirror.reads.get(circle) ?? -1)) return false;
    return this.core.exclusive(async (tx) => {
      const before = (await tx.get(keys.read(circle))) ?? -1;
      return (await this.#raised(tx, circle, seq)) > before;
    });
  }

  /** How far this person has read, which `seq` may raise. */
  async #raised(tx: Tx, circle: string, seq: number): Promise<number> {
    const before = (await tx.get(keys.read(circle))) ?? -1;
    if (seq > before) tx.put(keys.read(circle), seq);
    return Math.max(seq, before);
  }
}
