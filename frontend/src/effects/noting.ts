/** What is kept of an entry that was taken: its line, and what the thread's record says after it. */

import type { Entry } from "../api/schema";
import { keys, type LineRecord, type ThreadRecord } from "../store/records";
import type { Resolved } from "../store/said";
import { callsAfter } from "./calls";
import type { Core } from "./core";
import { areBack, goneAfter } from "./returning";
import type { Shown, Walk } from "./walk";

/** Write down what an entry was; what follows from it is in the thread's record at once. */
export async function note(walk: Walk, entry: Entry, shown: Shown): Promise<void> {
  const foreign = shown.kind === "message" && !shown.mine;
  const others = walk.thread.others + (foreign ? 1 : 0);
  const at = { seq: entry.seq, chain: entry.chain, at: entry.at, others };
  const line = { ...at, ...shown, ...why(walk, shown) } as LineRecord;
  walk.tx.put(keys.line(walk.circle, entry.seq), line);
  const { behind: _reached, cutOff: before, calls: _calls, resolved: was, ...thread } = walk.thread;
  const cutOff = line.kind === "event" ? goneAfter(before, line) : before;
  const calls = await called(walk, line);
  noteRead(walk, entry.seq);
  const resolved = resolvedAfter(was, line);
  walk.thread = {
    ...thread,
    ...(cutOff && { cutOff }),
    ...(calls.length > 0 && { calls }),
    ...(resolved && { resolved }),
    seq: entry.seq,
    chain: entry.chain,
    others,
    lastAt: shown.kind === "message" ? entry.at : walk.thread.lastAt,
  };
}

/** What another device has read already is read here, too, once it comes. */
function noteRead({ core, tx, circle }: Walk, seq: number): void {
  const { reads, saidRead } = core.mirror;
  const isSaid = seq <= (saidRead.get(circle) ?? -1);
  if (isSaid && seq > (reads.get(circle) ?? -1)) tx.put(keys.read(circle), seq);
}

/** Kept with the line: whoever is let in again later was stopped at that time all the same. */
function why({ core, thread }: Walk, shown: Shown): { stopped?: string; back?: true } {
  if (shown.kind !== "event") return {};
  if (shown.what === "joined") return isBack(core, thread, shown.people) ? { back: true } : {};
  const { devices } = shown;
  if (shown.what !== "removed" && devices === undefined) return {};
  const { mirror, people } = core;
  const stopped = devices
    ? mirror.devicesStopped(devices)
    : (mirror.stoppedSince(shown.people) ?? people.endedByStop(shown.people));
  return stopped === null ? {} : { stopped };
}

/** "As was signed" is said of those alone whose stop the log holds: a host can say it of anybody. */
function isBack({ people }: Core, thread: ThreadRecord, who: readonly string[]): boolean {
  const since = (person: string) => thread.cutOff?.[person] ?? "";
  return areBack(thread, who) && who.every((one) => people.stoppedSince([one], since(one)).signed);
}

/** The server takes each of the two only where it changes something; here the last word counts. */
function resolvedAfter(was: Resolved | undefined, line: LineRecord): Resolved | undefined {
  if (line.kind !== "act" || line.outcome !== "done" || line.about !== 0) return was;
  const { what, person, at, text = "" } = line;
  if (what !== "resolve" && what !== "reopen") return was;
  return what === "resolve" ? { person, at, reason: text } : undefined;
}

async function called({ core, tx, circle, thread }: Walk, line: LineRecord) {
  const first = line.kind === "act" ? await tx.get(keys.line(circle, line.about)) : undefined;
  // The answer to an asking for leave is about that asking, and so about its message.
  const asked = first?.kind === "act" && first.what === "ask-leave" ? first.about : undefined;
  const target = asked === undefined ? first : await tx.get(keys.line(circle, asked));
  const about = target?.kind === "message" ? target : undefined;
  const read = core.mirror.reads.get(circle) ?? 0;
  return callsAfter(thread.calls ?? [], line, { about, me: core.person, read });
}
