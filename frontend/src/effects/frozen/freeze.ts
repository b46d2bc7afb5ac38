/**
 * Stopping a thread whose log contradicts what this device knows, and keeping what there is to show
 * for it: the entry as it came, and from whom it came as far as that can be proven.
 *
 * A stopped thread never starts again, so its keys are forgotten at once. What leads on is a new
 * group, by its owner's act (docs/adr/0012).
 */

import type { Entry } from "../../api/schema";
import { b64u } from "../../bytes";
import type { GroupState, Member, Trace } from "../../crypto/engine";
import { nextChain } from "../../state/chain";
import { type FaultRecord, keys, type Suspect, type ThreadRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import type { Core } from "../core";
import type { Behind } from "../directory/stated";
import { identityOf } from "../roster";

/** A leaf that may not stand in the group, and why. */
export type Refused = { leaf: Pick<Member, "credential" | "signatureKey">; why: string };

export type Found = {
  /** Who wrote the message, by its signature as this device decrypted it. */
  author?: Suspect;
  refused?: readonly Refused[];
  claim?: FaultRecord["claim"];
  directory?: FaultRecord["directory"];
};

/** The log contradicts what this device knows. The thread stops here, visibly. */
export class Freeze extends Error {
  override readonly name = "Freeze";

  constructor(
    readonly why: string,
    readonly found: Found = {},
  ) {
    super(why);
  }
}

/**
 * Faults that lie in what the signature covers. Of the others a member's signature proves nothing:
 * the host may have spoilt a tag, or handed out something in the wrong place.
 */
const IN_CONTENT: ReadonlySet<string> = new Set([
  "roster",
  "resync",
  "commit-forbidden-proposal",
  "commit-proposal-by-reference",
  "commit-add-and-remove",
  "commit-external-commit",
  "commit-credential-changed",
  "commit-group-extensions",
  "commit-duplicate-leaf",
  "commit-leaf-refused",
  "commit-not-a-member",
  "commit-roster-mismatch",
  "commit-wrong-suite",
  "directory-forked",
  "directory-older",
  "directory-unstated",
]);

/** Faults that a member cannot bring about without the host, which checks for them. */
const OF_HOST: ReadonlySet<string> = new Set([
  "chain",
  "epoch",
  "kind",
  "author",
  "own-altered",
  "message-id",
  "commit-id",
  "state-lost",
  "commit-stale-epoch",
  "commit-future-epoch",
  "commit-wrong-group",
]);

type Stop = {
  core: Core;
  tx: Tx;
  thread: ThreadRecord;
  /** The group as it was before the entry, if that is known. */
  state: GroupState | undefined;
  entry: Entry;
};

/** Keep the evidence, put the line, and answer the thread as it is now. */
export async function freeze(stop: Stop, { why, found }: Freeze): Promise<ThreadRecord> {
  const { core, tx, thread, entry } = stop;
  const { circle, chain, others } = thread;
  const trace = await keep(stop);
  const { seq, at } = entry;
  const line = { seq, chain, at, others, people: [], by: null } as const;
  tx.put(keys.line(circle, seq), { ...line, people: [], kind: "event", what: "frozen" });
  const { refused, claim = null, directory } = found;
  const from = blame(stop, why, found, trace);
  const more = { claim, ...(directory && { directory }) };
  return stopped(core, thread, why, { ...from, refused: (refused ?? []).map(suspectOf), ...more });
}

/** Keep an entry that is not accepted, as it came. */
async function keep({ core, tx, thread, state, entry }: Stop): Promise<Trace | undefined> {
  const { seq, kind, epoch, device, id, at, body, chain } = entry;
  const trace = state && (await core.engine.trace(state, body));
  tx.put(keys.refused(thread.circle), {
    entry: { seq, kind, epoch, device, id, at, body, chain },
    expected: await nextChain(thread.chain, entry),
    context: trace?.context ?? null,
  });
  return trace;
}

/** Nothing is wrong with the group: it waits for the directory, with what shows that it must. */
export async function hold(stop: Stop, { stated: { log, size } }: Behind): Promise<ThreadRecord> {
  const { core, thread } = stop;
  await keep(stop);
  return { ...thread, behind: { at: core.now(), log, size, here: core.people.size } };
}

/** A thread that stops for something that stands in no entry of its log. */
export function stopped(
  core: Core,
  thread: ThreadRecord,
  why: string,
  found: Partial<Omit<FaultRecord, "why" | "at">> = {},
): ThreadRecord {
  const nothing = { by: null, proof: "none", refused: [], claim: null } as const;
  const fault: FaultRecord = { ...nothing, ...found, why, at: core.now() };
  // It does not come back either: an external commit would take the host's word for the group.
  const { rolledBack: _never, behind: _moot, ...rest } = thread;
  return { ...rest, status: "frozen", frozenWhy: why, invited: [], fault };
}

/** Everything secret of a thread that this device is out of, or will not go on in. */
export function dropKeys(core: Core, tx: Tx, circle: string): void {
  core.groups.remove(tx, circle);
  tx.remove(keys.commit(circle));
  tx.remove(keys.claim(circle));
}

function blame(
  { core, entry }: Stop,
  why: string,
  { author }: Found,
  trace: Trace | undefined,
): Pick<FaultRecord, "by" | "proof"> {
  if (OF_HOST.has(why)) return { by: null, proof: "none" };
  if (entry.kind === "message") return { by: author ?? null, proof: author ? "read" : "none" };
  if (trace?.member === undefined) return { by: null, proof: "none" };
  const { person, device, state } = identityOf(trace.member.credential);
  // Own commits are known before they come: nobody but the host says that this is one.
  if (device === core.device.device) return { by: null, proof: "none" };
  const by = { person, device, state };
  if (!trace.signed) return { by, proof: "named" };
  return { by, proof: trace.sealed || IN_CONTENT.has(why) ? "proven" : "doubtful" };
}

function suspectOf({ leaf, why }: Refused): FaultRecord["refused"][number] {
  const { person, device, state } = identityOf(leaf.credential);
  return { person, device, state, key: b64u.encode(leaf.signatureKey), why };
}
