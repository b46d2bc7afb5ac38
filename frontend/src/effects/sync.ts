/** Bringing a thread up to the server's log, under the device's lock, one batch per page. */

import { ApiError } from "../api/errors";
import type { Entry } from "../api/schema";
import { continuing } from "../state/sync";
import { unindexAll } from "../store/found";
import { keys, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";
import { Behind } from "./directory/stated";
import { dropKeys, Freeze, freeze, hold } from "./frozen/freeze";
import { StateReplaced } from "./groups";
import { stepEntry, type Walk } from "./walk";

const PAGE = 200;
const ACK_MS = 1_000;

type Inbox = { entries: Entry[]; done: Promise<void> };

export class Sync {
  readonly #running = new Map<string, { again: boolean; done: Promise<void> }>();
  readonly #inbox = new Map<string, Inbox>();
  readonly #acknowledging = new Set<string>();
  /** Called after entries were applied to a thread. */
  applied: (circle: string) => void = () => undefined;

  constructor(private readonly core: Core) {}

  /**
   * Entries pushed by the server. What comes while the disk is busy is written in one batch.
   * Fetches the log when something lies between.
   */
  receive(circle: string, entries: readonly Entry[]): Promise<void> {
    this.core.mirror.reaches(circle, Math.max(...entries.map(({ seq }) => seq)));
    const waiting = this.#inbox.get(circle);
    if (waiting) {
      waiting.entries.push(...entries);
      return waiting.done;
    }
    const inbox = { entries: [...entries], done: Promise.resolve() };
    this.#inbox.set(circle, inbox);
    inbox.done = this.#takeIn(circle, inbox);
    return inbox.done;
  }

  async #takeIn(circle: string, inbox: Inbox): Promise<void> {
    let missing: boolean;
    try {
      missing = await this.core.exclusive((tx) => {
        // From here on it is our turn: what comes later opens the next inbox.
        this.#inbox.delete(circle);
        const inOrder = inbox.entries.sort((a, b) => a.seq - b.seq);
        return applyEntries(this.core, tx, circle, inOrder);
      });
    } catch (error) {
      if (this.#inbox.get(circle) === inbox) this.#inbox.delete(circle);
      if (!(error instanceof Behind)) throw error;
      missing = true;
    }
    this.#tell(circle);
    if (missing) await this.catchUp(circle);
  }

  /**
   * Read the log to its head. Calls while one is under way share one further run, so whoever
   * awaits sees everything that was in the log when they asked.
   */
  catchUp(circle: string): Promise<void> {
    const running = this.#running.get(circle);
    if (running) {
      running.again = true;
      return running.done;
    }
    const run = { again: false, done: Promise.resolve() };
    this.#running.set(circle, run);
    run.done = this.#toHead(circle, run);
    return run.done;
  }

  /**
   * Read the log to where the server has just said that it goes, after it gave `held` entries of the
   * directory. Where all of it is here nothing is asked: of hundreds of threads few have news.
   */
  async readTo(circle: string, head: number, held: number): Promise<void> {
    const thread = this.core.mirror.threads.get(circle);
    const whole = thread?.status === "active" && !thread.rolledBack && thread.seq >= head;
    if (!whole || thread.behind !== undefined || this.#running.has(circle)) {
      return this.catchUp(circle);
    }
    this.core.mirror.heads.set(circle, head);
    await this.#atHead(circle, held);
  }

  /** More of the directory is known: whatever waited for it is read on. */
  directoryGrew(): void {
    const { mirror } = this.core;
    mirror.changed();
    for (const { circle, behind } of mirror.threads.values()) {
      if (behind !== undefined) void this.catchUp(circle).catch((error) => this.core.report(error));
    }
  }

  async #toHead(circle: string, run: { again: boolean }): Promise<void> {
    try {
      do run.again = false;
      while ((await this.#page(circle)) || run.again);
    } finally {
      // At once with the last look at `again`: whoever asks from here on begins a run of their own.
      this.#running.delete(circle);
    }
  }

  async #page(circle: string): Promise<boolean> {
    const thread = await this.core.vault.read(keys.thread(circle));
    if (thread?.status !== "active" || thread.rolledBack === "stuck") return false;
    const held = this.core.people.size;
    let page: { head: number; entries: Entry[] };
    try {
      page = await this.core.api.log(circle, thread.seq, PAGE);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      await this.lose(circle);
      return false;
    }
    this.core.mirror.heads.set(circle, page.head);
    if (page.entries.length > 0) {
      await this.#apply(circle, page.entries);
      this.#tell(circle);
    }
    const now = this.core.mirror.threads.get(circle);
    if (now?.status !== "active" || now.rolledBack === "stuck") return false;
    if (now.seq < page.head) return page.entries.length > 0;
    await this.#atHead(circle, held);
    return false;
  }

  /** A commit that names more of the directory waits for it, with no lock held meanwhile. */
  async #apply(circle: string, entries: readonly Entry[]): Promise<void> {
    const { core } = this;
    try {
      await core.exclusive((tx) => applyEntries(core, tx, circle, entries));
    } catch (error) {
      if (!(error instanceof Behind)) throw error;
      const fresh = core.mirror.threads.get(circle)?.behind === undefined;
      await core.people.reached(error.stated, fresh);
      await core.exclusive((tx) => applyEntries(core, tx, circle, entries, true));
    }
  }

  /** Whatever comes in this log from here on, the host takes after it gave us so many entries. */
  async #atHead(circle: string, held: number): Promise<void> {
    const isNews = (thread: ThreadRecord | undefined): thread is ThreadRecord =>
      thread !== undefined && (held > (thread.heldAtHead ?? 0) || thread.behind !== undefined);
    if (!isNews(this.core.mirror.threads.get(circle))) return;
    await this.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (!isNews(thread)) return;
      // Whatever waited here for the directory is not in the log any more.
      const { behind: _gone, ...rest } = thread;
      tx.put(keys.thread(circle), { ...rest, heldAtHead: Math.max(held, rest.heldAtHead ?? 0) });
    });
  }

  /**
   * What this program did by itself in a thread was refused: whether that is because the person may
   * no longer read it, of which the word is on its way or was lost. Its log says so, and it is lost.
   *
   * @throws what the log ends in, other than that
   */
  async isLost(circle: string, error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError) || error.status !== 404) return false;
    await this.catchUp(circle);
    return this.core.mirror.threads.get(circle)?.status === "left";
  }

  /** This person may no longer read the thread: forget its keys, keep what was read. */
  async lose(circle: string): Promise<void> {
    await this.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active") return;
      tx.put(keys.thread(circle), { ...thread, status: "left", invited: [] });
      dropKeys(this.core, tx, circle);
      await unindexAll(tx, circle);
    });
    this.core.mirror.changed();
    this.#tell(circle);
  }

  #tell(circle: string): void {
    this.#acknowledgeSoon(circle);
    this.applied(circle);
  }

  /** At most once a second per thread: the server only needs to know roughly, and never too much. */
  #acknowledgeSoon(circle: string): void {
    if (this.#acknowledging.has(circle)) return;
    this.#acknowledging.add(circle);
    this.core.after(ACK_MS, () => {
      this.#acknowledging.delete(circle);
      const thread = this.core.mirror.threads.get(circle);
      if (thread) this.core.post({ type: "ack", thread: circle, seq: thread.seq });
    });
  }
}

/**
 * Apply what continues the thread's log; the result says whether something is missing between.
 *
 * A contradiction freezes the thread at the last good entry, in the same batch. With `holds` it is
 * noted, and said, that the thread waits for the directory.
 */
export async function applyEntries(
  core: Core,
  tx: Tx,
  circle: string,
  entries: readonly Entry[],
  holds = false,
): Promise<boolean> {
  const thread = await tx.get(keys.thread(circle));
  if (thread?.status !== "active" || thread.rolledBack === "stuck") return false;
  const { next, missing } = continuing(thread.seq, entries);
  if (next.length === 0) return missing;
  const walk = await begin(core, tx, thread);
  let failure: unknown;
  for (const entry of walk.state === undefined ? [] : next) {
    try {
      await stepEntry(walk, entry);
    } catch (error) {
      if (error instanceof Freeze) walk.thread = await freeze({ ...walk, entry }, error);
      else failure = error;
      if (holds && error instanceof Behind) walk.thread = await hold({ ...walk, entry }, error);
      break;
    }
    if (walk.thread.status !== "active" || walk.thread.rolledBack === "stuck") break;
  }
  await finish(walk);
  // What was understood before a passing failure stays understood.
  if (failure !== undefined) {
    await tx.persist();
    throw failure;
  }
  return missing && walk.thread.status === "active";
}

async function begin(core: Core, tx: Tx, thread: ThreadRecord): Promise<Walk> {
  const { circle } = thread;
  const outbox = await tx.listAgain(keys.outboxOf(circle));
  const walk: Walk = {
    core,
    tx,
    circle,
    thread,
    state: undefined,
    spent: [],
    pending: await tx.get(keys.commit(circle)),
    outbox: new Map(outbox.map(([key, record]) => [record.id, [key, record]])),
  };
  try {
    walk.state = await core.groups.take(thread);
  } catch (error) {
    if (!(error instanceof StateReplaced)) throw error;
  }
  if (walk.state === undefined) walk.thread = { ...thread, rolledBack: "stuck" };
  return walk;
}

async function finish(walk: Walk): Promise<void> {
  const { core, tx, circle, state, spent } = walk;
  let { thread } = walk;
  if (thread.status !== "active") {
    dropKeys(core, tx, circle);
    if (thread.status === "left") await unindexAll(tx, circle);
  } else if (state !== undefined && spent.length > 0) {
    thread = core.groups.put(tx, thread, state);
    tx.afterPersist(() => {
      for (const old of spent) core.engine.forget(old, state);
    });
  } else if (state !== undefined) {
    core.groups.unused(thread, state);
  }
  tx.put(keys.thread(circle), thread);
}
