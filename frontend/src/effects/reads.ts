/**
 * How far this person has read, on all their tabs and devices, and what they keep as unread.
 *
 * What a host says of it counts as far as the thread is here. What comes later is read as long as
 * this host says so (`noting.ts`), and kept is nothing of it: a mark beyond what anybody wrote would
 * hide whatever calls this person there, also under an honest host.
 */

import { keys } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";

type Seqs = Readonly<Record<string, number>>;

export class Reads {
  /** What is being written: what the mirror says is of before it. */
  #writing = 0;
  /** Threads that this program last said to keep as unread: what is heard of them may be of before it. */
  readonly #kept = new Set<string>();

  constructor(private readonly core: Core) {}

  /** Everything in the thread is read; where nobody has begun it, that it was looked at is kept here. */
  async mark(circle: string): Promise<void> {
    const { mirror } = this.core;
    const thread = mirror.threads.get(circle);
    if (thread === undefined) return void (await this.#raise(circle, 0));
    const kept = mirror.kept.get(circle);
    const isKept = this.#kept.delete(circle) || (kept !== undefined && !kept.over);
    const raised = await this.#raise(circle, thread.seq);
    if (!raised && !isKept) return;
    // Written before it is told, until the server says so: what is lost with its connection is told
    // anew at the next greeting.
    if (isKept) await this.#write((tx) => this.#over(tx, circle));
    this.core.post({ type: "read", thread: circle, seq: thread.seq });
  }

  /** Keep the thread as unread from an entry on; nobody but this person learns of it. */
  async keep(circle: string, seq: number): Promise<void> {
    this.#kept.add(circle);
    await this.#write((tx) => this.#keep(tx, circle, seq, true));
    // It counts as untold until the server says so, to this socket as to all of this person's.
    this.core.post({ type: "unread", thread: circle, seq });
  }

  /**
   * What the server knows, from this or another device; ours may be ahead of it. All of it in one step:
   * another device may read a thread meanwhile, and what a greeting says of it is then of before.
   */
  async merge(reads: Seqs, unread: Seqs): Promise<void> {
    const { core } = this;
    core.mirror.saidRead.clear();
    for (const [circle, seq] of Object.entries(reads)) core.mirror.saidRead.set(circle, seq);
    await this.#write(async (tx) => {
      for (const [circle, seq] of Object.entries(reads)) {
        const ours = await this.#raised(tx, circle, seq);
        if (ours > seq) core.post({ type: "read", thread: circle, seq: ours });
      }
      for (const circle of core.mirror.reads.keys()) await this.#healed(tx, circle);
      for (const circle of new Set([...core.mirror.kept.keys(), ...Object.keys(unread)])) {
        await this.#agree(tx, circle, unread[circle]);
      }
    });
  }

  /** A device of this person, this one too, has read a thread, or keeps it as unread. */
  async told(type: "read" | "unread", circle: string, seq: number): Promise<void> {
    // The last word counts: those of an honest host only ever move forward.
    if (type === "read") this.core.mirror.saidRead.set(circle, seq);
    if (type === "read" && this.#writing === 0 && this.#isKnown(circle, seq)) return;
    await this.#write(async (tx) => {
      if (type === "unread") return this.#keep(tx, circle, seq, false);
      if ((await tx.get(keys.kept(circle))) !== undefined) tx.remove(keys.kept(circle));
      await this.#raised(tx, circle, seq);
    });
  }

  /** Whether a thread is kept as unread, where this browser and the server do not say the same. */
  async #agree(tx: Tx, circle: string, theirs: number | undefined): Promise<void> {
    const { core } = this;
    const ours = await tx.get(keys.kept(circle));
    if (theirs === undefined) {
      if (ours?.untold && !ours.over) core.post({ type: "unread", thread: circle, seq: ours.seq });
      else if (ours !== undefined) tx.remove(keys.kept(circle));
    } else if (ours?.over) {
      const seq = (await tx.get(keys.read(circle))) ?? 0;
      core.post({ type: "read", thread: circle, seq });
    } else if (ours?.seq !== theirs || ours.untold) await this.#keep(tx, circle, theirs, false);
  }

  /** Write with nobody between, in the order in which it came. */
  async #write<T>(task: (tx: Tx) => Promise<T>): Promise<T> {
    this.#writing += 1;
    try {
      return await this.core.exclusive(task);
    } finally {
      this.#writing -= 1;
    }
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

  async #over(tx: Tx, circle: string): Promise<void> {
    const kept = await tx.get(keys.kept(circle));
    if (kept !== undefined) tx.put(keys.kept(circle), { ...kept, over: true });
  }

  async #raise(circle: string, seq: number): Promise<boolean> {
    const { reads, threads } = this.core.mirror;
    if (seq <= stands(reads.get(circle), threads.get(circle)?.seq)) return false;
    return this.#write(async (tx) => {
      const kept = await tx.get(keys.read(circle));
      const before = stands(kept, await this.#here(tx, circle, kept ?? 0));
      return (await this.#raised(tx, circle, seq)) > before;
    });
  }

  /** How far this person has read of what is here, which `seq` may raise. */
  async #raised(tx: Tx, circle: string, seq: number): Promise<number> {
    const kept = await tx.get(keys.read(circle));
    const end = await this.#here(tx, circle, Math.max(seq, kept ?? 0));
    const after = Math.max(stands(kept, end), Math.min(seq, end));
    if (after !== kept) tx.put(keys.read(circle), after);
    return after;
  }

  /** Of a thread of which the server says nothing: what it said falsely before is no mark. */
  async #healed(tx: Tx, circle: string): Promise<void> {
    const { threads, reads } = this.core.mirror;
    if ((reads.get(circle) ?? 0) <= (threads.get(circle)?.seq ?? 0)) return;
    if ((await tx.get(keys.read(circle))) !== undefined) await this.#raised(tx, circle, 0);
  }

  /** How far the thread is here: read again only where what is known in memory is not enough. */
  async #here(tx: Tx, circle: string, enough: number): Promise<number> {
    const known = this.core.mirror.threads.get(circle)?.seq ?? 0;
    return known >= enough ? known : ((await tx.get(keys.thread(circle)))?.seq ?? 0);
  }
}

/** What is kept; a mark that is further than what is here was never this person's. */
const stands = (kept = -1, end = 0): number => (kept > end ? -1 : kept);
