/**
 * Walking along a thread's log, entry by entry: every check that stands between what the server
 * says and what a person reads.
 *
 * A walk changes nothing by itself: it collects lines and the advanced state, and the caller
 * writes them in one batch.
 */

import type { Entry } from "../api/schema";
import { equal } from "../bytes";
import { isOfThread } from "../crypto/content";
import { type GroupState, MlsRefused, type Processed, type Roster } from "../crypto/engine";
import { EnvelopeMalformed, type Opened, openEnvelope } from "../crypto/envelope";
import type { InnerSignature } from "../crypto/innerSignature";
import { nextChain } from "../state/chain";
import {
  keys,
  type LineRecord,
  type Member,
  type OutboxRecord,
  type PendingCommit,
  type Suspect,
  type ThreadRecord,
} from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";
import { Behind, latest, type Stated, statedIn, statedOrNull } from "./directory/stated";
import { Freeze, type Refused } from "./frozen/freeze";
import { note } from "./noting";
import { aside, outOf } from "./own";
import type { Moment } from "./people";
import { keysFor } from "./requests/heard";
import { addedTo, identityOf, membersOf, type RosterChange, rosterChange } from "./roster";
import {
  actInClear,
  claimedBy,
  isData,
  type ShownHere,
  type ShownMessage,
  said,
  type Where,
} from "./said";
import { keepSigned } from "./signed";
import { hush } from "./typing";

export type Walk = {
  readonly core: Core;
  readonly tx: Tx;
  readonly circle: string;
  thread: ThreadRecord;
  /** Undefined once this device is out of the group. */
  state: GroupState | undefined;
  /** States that were advanced past; their secrets are forgotten once the walk is durable. */
  readonly spent: GroupState[];
  pending: PendingCommit | undefined;
  readonly outbox: Map<string, [key: string, record: OutboxRecord]>;
  /** The signature of the message that is being taken, once it is known to count. */
  heard?: InnerSignature | undefined;
};

/** What an entry is to be remembered as, beside where and when it was. */
export type Shown =
  | { kind: "silent" }
  | ShownHere
  | Omit<Extract<LineRecord, { kind: "event" }>, Where>;

const SILENT: Shown = { kind: "silent" };

/**
 * Take one entry, the next in order.
 *
 * @throws {Freeze} if it cannot be what the group agreed on.
 * @throws {Unreachable} if a new member's chain could not be fetched: try again later.
 */
export async function stepEntry(walk: Walk, entry: Entry): Promise<void> {
  const chain = await nextChain(walk.thread.chain, entry);
  if (!equal(chain, entry.chain)) throw new Freeze("chain");
  if (entry.epoch !== walk.thread.epoch) throw new Freeze("epoch");
  const shown = await understand(walk, entry);
  await keepSigned(walk, entry, shown);
  if (walk.thread.rolledBack !== "stuck") await note(walk, entry, shown);
}

function understand(walk: Walk, entry: Entry): Promise<Shown> {
  const mine = entry.device === walk.core.device.device;
  if (entry.kind === "commit") return mine ? ownCommit(walk, entry) : foreignCommit(walk, entry);
  return mine ? ownMessage(walk, entry) : foreignMessage(walk, entry);
}

/** An own message is known from the outbox: MLS does not let a sender read what it sent. */
async function ownMessage(walk: Walk, entry: Entry): Promise<Shown> {
  const { device, person } = walk.core.device;
  const kept = walk.outbox.get(entry.id);
  const wire = kept?.[1].wire;
  if (kept !== undefined && wire?.epoch === entry.epoch) {
    if (!equal(wire.body, entry.body)) throw new Freeze("own-altered");
    walk.heard = wire.inner;
    walk.outbox.delete(entry.id);
    return outOf(walk, entry, kept);
  }
  // This device sent it, but does not remember how: its store was put back to an older one.
  walk.thread = { ...walk.thread, rolledBack: "behind" };
  if (kept !== undefined && (await isReread(walk, entry))) {
    walk.outbox.delete(entry.id);
    return outOf(walk, entry, kept);
  }
  // What that one still holds of it waits on: its words are sent again, under a fresh id.
  return { kind: "message", id: entry.id, person, device, mine: true, text: "", error: "own-lost" };
}

/**
 * Whether what stands there under an id of this device's outbox is what it sent, encrypted anew
 * since: by its own signature inside. By the id alone a host could make it forget what it swallowed.
 */
async function isReread(walk: Walk, entry: Entry): Promise<boolean> {
  const { core, circle } = walk;
  try {
    const read = await core.engine.reread(present(walk), entry.body);
    advanceTo(walk, read.state);
    const inner = openEnvelope(read.plaintext);
    if (inner.thread !== circle || inner.id !== entry.id) return false;
    walk.heard = read.inner;
    return true;
  } catch (error) {
    if (error instanceof MlsRefused || error instanceof EnvelopeMalformed) return false;
    throw error;
  }
}

async function ownCommit(walk: Walk, entry: Entry): Promise<Shown> {
  const { pending, core } = walk;
  if (pending === undefined || pending.client_id !== entry.id) {
    // Made by this device in a time it has forgotten; only a resync leads on.
    walk.thread = { ...walk.thread, rolledBack: "stuck" };
    return SILENT;
  }
  if (!equal(pending.commit, entry.body)) throw new Freeze("own-altered");
  const before = walk.thread.roster;
  const next = core.engine.deserialise(pending.next);
  // An old state that met its own coming back: the roster is of the host's GroupInfo.
  if (pending.intent.kind === "rejoin")
    requireSame(before, membersOf(core.engine.info(next).roster));
  advance(walk, next);
  walk.tx.remove(keys.commit(walk.circle));
  walk.pending = undefined;
  const now = core.deps.clock();
  const { directory = walk.thread.directory } = pending;
  walk.thread = { ...walk.thread, renewedAt: now, sentSince: 0, ...(directory && { directory }) };
  if (pending.intent.kind === "rejoin") return cameBack(walk);
  if (pending.intent.kind === "add") await afterAdding(walk, pending.intent.devices);
  return eventOf(rosterChange(before, walk.thread.roster), core.person);
}

/**
 * An old state that could still follow met its own coming back in the log, before the answer to it
 * came: this is the new state, with nothing skipped, and sending may go on.
 */
function cameBack(walk: Walk): Shown {
  const { rolledBack: _over, ...thread } = walk.thread;
  walk.thread = thread;
  hush(walk.tx, walk.circle);
  return resynced({ person: walk.core.person });
}

/** The newcomer can read nothing from before: say the title and the newest draft's key again. */
async function afterAdding(walk: Walk, devices: { person: string }[]): Promise<void> {
  walk.tx.remove(keys.claim(walk.circle));
  const added = new Set(devices.map((device) => device.person));
  const { name, invited } = walk.thread;
  walk.thread = { ...walk.thread, invited: invited.filter((person) => !added.has(person)) };
  const { core, tx, circle } = walk;
  if (name !== null) core.sayTitle(tx, walk.thread, name);
  const request = core.mirror.requests.find((one) => one.circle === circle);
  for (const key of await keysFor(tx, circle, request?.version ?? 0)) core.enqueue(tx, circle, key);
}

async function foreignMessage(walk: Walk, entry: Entry): Promise<Shown> {
  const state = present(walk);
  let read: Processed;
  try {
    read = await walk.core.engine.process(state, entry.body);
  } catch (error) {
    // A member may send rubbish; it must not stop the others. It stays visible as unreadable.
    if (error instanceof MlsRefused) return unreadable(walk, entry, error.reason);
    throw error;
  }
  if (read.kind !== "message") throw new Freeze("kind");
  const author = identityOf(read.author.credential);
  if (author.device !== entry.device) throw new Freeze("author");
  if (!isData(read.aad, entry.id)) throw new Freeze("message-id");
  const { epochAuthenticator } = walk.core.engine.info(state);
  advanceTo(walk, read.state);
  const by = { person: author.person, device: author.device, mine: false };
  const told = actInClear(read.aad);
  const without = async (error: string): Promise<ShownHere> => {
    if (told !== null) return said(walk, entry, by, told);
    walk.heard = read.inner; // that it is no edit is to be shown, too
    return unreadable(walk, entry, error);
  };
  let inner: Opened;
  try {
    inner = openEnvelope(read.plaintext);
  } catch {
    return without("malformed");
  }
  // The author is known by signature here. What they wrote inside may be wrong on purpose, and one
  // member must not be able to stop the thread for all: it is their message that does not count.
  const { since } = walk.thread;
  const wrong =
    inner.thread !== walk.circle ||
    inner.id !== entry.id ||
    !claimedBy(read.aad, entry.id, inner.content) ||
    !equal(inner.epochAuthenticator, epochAuthenticator) ||
    inner.prev.seq >= entry.seq ||
    inner.prev.seq < since.seq;
  if (wrong) {
    walk.core.mirror.alarm = "message-inconsistent";
    return without("inconsistent");
  }
  await checkPrevious(walk, inner.prev, author);
  const { content } = inner;
  walk.heard = read.inner;
  if (content.kind === "unknown") {
    if (told !== null) return said(walk, entry, by, told);
    return { ...unreadable(walk, entry, "kind-unknown"), kept: content.kept };
  }
  return isOfThread(content) ? said(walk, entry, by, content) : aside(walk, entry, by, content);
}

function unreadable(walk: Walk, entry: Entry, error: string): ShownMessage {
  const author = walk.thread.roster.find((member) => member.device === entry.device);
  if (author === undefined) throw new Freeze("author");
  const { person, device } = author;
  return { kind: "message", id: entry.id, person, device, mine: false, text: "", error };
}

/**
 * The author says which entry was the last they had accepted, and its chain value. If ours at
 * that place differs, the server shows different logs to different members, or the author lies;
 * from here it cannot be told which. Going on, or coming back by the host's GroupInfo, would leave
 * to the host what this group is (docs/adr/0012).
 */
async function checkPrevious(
  walk: Walk,
  prev: { seq: number; chain: Uint8Array },
  author: Suspect,
): Promise<void> {
  const { thread, tx } = walk;
  const known =
    prev.seq === thread.since.seq
      ? thread.since.chain
      : (await tx.get(keys.line(walk.circle, prev.seq)))?.chain;
  if (known !== undefined && equal(known, prev.chain)) return;
  const claim = { seq: prev.seq, theirs: prev.chain, ours: known ?? null };
  throw new Freeze("forked", { author, claim });
}

async function foreignCommit(walk: Walk, entry: Entry): Promise<Shown> {
  const { core } = walk;
  await core.people.recall(walk.tx); // what another tab has learned
  requireFollowed(walk, entry);
  const read = await processed(walk, entry);
  if (read.kind !== "commit") throw new Freeze("kind");
  const committer = identityOf(read.author.credential);
  if (committer.device !== entry.device) throw new Freeze("author");
  const stated = statedIn(read.aad, entry.id);
  if (!read.selfRemoved) {
    await core.people.requireAgreed(walk.thread.directory, stated, read.sender === "external");
    await requireWelcome(walk, entry, read.state, stated);
  }
  if (walk.pending !== undefined) {
    // Somebody else's commit took this epoch: ours was not and will not be accepted.
    walk.tx.remove(keys.commit(walk.circle));
    walk.pending = undefined;
  }
  if (read.selfRemoved) return leave(walk, committer.person);
  const old = walk.thread.roster;
  const now = membersOf(walk.core.engine.info(read.state).roster);
  const change = rosterChange(old, now);
  if (change.altered) throw new Freeze("roster");
  // An external commit may only put a device's own leaf back in its place.
  if (read.sender === "external") requireSame(old, now);
  advance(walk, read.state);
  const directory = latest(walk.thread.directory, stated);
  if (directory !== undefined) walk.thread = { ...walk.thread, directory };
  return read.sender === "external" ? resynced(committer) : eventOf(change, committer.person);
}

/**
 * Leaves are judged under what the commit's author knew, or not yet. Nothing of it is verified here:
 * whoever makes up a number makes this device wait, as whoever hands out nothing does.
 *
 * @throws {Behind}
 */
function requireFollowed({ core }: Walk, entry: Entry): void {
  const data = core.engine.authenticatedData(entry.body);
  const stated = data && statedOrNull(data, entry.id);
  if (stated !== null && core.people.isBehind(stated)) throw new Behind(stated);
}

async function processed(walk: Walk, entry: Entry): Promise<Processed> {
  const { engine, people } = walk.core;
  try {
    return await engine.process(present(walk), entry.body);
  } catch (error) {
    if (!(error instanceof MlsRefused)) throw error;
    const { leaf, reason } = error;
    const refused = leaf && [{ leaf, why: people.whyNot(leaf) ?? "malformed" }];
    throw new Freeze(`commit-${reason}`, refused ? { refused } : {});
  }
}

/** Whoever comes in may do so, as far as this device can tell of the moment. */
async function requireWelcome(
  walk: Walk,
  entry: Entry,
  next: GroupState,
  stated: Stated | null,
): Promise<void> {
  const { core, thread, circle } = walk;
  const added = addedTo(thread.roster, core.engine.info(next).roster);
  if (added.length === 0) return;
  const moment = await momentOf(walk, entry, stated, added);
  const refused: Refused[] = await core.people.barred(added, moment);
  for (const leaf of added) {
    if (core.isForeign(circle, [leaf])) refused.push({ leaf, why: "draft-own-state" });
  }
  if (refused.length > 0) throw new Freeze("commit-leaf-refused", { refused });
}

/** When the host took an entry: by its own word, but not before what came before it. */
async function momentOf(
  { core, tx, circle, thread }: Walk,
  { at }: Entry,
  stated: Stated | null,
  added: Roster,
): Promise<Moment> {
  const before =
    thread.seq > thread.since.seq ? await tx.get(keys.line(circle, thread.seq)) : undefined;
  const floor = before === undefined ? 0 : Date.parse(before.at);
  const moment = Math.max(Date.parse(at), floor);
  const known = { size: thread.heldAtHead ?? 0, stated: stated?.size ?? null };
  return { at: moment, ...known, shared: core.isShared(thread, added) };
}

/** @throws {Freeze} unless the same devices stand under the same keys. */
function requireSame(old: readonly Member[], now: readonly Member[]): void {
  const devices = (members: readonly Member[]) => members.map((member) => member.device).sort();
  if (rosterChange(old, now).altered) throw new Freeze("roster");
  if (devices(old).join() !== devices(now).join()) throw new Freeze("resync");
}

function resynced({ person }: { person: string }): Shown {
  return { kind: "event", what: "resynced", people: [person], by: person };
}

function leave(walk: Walk, by: string): Shown {
  const { behind: _over, ...thread } = walk.thread;
  walk.thread = { ...thread, status: "left", invited: [] };
  walk.state = undefined;
  return { kind: "event", what: "removed", people: [walk.core.person], by };
}

function present(walk: Walk): GroupState {
  if (walk.state === undefined) throw new Freeze("state-lost");
  return walk.state;
}

function advance(walk: Walk, state: GroupState): void {
  const info = walk.core.engine.info(state);
  advanceTo(walk, state);
  walk.thread = { ...walk.thread, epoch: info.epoch, roster: membersOf(info.roster) };
}

function advanceTo(walk: Walk, state: GroupState): void {
  if (walk.state !== undefined) walk.spent.push(walk.state);
  walk.state = state;
}

/** One line per commit: persons before devices; a renewal of keys is not shown. */
export function eventOf(change: RosterChange, by: string | null): Shown {
  const also = change.devices.length > 0 && { further: change.devices };
  if (change.joined.length > 0)
    return { kind: "event", what: "joined", people: change.joined, ...also, by };
  if (change.gone.length > 0)
    return { kind: "event", what: "removed", people: change.gone, ...also, by };
  if (change.devices.length > 0)
    return { kind: "event", what: "device-added", people: change.devices, by };
  if (change.lost.length === 0) return SILENT;
  const people = [...new Set(change.lost.map(({ person }) => person))];
  const devices = change.lost.map(({ device }) => device);
  return { kind: "event", what: "device-removed", people, devices, by };
}
