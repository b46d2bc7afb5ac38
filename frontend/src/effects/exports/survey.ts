/**
 * What of a part of a thread may leave for a court, as this device has it: read from the thread's
 * log once more, and from the signatures that are kept here.
 */

import type { Entry } from "../../api/schema";
import { b64u, equal, hex, sha256 } from "../../bytes";
import { bucketed, EnvelopeMalformed, openEnvelope } from "../../crypto/envelope";
import { bothOf, type Handling } from "../../crypto/handling";
import { type InnerSignature, isSignedBy } from "../../crypto/innerSignature";
import { MlsRefused } from "../../crypto/refusal";
import { unsealed } from "../../crypto/sealedMessage";
import { messageData } from "../../crypto/wire";
import { firstChain, nextChain } from "../../state/chain";
import { keys, type LineRecord } from "../../store/records";
import type { Directory } from "../../verify/chain";
import { type Change, isNoEdit, ofAuthors, withdrawnIn } from "../../verify/court/changes";
import { fates, isClosed, isText, type Seen } from "../../verify/court/fate";
import type { EntryLine, Held } from "../../verify/court/form";
import { isInPlace, NOWHERE } from "../../verify/court/thread";
import { actBeside } from "../beside";
import { type Core, NotPossible } from "../core";
import { isNone } from "../signed";

const PAGE = 200;
/** As casehub/custody/limits.py. */
export const MOST_ENTRIES = 1_000;

export type Survey = {
  readonly first: number;
  readonly last: number;
  readonly from: string;
  readonly until: string;
  /** Messages and acts that leave, and those that are held back, by why. */
  readonly leaves: number;
  readonly held: ReadonlyMap<Held, number>;
  /** Of files that messages which leave carry: only this of them stands there. */
  readonly files: readonly Fingerprint[];
  /** Other States whose information is in it. */
  readonly states: readonly string[];
  /** The entries, without their receipts; the chain value before the first. */
  readonly lines: readonly Omit<EntryLine, "receipt">[];
  readonly chain: Uint8Array;
  /** SHA-256 of each entry's bytes, in hex. */
  readonly digests: readonly string[];
};

/** `sha256` in base64url, as it is signed in the message. */
export type Fingerprint = { readonly name: string; readonly size: number; readonly sha256: string };

/** The first and the last entry that were taken in these milliseconds; null if there are none. */
export async function entriesBetween(
  core: Core,
  circle: string,
  from: number,
  until: number,
): Promise<{ first: number; last: number } | null> {
  const found = (await core.vault.list(keys.lines(circle)))
    .map(([, line]) => line)
    // The line that says who began it is no entry of the log.
    .filter(({ seq, at }) => seq > 0 && Date.parse(at) >= from && Date.parse(at) < until);
  const [first, last] = [found[0], found.at(-1)];
  return first && last ? { first: first.seq, last: last.seq } : null;
}

/** @throws {NotPossible} `export-long`, `export-range` */
export async function survey(
  core: Core,
  circle: string,
  first: number,
  last: number,
): Promise<Survey> {
  if (last - first >= MOST_ENTRIES) throw new NotPossible("export-long");
  const all = new Map(
    (await core.vault.list(keys.lines(circle))).map(([, line]) => [line.seq, line]),
  );
  const { entries, chain } = await logOf(core, circle, first, last, all);
  const directory = await core.people.replayed();
  const { withdrawn, edited } = changesIn(entries, all, directory);
  const ids = new Map(entries.map(({ seq, id }) => [seq, id]));
  const reading = { core, circle, all, withdrawn, directory, ids };
  const read = await Promise.all(entries.map((entry) => taking(reading, entry)));
  const taken = withoutOthersChanges(read);
  const seen = taken.flatMap(({ seen }) => (seen === null ? [] : [seen]));
  const asked = {
    ...{ circle, first },
    person: core.person,
    keyOf: (person: string, device: string) => keyIn(directory, person, device),
    termsOf: (seq: number) => termsIn(all.get(seq)),
    withdrawn,
    incomplete: lackingOne(edited, taken, core.person),
  };
  const found = await fates(seen, asked);
  const held = new Map<Held, number>();
  let leaves = 0;
  const lines = taken.map(({ entry, inner, why, seen: one, none }) => {
    const { seq, kind, epoch, device, id } = entry;
    const place = { seq, kind, epoch, device, id };
    if (kind === "commit") return { ...place, inner: null, held: null };
    const against = one === null ? (why ?? "unsigned") : (found.get(seq) ?? null);
    // Nothing of it is shown: it goes along beside its message, so that it is seen to be no change.
    const beside = none !== undefined && found.get(none) === null;
    if (against !== null || inner?.opener === undefined) {
      const reason = against ?? "unsigned";
      held.set(reason, (held.get(reason) ?? 0) + 1);
      if (!beside || inner?.opener === undefined) return { ...place, inner: null, held: reason };
    } else leaves += 1;
    const { leaf, tree, transcript, opener } = inner;
    return { ...place, inner: { body: entry.body, opener, leaf, tree, transcript }, held: null };
  });
  const digests = await Promise.all(
    entries.map(async ({ body }) => hex.encode(await sha256(body))),
  );
  const [from, until] = [entries[0]?.at ?? "", entries.at(-1)?.at ?? ""];
  const states = statesIn(core, directory, entries, lines, seen);
  const files = filesIn(lines, seen);
  return { first, last, from, until, leaves, held, files, states, lines, chain, digests };
}

type Lines = ReadonlyMap<number, LineRecord>;

/**
 * The entries of a range and the chain value before it, as this device stands in that log: both ends
 * of a range are lines of it. With another value before, or with another entry, the chain would not
 * come out at what this device has as its value at the last entry.
 *
 * @throws {NotPossible} `export-range` if that is another log, or not whole
 */
async function logOf(
  core: Core,
  circle: string,
  first: number,
  last: number,
  all: Lines,
): Promise<{ entries: Entry[]; chain: Uint8Array }> {
  if (!all.has(last)) throw new NotPossible("export-range");
  const [head, ...rest] = await read(core, circle, first === 1 ? 0 : first - 2, last);
  if (head === undefined) throw new NotPossible("export-range");
  const chain = first === 1 ? await firstChain(circle) : head.chain;
  const entries = first === 1 ? [head, ...rest] : rest;
  let now = chain;
  requireKnown(all, first - 1, now);
  for (const entry of entries) {
    now = await nextChain(now, entry);
    requireKnown(all, entry.seq, now);
  }
  return { entries, chain };
}

/** @throws {NotPossible} `export-range` if a place is known here and is another one. */
function requireKnown(all: Lines, seq: number, chain: Uint8Array): void {
  const own = all.get(seq)?.chain;
  if (own !== undefined && !equal(own, chain)) throw new NotPossible("export-range");
}

async function read(core: Core, circle: string, start: number, end: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = start; after < end; ) {
    const page = await core.api.log(circle, after, Math.min(PAGE, end - after));
    if (page.entries.length === 0) throw new NotPossible("export-range");
    for (const entry of page.entries) {
      after += 1;
      if (entry.seq !== after || after > end) throw new NotPossible("export-range");
      entries.push(entry);
    }
  }
  return entries;
}

/**
 * What was taken back and what was changed, by what stands in clear, and by what is kept here. What
 * is not in the range is nobody's known to whoever gets the export, so it is not judged here either.
 */
function changesIn(entries: readonly Entry[], all: Lines, directory: Directory) {
  const devices = new Map(entries.map(({ seq, device }) => [seq, device]));
  const posted = entries.flatMap(({ seq, kind, body, device }): Change[] => {
    const act = kind === "message" ? actBeside(dataOf(body)) : null;
    const changes = act?.kind === "edit" || act?.kind === "withdraw";
    return changes ? [{ seq, kind: act.kind as Change["kind"], about: act.about, device }] : [];
  });
  const changes = ofAuthors(posted, {
    deviceOf: (seq) => devices.get(seq),
    ownerOf: (device) => directory.deviceNamed(device)?.person ?? null,
  });
  const withdrawn = withdrawnIn(changes);
  for (const [seq, line] of all) {
    if (line.kind === "message" && line.withdrawn) withdrawn.add(seq);
  }
  const edits = changes.filter(({ kind }) => kind === "edit");
  return { withdrawn, edited: new Map(edits.map(({ seq, about }) => [seq, about])) };
}

function dataOf(body: Uint8Array): Uint8Array {
  try {
    return messageData(body);
  } catch (error) {
    if (error instanceof MlsRefused) return new Uint8Array();
    throw error;
  }
}

/**
 * Messages with a change in the range that this device cannot show. That one is none it shows by its
 * key; of restricted words no key leaves to which their author gave no leave.
 */
function lackingOne(
  edited: ReadonlyMap<number, number>,
  taken: readonly Taken[],
  person: string,
): Set<number> {
  const seen = taken.flatMap(({ seen }) => (seen === null ? [] : [seen]));
  const closed = new Set(
    seen
      .filter(isText)
      .filter((one) => isClosed(one, person))
      .map(seqOf),
  );
  const here = new Set(seen.map(seqOf));
  for (const { entry, none } of taken) {
    if (none !== undefined && !closed.has(none)) here.add(entry.seq);
  }
  return new Set([...edited].filter(([seq]) => !here.has(seq)).map(([, about]) => about));
}

const seqOf = ({ seq }: Seen): number => seq;

type Taken = {
  entry: Entry;
  inner: InnerSignature | null;
  why: Held | null;
  seen: Seen | null;
  /** Of an edit that is none: which message it says to edit. */
  none?: number;
};

type Reading = {
  core: Core;
  circle: string;
  all: Lines;
  withdrawn: ReadonlySet<number>;
  directory: Directory;
  ids: ReadonlyMap<number, string>;
};

async function taking(reading: Reading, entry: Entry): Promise<Taken> {
  const { core, circle, all, withdrawn } = reading;
  const nothing = (why: Held | null): Taken => ({ entry, inner: null, why, seen: null });
  if (entry.kind === "commit") return nothing(null);
  const none = await noneAt(reading, entry);
  if (none !== null) return none;
  const line = all.get(entry.seq);
  // From before this device came in, and never given to it; or said while it was away.
  if (line === undefined) return nothing("unreadable");
  if (line.kind === "silent") return nothing(line.skipped ? "unreadable" : "beside");
  const giving = line.kind === "act" && line.what === "give-history";
  if (giving || line.kind === "event") return nothing("beside");
  if (withdrawn.has(entry.seq)) return nothing("withdrawn");
  if (line.kind === "message" && line.error !== undefined) return nothing("unreadable");
  const under = line.kind === "act" && line.about > 0 ? line.about : entry.seq;
  const inner = await core.vault.read(keys.signed(circle, under, entry.seq));
  if (inner?.opener === undefined || inner.epoch !== entry.epoch) {
    return nothing(withdrawn.has(under) ? "withdrawn" : "unsigned");
  }
  try {
    return await asItsReaders(reading, entry, line.person, { ...inner, opener: inner.opener });
  } catch (error) {
    if (!(error instanceof EnvelopeMalformed || error instanceof MlsRefused)) throw error;
    return nothing("unreadable");
  }
}

/** An edit by its message's author that is none, as whoever gets the export will see it to be. */
async function noneAt(
  { core, circle, directory, ids, withdrawn }: Reading,
  entry: Entry,
): Promise<Taken | null> {
  const { seq, epoch, id, device, body } = entry;
  const act = actBeside(dataOf(body));
  const about = act?.kind === "edit" && !withdrawn.has(act.about) ? act.about : 0;
  const target = ids.get(about);
  if (target === undefined) return null;
  const inner = await core.vault.read(keys.signed(circle, about, seq));
  if (inner?.opener === undefined || !isNone(inner)) return null;
  const key = directory.deviceNamed(device)?.signature_key;
  try {
    const lies = await unsealed(body, inner.opener);
    const { aad, plaintext, signature } = lies;
    const whole = { ...inner, aad, plaintext, signature };
    const shows = isNoEdit(lies, { circle, seq, epoch, id, about }, target);
    const signed = key !== undefined && (await isSignedBy(b64u.decode(key), circle, whole));
    return shows && signed ? { entry, inner, why: "unreadable", seen: null, none: about } : null;
  } catch (error) {
    if (error instanceof MlsRefused) return null;
    throw error;
  }
}

/**
 * Read an entry as whoever gets the export will: what does not stand before them is held back here,
 * while it can be shown without it. Whether its author was designated then is seen with the log.
 */
async function asItsReaders(
  { circle, directory }: Reading,
  entry: Entry,
  person: string,
  inner: InnerSignature & { opener: Uint8Array },
): Promise<Taken> {
  const { seq, epoch, device } = entry;
  const nothing = (why: Held): Taken => ({ entry, inner: null, why, seen: null });
  const lies = await unsealed(entry.body, inner.opener);
  const opened = openEnvelope(lies.plaintext);
  const same = equal(lies.plaintext, bucketed(inner.plaintext));
  const { id, content } = opened;
  if (!same || content.kind === "unknown") return nothing("unreadable");
  if (!isInPlace(lies, opened, { circle, seq, epoch, id: entry.id })) return nothing("unreadable");
  const key = keyIn(directory, person, device);
  const { aad, plaintext, signature } = lies;
  const whole = { ...inner, aad, plaintext, signature };
  if (key === null || !(await isSignedBy(key, circle, whole))) return nothing("unsigned");
  return { entry, inner, why: null, seen: { seq, id, person, device, content } };
}

/** A change that is not of its message's author counts nowhere, and no reader would take it. */
function withoutOthersChanges(taken: readonly Taken[]): Taken[] {
  const seen = new Map(taken.flatMap(({ seen }) => (seen === null ? [] : [[seen.seq, seen]])));
  return taken.map((one) => {
    const content = one.seen?.content;
    if (content?.kind !== "edit" && content?.kind !== "withdraw") return one;
    const base = seen.get(content.about);
    const named = content.kind === "withdraw" || base?.id === content.id;
    const others = base !== undefined && (!named || base.person !== one.seen?.person);
    return others ? { entry: one.entry, inner: null, why: "unsigned" as const, seen: null } : one;
  });
}

function keyIn(directory: Directory, person: string, device: string): Uint8Array | null {
  const fields = directory.deviceNamed(device);
  return fields?.person === person ? b64u.decode(fields.signature_key) : null;
}

function termsIn(line: LineRecord | undefined): Handling | null {
  if (line?.kind !== "message") return null;
  const files = line.files ?? [];
  return files.reduce((all, file) => bothOf(all, file.handling), line.handling ?? null);
}

function filesIn(
  lines: readonly Omit<EntryLine, "receipt">[],
  seen: readonly Seen[],
): Fingerprint[] {
  const leaving = new Set(lines.filter(({ inner }) => inner !== null).map(({ seq }) => seq));
  return seen.flatMap(({ seq, content }) => {
    const files = leaving.has(seq) && content.kind === "text" ? (content.files ?? []) : [];
    return files.map(({ name, size, sha256: digest }) => ({ name, size, sha256: digest }));
  });
}

function statesIn(
  core: Core,
  directory: Directory,
  entries: readonly Entry[],
  lines: readonly Omit<EntryLine, "receipt">[],
  seen: readonly Seen[],
): string[] {
  const own = core.device.state;
  const found = new Set<string>();
  for (const { kind, device } of entries) {
    if (kind === "message") found.add(directory.deviceNamed(device)?.state ?? NOWHERE);
  }
  const gone = new Set(lines.filter(({ inner }) => inner !== null).map(({ seq }) => seq));
  for (const { seq, content } of seen) {
    if (!gone.has(seq) || content.kind !== "text" || content.carried === undefined) continue;
    found.add(directory.named(content.carried.person)?.state ?? NOWHERE);
  }
  found.delete(own);
  return [...found].sort();
}
