/**
 * Coming back by external commit, when this device's own state is lost or older than what it
 * already did. What was said between is not readable here; the thread shows that.
 */

import { ApiError } from "../api/errors";
import type { Accepted, Entry } from "../api/schema";
import { equal, uuid } from "../bytes";
import { nextChain } from "../state/chain";
import { keys, type LineRecord, type PendingCommit, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import type { Commits } from "./commits";
import type { Core } from "./core";
import { commitData } from "./directory/stated";
import { dropKeys, stopped } from "./frozen/freeze";
import { outOf } from "./own";
import { membersOf } from "./roster";
import { hush } from "./typing";

const PAGE = 200;
const ATTEMPTS = 5;

type Position = { seq: number; chain: Uint8Array };

export class Rejoin {
  readonly #running = new Set<string>();
  /** Milliseconds before which the server is not asked again, per thread. */
  readonly #notBefore = new Map<string, number>();

  constructor(
    private readonly core: Core,
    private readonly commits: Commits,
  ) {}

  /** Try to come back. At most one an hour is allowed, so a refusal waits for the next turn. */
  async run(circle: string): Promise<void> {
    const now = this.core.deps.clock();
    if (this.#running.has(circle) || now < (this.#notBefore.get(circle) ?? 0)) return;
    if (this.core.mirror.threads.get(circle)?.status === "frozen") return;
    this.#running.add(circle);
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        if (!(await this.#begin(circle))) return;
        if ((await this.commits.settle(circle)) === "later" || !(await this.#isAway(circle)))
          return;
        // Somebody else's commit was quicker: what was made from the epoch before is of no use.
        await this.core.sleep(this.core.spread(50, 250 * attempt));
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const wait = error.code === "resync-too-soon" ? 10 * 60_000 : 60_000;
      this.#notBefore.set(circle, this.core.deps.clock() + wait);
    } finally {
      this.#running.delete(circle);
    }
  }

  async #isAway(circle: string): Promise<boolean> {
    const thread = await this.core.vault.read(keys.thread(circle));
    const { status = "left", rolledBack } = thread ?? {};
    return status !== "frozen" && (status !== "active" || rolledBack !== undefined);
  }

  async #begin(circle: string): Promise<boolean> {
    if (await this.core.vault.read(keys.commit(circle))) {
      const pending = await this.core.vault.read(keys.commit(circle));
      if (pending?.intent.kind === "rejoin") return true;
      if (pending) await this.commits.discard(circle, pending.client_id);
    }
    const info = await this.core.api.groupInfo(circle);
    await this.core.people.refresh(); // to state as much as is known now
    await this.core.exclusive(async (tx) => {
      const { engine, deps, device } = this.core;
      const client_id = deps.random.uuid();
      const aad = commitData(client_id, await this.core.people.stated());
      const made = await engine.rejoin(info.group_info, device, aad);
      if (!equal(engine.info(made.next).groupId, uuid.toBytes(circle))) {
        // The host handed out another group's state: nothing may be posted into it from here.
        const known = await tx.get(keys.thread(circle));
        if (known) tx.put(keys.thread(circle), stopped(this.core, known, "group"));
        dropKeys(this.core, tx, circle);
        this.core.mirror.alarm = "group-swapped";
        return;
      }
      const pending: PendingCommit = {
        client_id,
        epoch: info.epoch,
        commit: made.commit,
        groupInfo: made.groupInfo,
        next: engine.serialise(made.next),
        intent: { kind: "rejoin" },
        at: deps.clock(),
        from: { seq: info.seq, chain: info.chain },
      };
      tx.put(keys.commit(circle), pending);
    });
    return true;
  }

  /** The server took it: walk the chain up to it, and stand there. */
  async finish(circle: string, pending: PendingCommit, accepted: Accepted): Promise<void> {
    const known = await this.core.vault.read(keys.thread(circle));
    const start: Position =
      known && known.seq <= accepted.seq
        ? { seq: known.seq, chain: known.chain }
        : (pending.from ?? { seq: 0, chain: accepted.chain });
    const skipped = await this.#between(circle, start, accepted.seq);
    await this.core.exclusive(async (tx) => {
      const still = await tx.get(keys.commit(circle));
      if (still?.client_id !== pending.client_id) return;
      await this.#stand(tx, circle, pending, start, skipped);
    });
    this.core.mirror.changed();
  }

  async #between(circle: string, start: Position, end: number): Promise<Entry[]> {
    const found: Entry[] = [];
    let after = start.seq;
    while (after < end) {
      const page = await this.core.api.log(circle, after, PAGE);
      const next = page.entries.filter((entry) => entry.seq <= end);
      const last = next.at(-1);
      if (last === undefined) break;
      found.push(...next);
      after = last.seq;
    }
    return found;
  }

  async #stand(
    tx: Tx,
    circle: string,
    pending: PendingCommit,
    start: Position,
    skipped: readonly Entry[],
  ): Promise<void> {
    const { core } = this;
    const known = await tx.get(keys.thread(circle));
    const others = known?.others ?? 0;
    const chain = await chainOver(start, skipped);
    const own = skipped.at(-1);
    const state = core.engine.deserialise(pending.next);
    const info = core.engine.info(state);
    if (chain === null || own?.id !== pending.client_id || !equal(own.body, pending.commit)) {
      if (known) tx.put(keys.thread(circle), stopped(core, known, "chain"));
      dropKeys(core, tx, circle);
      return;
    }
    const since = { seq: own.seq, chain: own.chain };
    const place = { core, tx, circle, thread: { ...(known ?? fresh(circle)), since } };
    const outbox = await tx.list(keys.outboxOf(circle));
    for (const entry of skipped) {
      if (entry.seq <= (known?.seq ?? 0)) continue; // the old state has read it meanwhile
      // Only by its very bytes: what stands there cannot be read here, and a host can put rubbish
      // under a known id. What was encrypted anew since is said again, rather than lost.
      const sent = outbox.find(([, { id, wire }]) => id === entry.id && isOf(entry, wire?.body));
      const isMine = entry.kind === "message" && entry.device === core.device.device;
      const silent = line(core, entry, own, others);
      const shown = sent && isMine ? { ...silent, ...(await outOf(place, entry, sent)) } : silent;
      tx.put(keys.line(circle, entry.seq), shown as LineRecord);
    }
    const roster = membersOf(info.roster);
    const before = new Set(known?.roster.map(({ person }) => person));
    const people = [...new Set(roster.map(({ person }) => person))].filter((p) => !before.has(p));
    if (known && people.length > 0) {
      // Let in while this device could not follow: said like any other arrival, in its own line.
      const at = { seq: own.seq, chain: own.chain, at: own.at, others };
      tx.put(keys.line(circle, own.seq), {
        ...at,
        kind: "event",
        what: "joined",
        people,
        by: null,
      });
    }
    const { rolledBack, ...kept } = place.thread;
    if (rolledBack) hush(tx, circle);
    const thread: ThreadRecord = {
      ...kept,
      status: "active",
      seq: own.seq,
      chain: own.chain,
      epoch: info.epoch,
      since,
      roster,
      renewedAt: core.deps.clock(),
      sentSince: 0,
    };
    const drafting = thread.drafting || core.mirror.isDrafting(circle);
    const back = drafting ? core.asDrafting(thread) : thread;
    tx.put(keys.thread(circle), core.groups.put(tx, back, state));
    tx.remove(keys.commit(circle));
  }
}

function isOf({ body }: Entry, sent: Uint8Array | undefined): boolean {
  return sent !== undefined && equal(body, sent);
}

/** The chain value after `entries`, or null if they do not follow from `start`. */
async function chainOver(start: Position, entries: readonly Entry[]): Promise<Uint8Array | null> {
  let { seq, chain } = start;
  for (const entry of entries) {
    if (entry.seq !== seq + 1) return null;
    chain = await nextChain(chain, entry);
    if (!equal(chain, entry.chain)) return null;
    seq = entry.seq;
  }
  return chain;
}

function line(core: Core, entry: Entry, own: Entry, others: number): LineRecord {
  const at = { seq: entry.seq, chain: entry.chain, at: entry.at, others };
  if (entry !== own) return { ...at, kind: "silent", skipped: true };
  const { person } = core;
  return { ...at, kind: "event", what: "resynced", people: [person], by: person };
}

function fresh(circle: string): ThreadRecord {
  const nowhere = { seq: 0, chain: new Uint8Array(32) };
  return {
    circle,
    status: "active",
    ...nowhere,
    epoch: 0,
    since: nowhere,
    roster: [],
    name: null,
    counter: 0,
    others: 0,
    lastAt: null,
    invited: [],
    stateRevision: 0,
    renewedAt: 0,
    sentSince: 0,
  };
}
