/** What every effect of a signed-in person stands on. Made at sign-in, dropped at its end. */

import type { Api } from "../api/api";
import { ApiError, isOver } from "../api/errors";
import type { ClientFrame } from "../api/schema";
import type { MlsEngine, Roster } from "../crypto/engine";
import type { DeviceRecord, IntentRecord, OutboxRecord, ThreadRecord } from "../store/records";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import { type Deps, systemTimers } from "./deps";
import { dropKeys, stopped } from "./frozen/freeze";
import { Groups } from "./groups";
import type { Mirror } from "./mirror";
import type { People } from "./people";
import { touch } from "./retention/touching";
import { identityOf } from "./roster";

/** The session ended while something was under way; its result is of no use. */
export class SessionOver extends Error {
  override readonly name = "SessionOver";
  readonly code = "session-over";
}

export { NotPossible } from "./problems";

export class Core {
  readonly api: Api;
  readonly groups: Groups;
  /** Distinguishes this tab or process among those sharing the store. */
  readonly tab: string;
  /** Post a frame on the socket; false when there is none. Set by the connection. */
  post: (frame: ClientFrame) => boolean = () => false;
  /** Whether another tab, by its id, is open on this store. Set by the tabs. */
  isOpenElsewhere: (tab: string) => boolean = () => false;
  /** The server no longer knows the session. Set by the client. */
  sessionOver: () => void = () => undefined;
  #over = false;
  #lastOrder = 0;

  constructor(
    readonly deps: Deps,
    readonly vault: Vault,
    readonly engine: MlsEngine,
    readonly device: DeviceRecord,
    readonly mirror: Mirror,
    readonly people: People,
  ) {
    this.api = deps.api;
    this.tab = deps.random.uuid();
    this.groups = new Groups(engine, vault);
    vault.before = (batch) => touch(this, batch);
  }

  get person(): string {
    return this.device.person;
  }

  get over(): boolean {
    return this.#over;
  }

  end(): void {
    this.#over = true;
    this.groups.forget();
    this.post = () => false;
  }

  /**
   * Read, compute and write with nobody between: one lock per person on this device, shared by
   * all tabs. What `task` put is durable when the promise resolves, and unchanged if it throws.
   */
  exclusive<T>(task: (tx: Tx) => Promise<T>): Promise<T> {
    return this.deps.locks.run(`casehub-${this.person}`, async () => {
      if (this.#over) throw new SessionOver();
      const tx = await this.vault.begin();
      const result = await task(tx);
      await tx.persist();
      return result;
    });
  }

  /** Something that should not happen. It is kept for whoever looks, and stops nothing else. */
  report(error: unknown): void {
    // What programs may do no more after a designation is said once, in the page's banner.
    if (this.#over || error instanceof SessionOver || isOver(error)) return;
    if (error instanceof ApiError && error.code === "sign-in-needed") this.sessionOver();
    else this.deps.report?.(error);
  }

  now(): string {
    return new Date(this.deps.clock()).toISOString();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      (this.deps.timers ?? systemTimers).after(ms, resolve);
    });
  }

  after(ms: number, run: () => void): () => void {
    return (this.deps.timers ?? systemTimers).after(ms, () => {
      if (!this.#over) run();
    });
  }

  /** A moment between `least` and `most` milliseconds, so that members do not act all at once. */
  spread(least: number, most: number): number {
    return least + this.deps.random.chance() * (most - least);
  }

  /** Queue content for a thread and, of a text, its readers; the order of queueing is kept. */
  enqueue(
    tx: Tx,
    circle: string,
    content: OutboxRecord["content"],
    readers?: readonly string[],
    beside: Partial<Pick<OutboxRecord, "gives" | "id">> = {},
  ): OutboxRecord {
    // Two messages in one millisecond keep their order.
    this.#lastOrder = Math.max(this.deps.clock(), this.#lastOrder + 1);
    const record: OutboxRecord = {
      id: this.deps.random.uuid(),
      circle,
      content,
      at: this.now(),
      status: "queued",
      tab: this.tab,
      ...(readers && { readers: [...new Set(readers)] }),
      ...beside,
    };
    tx.put(keys.outbox(circle, this.#lastOrder, record.id), record);
    return record;
  }

  /** Tell whoever is in, or has just come in, what a circle is called and what it goes on from. */
  sayTitle(tx: Tx, { circle, continues }: ThreadRecord, title: string): void {
    this.enqueue(tx, circle, {
      kind: "title",
      title,
      ...(continues !== undefined && { continues }),
    });
  }

  /** Whether one of these leaves is of another State, in a circle that only this one drafts in. */
  isForeign(circle: string, leaves: Roster): boolean {
    if (!this.mirror.isDrafting(circle)) return false;
    return leaves.some(({ credential }) => identityOf(credential).state !== this.device.state);
  }

  /**
   * Whether several States read a circle: by its case as the server lists it, or by who stands in
   * it and who comes in. A host that lists one State alone does not spare anybody the day's wait.
   */
  isShared({ circle, roster }: Pick<ThreadRecord, "circle" | "roster">, added: Roster): boolean {
    const own = this.mirror.cases.find(
      (one) =>
        one.circle === circle ||
        [...one.threads, ...one.drafts].some((other) => other.circle === circle),
    );
    const standing = roster.map(({ state }) => state);
    const coming = added.map(({ credential }) => identityOf(credential).state);
    return new Set([...(own?.states ?? []), ...standing, ...coming]).size > 1;
  }

  /**
   * What is known to be a drafting circle stays one, and stops here when somebody of another State
   * stands in it, however they came in.
   */
  asDrafting(thread: ThreadRecord): ThreadRecord {
    const foreign = thread.roster.some(({ state }) => state !== this.device.state);
    if (thread.status !== "active" || !foreign) return { ...thread, drafting: true };
    const refused = thread.roster
      .filter(({ state }) => state !== this.device.state)
      .map(({ person, device, state, key }) => ({
        person,
        device,
        state,
        key,
        why: "draft-own-state",
      }));
    return { ...stopped(this, thread, "commit-leaf-refused", { refused }), drafting: true };
  }

  /** The thread as it now is; written anew, and on the disk, when that is something else. */
  async checkDrafting(tx: Tx, thread: ThreadRecord): Promise<ThreadRecord> {
    const now = this.asDrafting(thread);
    if (now.status === thread.status && thread.drafting) return thread;
    tx.put(keys.thread(thread.circle), now);
    if (now.status === "frozen") dropKeys(this, tx, thread.circle);
    await tx.persist();
    return now;
  }

  intent(record: IntentRecord): Promise<void> {
    return this.exclusive(async (tx) => tx.put(keys.intent(record.id), record));
  }
}
