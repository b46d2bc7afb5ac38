/**
 * Making commits: stored before they leave, merged only when the log shows them, made again from
 * their intent when somebody else's came first.
 */

import { ApiError, Unreachable } from "../api/errors";
import type { Accepted } from "../api/schema";
import type { Intent, Roster } from "../crypto/engine";
import {
  type CommitIntent,
  keys,
  type Member,
  type PendingCommit,
  type ThreadRecord,
} from "../store/records";
import type { Tx } from "../store/vault";
import { type Core, NotPossible } from "./core";
import { commitData, latest } from "./directory/stated";
import type { Rejoin } from "./rejoin";
import { addedTo, membersOf, rosterChange } from "./roster";
import type { Sync } from "./sync";

/**
 * What should change, decided anew for each try from the roster as it then is; null when there is
 * nothing left to do.
 */
export type Plan = (
  thread: ThreadRecord,
  tx: Tx,
) => Promise<Exclude<CommitIntent, { kind: "rejoin" }> | null>;

/** "later": the server could not be asked; the pending commit is settled when it can. */
export type Outcome = "done" | "nothing" | "later";

const MOST_TRIES = 8;

export class Commits {
  readonly #turns = new Map<string, Promise<unknown>>();
  rejoin: Rejoin | undefined;

  constructor(
    private readonly core: Core,
    private readonly sync: Sync,
  ) {}

  /** One change at a time per thread in this process; other tabs are held off by the store. */
  change(circle: string, plan: Plan): Promise<Outcome> {
    const turn = (this.#turns.get(circle) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#change(circle, plan));
    this.#turns.set(circle, turn);
    return turn;
  }

  async #change(circle: string, plan: Plan): Promise<Outcome> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      await this.sync.catchUp(circle);
      if ((await this.settle(circle)) === "later") return "later";
      const pending = await this.#make(circle, plan);
      if (pending === "nothing") return "nothing";
      if (pending === "taken") continue;
      const outcome = await this.#submit(circle, pending);
      if (outcome !== "stale") return outcome;
      // Those who lost the race with us try again too: not all at once.
      await this.core.sleep(this.core.spread(50, 250 * (attempt + 1)));
    }
    return "later";
  }

  #make(circle: string, plan: Plan): Promise<PendingCommit | "nothing" | "taken"> {
    return this.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active" || thread.rolledBack) return "nothing";
      if (await tx.get(keys.commit(circle))) return "taken";
      const intent = await plan(thread, tx);
      if (intent === null) return "nothing";
      const state = await this.core.groups.take(thread);
      if (state === undefined) return "nothing";
      const { engine, deps, groups } = this.core;
      const { roster } = engine.info(state);
      const client_id = deps.random.uuid();
      const stated = await this.core.people.stated();
      const aad = commitData(client_id, stated);
      const made = await engine.commit(state, asChange(intent, thread.roster), aad);
      const after = engine.info(made.next).roster;
      requireExpected(intent, roster, after);
      // The engine's hook is mild with what stood in older entries; here it would come in anew.
      const added = addedTo(thread.roster, after);
      if (added.length > 0) this.core.people.requireFresh();
      if (this.core.people.unfit(added).length > 0) throw new NotPossible("addition-not-entitled");
      const shared = this.core.isShared(thread, added);
      const limited = shared ? this.core.people.limitedUntil(added) : null;
      if (limited !== null) {
        throw new NotPossible("person-limited", { until: new Date(limited).toISOString() });
      }
      if (this.core.isForeign(circle, added)) throw new NotPossible("draft-own-state");
      const pending: PendingCommit = {
        client_id,
        epoch: thread.epoch,
        commit: made.commit,
        groupInfo: made.groupInfo,
        next: engine.serialise(made.next),
        intent,
        at: deps.clock(),
        ...(stated && { directory: latest(thread.directory, stated) }),
        ...(made.welcome && { welcome: made.welcome }),
      };
      tx.put(keys.commit(circle), pending);
      groups.unused(thread, state);
      return pending;
    });
  }

  /** Bring a commit of an earlier moment to its end, whichever it was. */
  async settle(circle: string): Promise<"settled" | "later"> {
    const pending = await this.core.vault.read(keys.commit(circle));
    if (pending === undefined) return "settled";
    try {
      const accepted = await this.core.api.committed(circle, pending.client_id);
      await this.#merge(circle, pending, accepted);
      return "settled";
    } catch (error) {
      if (error instanceof Unreachable) return "later";
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
    const outcome = await this.#submit(circle, pending);
    return outcome === "later" ? "later" : "settled";
  }

  async #submit(circle: string, pending: PendingCommit): Promise<"done" | "stale" | "later"> {
    const { client_id, epoch, commit, welcome, groupInfo } = pending;
    const body = { client_id, epoch, commit, welcome, group_info: groupInfo };
    let accepted: Accepted;
    try {
      accepted = await this.core.api.commit(circle, body);
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
        return this.#refused(circle, pending, error);
      }
      return this.#ask(circle, pending);
    }
    await this.#merge(circle, pending, accepted);
    return "done";
  }

  /** No answer: the commit may have been accepted all the same. */
  async #ask(circle: string, pending: PendingCommit): Promise<"done" | "stale" | "later"> {
    try {
      const accepted = await this.core.api.committed(circle, pending.client_id);
      await this.#merge(circle, pending, accepted);
      return "done";
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return "later";
      if (error instanceof Unreachable) return "later";
      throw error;
    }
  }

  async #refused(circle: string, pending: PendingCommit, error: ApiError): Promise<"stale"> {
    await this.discard(circle, pending.client_id);
    if (error.code !== "stale-epoch") throw error;
    await this.sync.catchUp(circle);
    return "stale";
  }

  /** Reading the log merges it, in its place among the other entries. */
  async #merge(circle: string, pending: PendingCommit, accepted: Accepted): Promise<void> {
    if (pending.intent.kind === "rejoin") await this.rejoin?.finish(circle, pending, accepted);
    else await this.sync.catchUp(circle);
  }

  discard(circle: string, clientId: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      const pending = await tx.get(keys.commit(circle));
      if (pending?.client_id === clientId) tx.remove(keys.commit(circle));
    });
  }
}

function asChange(
  intent: Exclude<CommitIntent, { kind: "rejoin" }>,
  roster: readonly Member[],
): Intent {
  switch (intent.kind) {
    case "add":
      return { add: intent.devices.map((device) => device.package) };
    case "remove": {
      const gone = new Set(intent.devices);
      return { remove: roster.filter(({ device }) => gone.has(device)).map(({ leaf }) => leaf) };
    }
    case "update":
      return { update: true };
  }
}

/** The new roster is exactly the old one with what was meant, or the commit is not made. */
function requireExpected(
  intent: Exclude<CommitIntent, { kind: "rejoin" }>,
  before: Roster,
  after: Roster,
): void {
  const old = membersOf(before);
  const now = membersOf(after);
  const expected = new Set(old.map(({ device }) => device));
  if (intent.kind === "add") for (const { device } of intent.devices) expected.add(device);
  if (intent.kind === "remove") for (const device of intent.devices) expected.delete(device);
  const persons = new Map(now.map(({ device, person }) => [device, person]));
  const asNamed =
    intent.kind !== "add" ||
    intent.devices.every(({ device, person }) => persons.get(device) === person);
  const same = now.length === expected.size && now.every(({ device }) => expected.has(device));
  if (!same || !asNamed || rosterChange(old, now).altered) throw new NotPossible("roster-mismatch");
}
