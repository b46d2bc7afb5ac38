/**
 * The log's promises to this person, kept on this device until their proofs come.
 *
 * A promise is on the disk as soon as it is here (that of a message once its thread's log shows the
 * message: what comes before may be nobody's receipt of anything): it is all that shows of an act that is taken out
 * of the server's database before it was integrated. The proof that replaces it is checked against
 * a checkpoint that satisfies the policy and is of the history that this browser follows.
 */

import { isPassing } from "../../api/errors";
import type { ActAnswered, LogApi } from "../../api/log";
import type { Receipt, ServerFrame } from "../../api/schema";
import { hex, sha256 } from "../../bytes";
import { pauseBefore } from "../../state/receipts";
import { keys, type LineRecord, type PromiseRecord, type ReceiptRecord } from "../../store/records";
import { noteOf, parsePromise, verifyPromise } from "../../verify/tlog/promise";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import { type Deps, systemTimers } from "../deps";
import type { InTurn, Records, Writing } from "./memory";
import { proven, Refuted } from "./proving";
import { type Constancy, nameOf, rowsOf } from "./rows";
import type { LogWatch } from "./watch";

/** The server answers so many at once. */
const AT_ONCE = 50;
/** How long an act that changes trust waits for its proof. */
const WAIT_MS = 15_000;
const STEP_MS = 250;
/** An answer so shortly before shows that the server was there; each look at the log is one. */
const NEAR_MS = 120_000;
const MOST_UNPROMISED = 20;

type Taken = Pick<
  Extract<ServerFrame, { type: "accepted" }>,
  "event" | "promise" | "thread" | "seq"
>;
type Kept = readonly [key: string, record: PromiseRecord];
type Unpromised = { act: string; at: number };

export class Receipts {
  #writing: Promise<void> = Promise.resolve();
  #queue: (PromiseRecord | Unpromised)[] = [];
  #polling: Promise<void> | null = null;
  #cancel: () => void = () => undefined;
  #due = Number.POSITIVE_INFINITY;
  /** When the server last answered another call. */
  #answered = Number.NEGATIVE_INFINITY;
  readonly #watching = new Set<Set<string>>();
  /** Acts of several steps that are under way: their steps wait together, at their end. */
  #whole = 0;
  readonly #stop: () => void;
  #over = false;

  constructor(
    private readonly deps: Deps,
    private readonly api: LogApi,
    readonly watch: LogWatch,
    private readonly vault: Records,
    /** The id of the person whose acts these are. */
    private readonly me: string,
    private readonly locked: InTurn,
    private readonly changed: () => void,
  ) {
    api.feed.answered = () => {
      this.#answered = deps.clock();
    };
    this.#stop = api.feed.listen((answer) => this.#heard(answer));
    this.#soon(0);
  }

  close(): void {
    this.#over = true;
    this.#stop();
    this.#cancel();
  }

  /**
   * Do what lets somebody read, or a key count: not while the log contradicts itself, and see
   * {@link settle}. Shutting out is never kept waiting for an honest log.
   *
   * @throws {NotPossible} while there is an alarm, or if the log could not be checked for a day.
   */
  async changeTrust<T>(act: () => Promise<T>): Promise<T> {
    await this.watch.requireSoundNow();
    return this.settle(act);
  }

  /** The server has taken a message of ours, and the thread's log shows it. */
  accepted({ event, promise, thread, seq }: Taken, act: string): void {
    // A repetition is answered without a promise: what it repeats had one.
    this.api.feed.answered();
    if (event === undefined || event === 0) return;
    const heard = this.deps.clock();
    const line = { circle: thread, seq };
    this.#keep([{ event, act, heard, promise: promise ?? null, line }]);
  }

  /** What another keeper of the same person's promises had in hand. */
  take(records: readonly PromiseRecord[]): void {
    this.#keep(records);
  }

  /**
   * Do what changes trust in several steps, and wait until all that the log has promised meanwhile
   * is proven, or for 15 seconds: the act is done by then, here and for the others, and taking it
   * back would be another act. What is not proven stays visible as promised.
   */
  async settle<T>(act: () => Promise<T>): Promise<T> {
    const promised = new Set<string>();
    return this.#shown(async () => {
      this.#watching.add(promised);
      let result: T;
      try {
        result = await this.onward(act);
      } finally {
        this.#watching.delete(promised);
      }
      await this.#untilProven(promised);
      return result;
    });
  }

  /** Do the steps of an act at once, with nobody at the page who waits for its end. */
  async onward<T>(act: () => Promise<T>): Promise<T> {
    this.#whole += 1;
    try {
      return await act();
    } finally {
      this.#whole -= 1;
    }
  }

  async #shown<T>(wait: () => Promise<T>): Promise<T> {
    this.watch.settling += 1;
    this.changed();
    try {
      return await wait();
    } finally {
      this.watch.settling -= 1;
      this.changed();
    }
  }

  async #untilProven(promised: ReadonlySet<string>): Promise<void> {
    await this.#writing;
    const proofs = await this.#awaitProofs(promised);
    if (!proofs && !this.#over) this.watch.unsettled += 1;
  }

  /** One's own acts on this device, the newest first. */
  async list(limit: number): Promise<Constancy[]> {
    const open = await this.vault.list(keys.promises);
    const settled = await this.vault.list(keys.receipts, { reverse: true, limit });
    return rowsOf(named(open, keys.promises), named(settled, keys.receipts)).slice(0, limit);
  }

  /** The tlog-proof of an act, or the promise that was not kept, as a file. */
  async file(name: string): Promise<{ name: string; text: string } | null> {
    const receipt = await this.vault.read(keys.receipt(name));
    if (receipt !== undefined) {
      return { name: `${receipt.log}-${receipt.index}.tlog-proof`, text: receipt.proof };
    }
    const record = await this.vault.read(keys.promise(name));
    if (record?.unopened !== undefined) {
      const { log, index, proof } = record.unopened;
      return { name: `${log}-${index}.tlog-proof`, text: proof };
    }
    if (record?.promise == null) return null;
    const text = noteOf(parsePromise(record.promise));
    return { name: `promise-${record.event}.txt`, text };
  }

  async unpromised(): Promise<readonly Unpromised[]> {
    return (await this.vault.read(keys.unpromised)) ?? [];
  }

  #heard({ act, promised, awaited }: ActAnswered): Promise<void> | undefined {
    const heard = this.deps.clock();
    const lines = promised === "" ? [] : promised.split(", ");
    const some = lines.flatMap((promise): PromiseRecord[] => {
      try {
        return [{ event: parsePromise(promise).event, act, heard, promise }];
      } catch (error) {
        this.#report(error);
        return [];
      }
    });
    this.#keep(some.length > 0 ? some : [{ act, at: heard }]);
    if (!awaited || this.#whole > 0 || some.length === 0) return undefined;
    // A store that cannot be read now is no reason to say that the act was not done.
    return this.#shown(() => this.#untilProven(new Set(some.map(nameOf)))).catch((error: unknown) =>
      this.#report(error),
    );
  }

  /** What comes while the disk is busy is written in one batch. */
  #keep(some: readonly (PromiseRecord | Unpromised)[]): void {
    const first = this.#queue.length === 0;
    this.#queue.push(...some);
    for (const one of some) {
      if ("event" in one) for (const each of this.#watching) each.add(nameOf(one));
    }
    if (!first || some.length === 0) return;
    this.#writing = this.locked(async (tx) => {
      const queue = this.#queue;
      this.#queue = [];
      for (const one of queue) {
        if ("event" in one) await this.#put(tx, one);
        else {
          const known = (await tx.get(keys.unpromised)) ?? [];
          tx.put(keys.unpromised, [...known, one].slice(-MOST_UNPROMISED));
        }
      }
    }).catch((error: unknown) => this.#report(error));
    void this.#writing.then(() => this.#soon());
  }

  async #put(tx: Writing, record: PromiseRecord): Promise<void> {
    const name = nameOf(record);
    const known = (await tx.get(keys.receipt(name))) ?? (await tx.get(keys.promise(name)));
    if (known === undefined) tx.put(keys.promise(name), await found(tx, record));
  }

  /** Ask when it is worth it; an earlier time replaces a later one. */
  #soon(inMs?: number): void {
    if (this.#over) return;
    void this.#pause(inMs).then((pause) => {
      const at = pause === null ? Number.POSITIVE_INFINITY : this.deps.clock() + pause;
      if (this.#over || at >= this.#due || pause === null) return;
      this.#cancel();
      this.#due = at;
      this.#cancel = (this.deps.timers ?? systemTimers).after(pause, () => {
        this.#due = Number.POSITIVE_INFINITY;
        void this.#poll();
      });
    });
  }

  async #pause(inMs?: number): Promise<number | null> {
    if (inMs !== undefined) return inMs;
    try {
      const open = await this.vault.list(keys.promises);
      return pauseBefore(
        open.map(([, one]) => one),
        this.deps.clock(),
      );
    } catch (error) {
      this.#report(error);
      return null;
    }
  }

  #poll(): Promise<void> {
    this.#polling ??= this.#pollOnce().finally(() => {
      this.#polling = null;
      this.#soon();
    });
    return this.#polling;
  }

  async #pollOnce(): Promise<void> {
    try {
      const open = await this.vault.list(keys.promises);
      for (let at = 0; at < open.length; at += AT_ONCE) {
        await this.#ask(open.slice(at, at + AT_ONCE));
      }
    } catch (error) {
      this.#report(error);
    }
  }

  async #ask(some: readonly Kept[]): Promise<void> {
    const answers = await this.#answers(some);
    if (answers === null) return;
    if (this.watch.policy === null) await this.watch.look();
    for (const [key, record] of some) {
      // Each by itself: one that cannot be judged must not keep the others from it.
      try {
        const found = await this.#judgeOrLack(record, answers.get(record.event));
        if (this.#over) return;
        await this.locked((tx) => write(tx, key.slice(keys.promises.length), found));
      } catch (error) {
        this.#report(error);
      }
    }
    this.changed();
  }

  /** None, if the server answers other calls but not this; null if it may be away altogether. */
  async #answers(some: readonly Kept[]): Promise<Map<number, Receipt> | null> {
    const events = [...new Set(some.map(([, { event }]) => event))];
    try {
      return new Map((await this.api.receipts(events)).map((one) => [one.event, one]));
    } catch (error) {
      this.#report(error);
      return this.deps.clock() - this.#answered <= NEAR_MS ? new Map() : null;
    }
  }

  /** A proof that cannot be checked now, as the log's files do not come, is none yet. */
  async #judgeOrLack(
    record: PromiseRecord,
    answer: Receipt | undefined,
  ): Promise<PromiseRecord | ReceiptRecord> {
    try {
      return await this.#judge(record, answer);
    } catch (error) {
      this.#report(error);
      return { ...record, lacking: this.deps.clock() };
    }
  }

  async #judge(
    record: PromiseRecord,
    answer: Receipt | undefined,
  ): Promise<PromiseRecord | ReceiptRecord> {
    const lacking = { ...record, lacking: this.deps.clock() };
    const { policy } = this.watch;
    if (policy === null) return lacking;
    try {
      if (record.promise !== null) await verifyPromise(parsePromise(record.promise), policy);
    } catch (error) {
      if (!(error instanceof Unproven || error instanceof Malformed)) throw error;
      return { ...lacking, wrong: "promise" };
    }
    if (answer === undefined) return lacking;
    try {
      const { watch, me } = this;
      return (await proven(record, answer, { policy, watch, me })) ?? lacking;
    } catch (error) {
      if (error instanceof Refuted) return { ...lacking, wrong: error.what };
      if (error instanceof Unproven || error instanceof Malformed) return lacking;
      throw error;
    }
  }

  async #awaitProofs(promised: ReadonlySet<string>): Promise<boolean> {
    const until = this.deps.clock() + WAIT_MS;
    let first = true;
    while (!this.#over) {
      const open = [...promised].map((name) => this.vault.read(keys.promise(name)));
      const waiting = (await Promise.all(open)).filter((one) => one !== undefined);
      if (waiting.length === 0) return true;
      if (this.deps.clock() >= until) return false;
      if (first) this.#soon();
      first = false;
      await new Promise<void>((done) => {
        (this.deps.timers ?? systemTimers).after(STEP_MS, done);
      });
    }
    return false;
  }

  #report(error: unknown): void {
    if (!this.#over && !isPassing(error)) this.deps.report?.(error);
  }
}

/** What the answer is about was posted from here: its bytes are known, and looked for no more. */
async function found(tx: Writing, record: PromiseRecord): Promise<PromiseRecord> {
  const { line } = record;
  if (line === undefined) return record;
  const key = keys.sought(line.circle, line.seq);
  const sought = await tx.get(key);
  if (sought === undefined) return record;
  tx.remove(key);
  return { ...record, line: { ...line, digest: hex.encode(await sha256(sought.body)) } };
}

const named = <T>(kept: readonly (readonly [string, T])[], below: string): [string, T][] =>
  kept.map(([key, one]) => [key.slice(below.length), one]);

async function write(
  tx: Writing,
  name: string,
  found: PromiseRecord | ReceiptRecord,
): Promise<void> {
  // Another tab was quicker.
  if ((await tx.get(keys.promise(name))) === undefined) return;
  if (!("proof" in found)) return tx.put(keys.promise(name), found);
  if (found.line !== undefined && !(await mark(tx, found.line, found))) return;
  tx.put(keys.receipt(name), found);
  tx.remove(keys.promise(name));
}

/** The message's line says it; false if it is not there yet. */
async function mark(
  tx: Writing,
  { circle, seq }: NonNullable<PromiseRecord["line"]>,
  { index, cosigned }: ReceiptRecord,
): Promise<boolean> {
  const thread = await tx.get(keys.thread(circle));
  const line: LineRecord | undefined = await tx.get(keys.line(circle, seq));
  if (line?.kind === "message") {
    tx.put(keys.line(circle, seq), { ...line, settled: { index, cosigned } });
  }
  // A thread that stopped or was left before it gets no line any more.
  return line !== undefined || thread?.status !== "active";
}
