/** Joining: welcomes are taken in the order of the log, stored durably, and only then destroyed. */

import { ApiError } from "../api/errors";
import type { WelcomeRow } from "../api/schema";
import { equal, hex, uuid } from "../bytes";
import { MlsRefused } from "../crypto/engine";
import { type KeyPackageRecord, keys, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import { type Core, NotPossible } from "./core";
import { identityOf, membersOf } from "./roster";
import type { Sync } from "./sync";

/** Fetch and take all that wait; returns the circles joined. */
export async function takeWelcomes(core: Core, sync: Sync): Promise<string[]> {
  const joined: string[] = [];
  const rows = await core.api.welcomes();
  for (const row of rows.sort((a, b) => a.seq - b.seq)) {
    // A device that was taken out and let in again reads its removal first.
    if (core.mirror.threads.get(row.thread)?.status === "active") await sync.catchUp(row.thread);
    const outcome = await join(core, row);
    if (outcome === "early") continue; // it waits until their time has come
    if (outcome === "joined") joined.push(row.thread);
    await dismiss(core, row);
  }
  return joined;
}

/** What became of a welcome: unused if it is not needed or cannot be opened here. */
type Outcome = "joined" | "unused" | "early";

async function join(core: Core, row: WelcomeRow): Promise<Outcome> {
  await core.people.refresh();
  return core.exclusive(async (tx) => {
    const known = await tx.get(keys.thread(row.thread));
    // Who stands in a thread needs no welcome, and a frozen one is not thawed by a host's gift.
    if (known?.status === "active" || known?.status === "frozen") return "unused";
    const found = await packageFor(core, tx, row.welcome);
    if (found === undefined) return "unused";
    const [ref, keyPackage] = found;
    let state: Awaited<ReturnType<typeof core.engine.join>>;
    try {
      state = await core.engine.join(row.welcome, keyPackage, core.device);
    } catch (error) {
      if (!(error instanceof MlsRefused)) throw error;
      core.report(error);
      return "unused";
    }
    const info = core.engine.info(state);
    if (!equal(info.groupId, uuid.toBytes(row.thread))) {
      // The host filed another group's welcome here: its members would read what is written here.
      core.mirror.alarm = "group-swapped";
      core.report(new NotPossible("group-swapped"));
      return "unused";
    }
    // On the day after their designation nobody reads what several States read, whoever lets them
    // in: members who see it stop the thread, and whoever comes in must not be the one who does not.
    const standing = { circle: row.thread, roster: membersOf(info.roster) };
    const own = info.roster.filter((leaf) => identityOf(leaf.credential).person === core.person);
    const limited = core.isShared(standing, []) ? core.people.limitedUntil(own) : null;
    if (limited !== null) {
      const until = new Date(limited).toISOString();
      core.report(new NotPossible("person-limited", { until }));
      return "early";
    }
    const thread: ThreadRecord = {
      circle: row.thread,
      status: "active",
      seq: row.seq,
      chain: row.chain,
      epoch: info.epoch,
      since: { seq: row.seq, chain: row.chain },
      roster: standing.roster,
      name: known?.name ?? null,
      counter: known?.counter ?? 0,
      others: known?.others ?? 0,
      lastAt: known?.lastAt ?? null,
      invited: [],
      stateRevision: 0,
      // Due at once: until its own commit, the key it came in with stands in the tree.
      renewedAt: 0,
      sentSince: 0,
    };
    const drafting = known?.drafting || core.mirror.isDrafting(row.thread);
    const joined = drafting ? core.asDrafting(thread) : thread;
    tx.put(keys.thread(row.thread), core.groups.put(tx, joined, state));
    tx.put(keys.line(row.thread, row.seq), {
      kind: "event",
      what: "joined",
      seq: row.seq,
      chain: row.chain,
      at: core.now(),
      others: thread.others,
      people: [core.person],
      by: null,
    });
    if (!keyPackage.lastResort) tx.remove(keys.package(ref));
    return "joined";
  });
}

async function packageFor(
  core: Core,
  tx: Tx,
  welcome: Uint8Array,
): Promise<[ref: string, record: KeyPackageRecord] | undefined> {
  for (const ref of core.engine.welcomeRefs(welcome).map(hex.encode)) {
    const record = await tx.get(keys.package(ref));
    if (record) return [ref, record];
  }
  return undefined;
}

async function dismiss(core: Core, row: WelcomeRow): Promise<void> {
  try {
    await core.api.removeWelcome(row.id);
  } catch (error) {
    // Gone already: another tab was quicker, or the answer to an earlier try was lost.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
