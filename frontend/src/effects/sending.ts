/** Sending the outbox: runs what state/sending.ts asks for, one machine per thread. */

import { codeOf } from "../api/errors";
import type { ServerFrame } from "../api/schema";
import { b64u, equal } from "../bytes";
import { canonical } from "../canonical";
import { type ActKind, dataOf, isAct, isOfThread, rowOf } from "../crypto/content";
import { EnvelopeTooLong, sealEnvelope } from "../crypto/envelope";
import { type Effect, type Event, type Sending as State, step } from "../state/sending";
import { keys, type OutboxRecord, type SoughtRecord, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";
import { StateReplaced } from "./groups";
import { givesWithdrawn } from "./history/heard";
import { Sought } from "./log/sought";
import { notAgreedTo } from "./readers";
import { stillSaid } from "./said";
import type { Sync } from "./sync";

type Accepted = Extract<ServerFrame, { type: "accepted" }>;
type Refused = Extract<ServerFrame, { type: "refused" }>;

const ANSWER_MS = 10_000;
/** In which what was taken comes by itself, as it comes to everybody. */
const PUSHED_MS = 400;
/** How long another tab gets to send what it queued itself. */
const OTHER_TAB_MS = 10_000;
const RETRY_MS: Readonly<Record<string, number>> = {
  "too-many": 2_000,
  "rate-limited": 2_000,
  "removal-pending": 1_000,
  "not-started": 3_000,
  busy: 1_000,
  "log-stalled": 30_000,
  "storage-full": 30_000,
  "try-again": 3_000,
  unexpected: 5_000,
  "server-error": 3_000,
};

type Transmitted = { kind: "posted"; id: string } | { kind: "empty" | "later" | "offline" };

export class Sending {
  readonly #machines = new Map<string, { state: State; cancel: () => void }>();
  /** Of what was posted: which act it is. By its answer it may be gone from the outbox. */
  readonly #acts = new Map<string, ActKind>();
  /** Why messages were refused last, by id. */
  readonly #refusals = new Map<string, Refused>();
  /**
   * Threads looked at since the socket opened. In no other is anything sent: a store that was put
   * back would encrypt with keys that were used before, and nobody could read it.
   */
  readonly #ready = new Set<string>();
  /** Called when the server waits for somebody to be taken out of a group. */
  removalPending: (circle: string) => void = () => undefined;
  /** Called when a thread was looked at. */
  looked: (circle: string) => void = () => undefined;

  readonly #sought: Sought;

  constructor(
    private readonly core: Core,
    private readonly sync: Sync,
  ) {
    this.#sought = new Sought(core, (record) => this.#again(record));
  }

  /** There is something to send in this thread. */
  submitted(circle: string): void {
    this.#dispatch(circle, { type: "submitted" });
  }

  /** A thread is up to date and the socket open: send what waits. */
  ready(circle: string): void {
    this.#ready.add(circle);
    this.#sought.plan();
    this.#dispatch(circle, { type: "connected" });
    this.looked(circle);
  }

  /** Whether a thread was looked at since the socket opened. */
  isReady(circle: string): boolean {
    return this.#ready.has(circle);
  }

  disconnected(): void {
    this.#ready.clear();
    for (const circle of this.#machines.keys()) this.#dispatch(circle, { type: "disconnected" });
  }

  /** Entries were applied: an answer that was lost may stand in the log. */
  applied(circle: string): void {
    this.#sought.plan();
    const machine = this.#machines.get(circle);
    if (machine?.state.kind !== "sending" || machine.state.id === null) return;
    const { id } = machine.state;
    if (!this.core.mirror.outboxOf(circle).some(([, record]) => record.id === id)) {
      this.#dispatch(circle, { type: "accepted", id });
    }
  }

  /** Post what the log shows already, as it was: for its answer alone. */
  #again({ circle, epoch, id, body, act }: SoughtRecord): boolean {
    if (!this.#ready.has(circle)) return false;
    if (act !== null) this.#acts.set(id, act);
    return this.core.post({ type: "post", thread: circle, epoch, id, body: b64u.encode(body) });
  }

  /** The name, in the table of roles, of what the server has taken. */
  actOf({ id }: Accepted): string {
    const act = this.#acts.get(id) ?? "post";
    this.#acts.delete(id);
    return rowOf(act);
  }

  /**
   * Whether the log shows what the server says it has taken. Of its word alone nothing is believed:
   * it may be somebody's between, or of another message. Until the log shows it the message waits.
   */
  async accepted(frame: Accepted): Promise<boolean> {
    const { thread: circle, id } = frame;
    if (!(await this.#stands(frame))) {
      await this.core.sleep(PUSHED_MS);
      if (!(await this.#stands(frame))) await this.sync.catchUp(circle);
    }
    const stands = await this.#stands(frame);
    this.applied(circle);
    const state = this.#machines.get(circle)?.state;
    const waits = state?.kind === "sending" && state.id === id;
    // An answer that names no act is all that there is.
    if (stands && !frame.event) await this.#sought.answered(circle, frame.seq);
    if (waits && !stands) this.#dispatch(circle, { type: "unanswered" });
    return stands;
  }

  /** A link of the chain names its entry, whole. */
  async #stands({ thread, seq, chain }: Accepted): Promise<boolean> {
    const line = await this.core.vault.read(keys.line(thread, seq));
    return line !== undefined && equal(line.chain, chain);
  }

  async refused(frame: Refused): Promise<void> {
    if (frame.id === null) return this.#slowDown();
    const found = [...this.core.mirror.outbox].find(([, record]) => record.id === frame.id);
    if (found === undefined) return;
    const [, record] = found;
    const code = frame.params.why === "stale-epoch" ? "stale-epoch" : frame.code;
    const retryMs = RETRY_MS[code] ?? null;
    if (code === "removal-pending") this.removalPending(record.circle);
    this.#refusals.set(frame.id, frame);
    this.#dispatch(record.circle, { type: "refused", id: frame.id, code, retryMs });
  }

  /** A frame was refused unread, mostly for its rate: whatever is unanswered may be it. */
  #slowDown(): void {
    for (const [circle, { state }] of this.#machines) {
      if (state.kind === "sending" && state.id !== null) {
        this.#dispatch(circle, { type: "unanswered" });
      }
    }
  }

  #dispatch(circle: string, event: Event): void {
    if (this.core.over) return;
    const machine = this.#machines.get(circle) ?? {
      state: (this.#ready.has(circle) ? { kind: "idle" } : { kind: "paused" }) as State,
      cancel: () => undefined,
    };
    this.#machines.set(circle, machine);
    const [state, effects] = step(machine.state, event);
    if (state !== machine.state) machine.cancel();
    machine.state = state;
    if (state.kind === "sending" && state.id !== null) {
      machine.cancel = this.core.after(ANSWER_MS, () =>
        this.#dispatch(circle, { type: "unanswered" }),
      );
    }
    for (const effect of effects) void this.#run(circle, effect);
  }

  async #run(circle: string, effect: Effect): Promise<void> {
    try {
      switch (effect.do) {
        case "transmit":
          return this.#told(circle, await this.#transmit(circle));
        case "catchUp":
          await this.sync.catchUp(circle);
          if (effect.renew) await this.#renew(circle, effect.id);
          return this.#dispatch(circle, { type: "caughtUp" });
        case "pause":
          this.core.after(effect.ms, () => {
            if (this.#ready.has(circle)) this.#dispatch(circle, { type: "connected" });
          });
          return;
        case "giveUp":
          return await this.#giveUp(circle, effect.id);
      }
    } catch (error) {
      if (!this.core.over) this.#failed(circle, error);
    }
  }

  #failed(circle: string, error: unknown): void {
    if (error instanceof StateReplaced) void this.sync.catchUp(circle).catch(() => undefined);
    if (codeOf(error) === "unexpected") this.core.report(error);
    this.#dispatch(circle, { type: "unanswered" });
  }

  #told(circle: string, done: Transmitted): void {
    if (done.kind === "posted") {
      this.#dispatch(circle, { type: "posted", id: done.id });
      this.applied(circle); // the answer may have been quicker
    } else if (done.kind === "empty") this.#dispatch(circle, { type: "emptied" });
    else if (done.kind === "offline") this.#dispatch(circle, { type: "disconnected" });
    else this.#dispatch(circle, { type: "unanswered" });
  }

  /** Take the first message that waits; encrypt it if that epoch is over; persist; post. */
  #transmit(circle: string): Promise<Transmitted> {
    return this.core.exclusive(async (tx): Promise<Transmitted> => {
      let thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active") return { kind: "empty" };
      if (thread.rolledBack) return { kind: "later" };
      const drafting = thread.drafting || this.core.mirror.isDrafting(circle);
      for (const [key, record] of await tx.listAgain(keys.outboxOf(circle))) {
        if (drafting || isOfDraft(record)) {
          thread = await this.core.checkDrafting(tx, thread);
          if (thread.status !== "active") return { kind: "empty" };
        }
        if (record.status === "failed") continue;
        if (this.#leftToOther(record)) return { kind: "later" };
        const ready = await this.#encrypted(tx, thread, key, record);
        if (ready === null) continue;
        if (ready === "unfit") {
          this.removalPending(circle);
          return { kind: "later" };
        }
        await tx.persist();
        const { id } = ready;
        const { epoch, body } = ready.wire;
        if (isAct(record.content)) this.#acts.set(id, record.content.kind);
        const frame = { thread: circle, epoch, id, body: b64u.encode(body) };
        return this.core.post({ type: "post", ...frame })
          ? { kind: "posted", id }
          : { kind: "offline" };
      }
      return { kind: "empty" };
    });
  }

  #leftToOther(record: OutboxRecord): boolean {
    if (!this.core.isOpenElsewhere(record.tab)) return false;
    const age = this.core.deps.clock() - Date.parse(record.at);
    return age < OTHER_TAB_MS;
  }

  async #encrypted(
    tx: Tx,
    thread: ThreadRecord,
    key: string,
    record: OutboxRecord,
  ): Promise<(OutboxRecord & { wire: { epoch: number; body: Uint8Array } }) | "unfit" | null> {
    const { circle } = thread;
    if (record.wire?.epoch === thread.epoch) return { ...record, wire: record.wire };
    if (notAgreedTo(record, this.core.mirror, thread).length > 0) {
      if (record.status !== "held") tx.put(key, { ...record, status: "held" });
      return null;
    }
    if (await givesWithdrawn(tx, record)) {
      tx.put(key, failed(record, { code: "history-changed", message: "", do: "" }));
      return null;
    }
    const state = await this.core.groups.take(thread);
    if (state === undefined) return null;
    const { engine, groups, people } = this.core;
    const info = engine.info(state);
    if (people.unfitToRead(info.roster).length > 0) {
      groups.unused(thread, state);
      return "unfit";
    }
    const content = await stillSaid(tx, circle, record.content);
    let plaintext: Uint8Array;
    try {
      plaintext = sealEnvelope({
        thread: circle,
        id: record.id,
        counter: thread.counter,
        prev: { seq: thread.seq, chain: thread.chain },
        epochAuthenticator: info.epochAuthenticator,
        content,
      });
    } catch (error) {
      if (!(error instanceof EnvelopeTooLong)) throw error;
      groups.unused(thread, state);
      tx.put(key, failed(record, { code: "message-too-long", message: "", do: "" }));
      return null;
    }
    const aad = canonical(dataOf(record.id, record.content));
    const { next, message, inner } = await engine.encrypt(state, plaintext, aad);
    const { counter, sentSince } = thread;
    const advanced = groups.put(tx, thread, next);
    tx.put(keys.thread(circle), { ...advanced, counter: counter + 1, sentSince: sentSince + 1 });
    tx.afterPersist(() => engine.forget(state, next));
    const wire = { epoch: thread.epoch, body: message, inner };
    tx.put(key, { ...record, status: "sent", tab: this.core.tab, wire } satisfies OutboxRecord);
    return { ...record, wire };
  }

  #giveUp(circle: string, id: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      for (const [key, record] of await tx.listAgain(keys.outboxOf(circle))) {
        const why = this.#refusals.get(id);
        if (record.id === id && why) tx.put(key, failed(record, why));
      }
    });
  }

  /** The id was once used with other bytes, and the log does not show it: take a fresh one. */
  #renew(circle: string, id: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      for (const [key, record] of await tx.listAgain(keys.outboxOf(circle))) {
        if (record.id !== id) continue;
        const { wire: _old, ...rest } = record;
        tx.put(key, { ...rest, id: this.core.deps.random.uuid(), status: "queued" });
      }
    });
  }
}

/** Whatever the server calls the circle: this is for drafters of one State only. */
function isOfDraft({ content }: OutboxRecord): boolean {
  return !isOfThread(content) && content.kind !== "title";
}

function failed(
  record: OutboxRecord,
  why: { code: string; message: string; do: string },
): OutboxRecord {
  const { code, message } = why;
  return { ...record, status: "failed", error: { code, message, remedy: why.do } };
}
