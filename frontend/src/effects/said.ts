/**
 * What is said in a thread and what is done to what was said, as this device takes it from the log.
 *
 * The server has checked whose a message is before it took an act on it. Here it is checked again:
 * by the leaf that signed each of the two, so that neither a member nor a host can change what
 * somebody else has said. What does not count is shown, with its author, and changes nothing.
 */

import type { Entry } from "../api/schema";
import { equal } from "../bytes";
import { canonical } from "../canonical";
import {
  type Act,
  type Content,
  dataOf,
  digestOf,
  excerptOf,
  isOnThread,
  type OnMessage,
  type Said,
  type Unknown,
} from "../crypto/content";
import { unindex } from "../store/found";
import { keys, type LineRecord, type ThreadRecord } from "../store/records";
import type { ActRecord, Done, QuoteRecord } from "../store/said";
import type { Key, Tx } from "../store/vault";
import { ACT } from "./beside";
import { heardGiving } from "./history/heard";
import { answered, askingOf, isAnswer, MOST_ASKS, withAsk } from "./leaves";
import { forgetSigned, keepAsNone } from "./signed";

type Author = { person: string; device: string; mine: boolean };
type Message = Extract<LineRecord, { kind: "message" }>;
export type Where = "seq" | "chain" | "at" | "others";
export type ShownMessage = Omit<Message, Where>;
/** What an entry is in the record, before its place is known. */
export type ShownHere = ShownMessage | Omit<Extract<LineRecord, { kind: "act" }>, Where>;
type Place = {
  readonly tx: Tx;
  readonly circle: string;
  readonly thread: ThreadRecord;
  readonly core: { readonly person: string };
};

const GIVING =
  /^\{"act":"give-history","client_msg_id":"([0-9a-f-]{36})","count":[1-9]\d{0,14},"first":[1-9]\d{0,14},"last":[1-9]\d{0,14},"to":"[0-9a-f-]{36}","v":4\}$/;

/** Whether authenticated data is of the message with this id, in one of its four forms. */
export function isData(aad: Uint8Array, id: string): boolean {
  if (equal(aad, canonical({ client_msg_id: id, v: 1 }))) return true;
  if (equal(aad, canonical({ client_msg_id: id, urgent: true, v: 3 }))) return true;
  const said = new TextDecoder().decode(aad);
  return (ACT.exec(said) ?? GIVING.exec(said))?.at(-1) === id;
}

/**
 * The act that stands in clear beside a message, where nothing that is typed belongs to it: the
 * author's leaf has signed it, and the server and the log go by it. So readers do, too, whatever
 * else stands inside: otherwise a changed program could make them disagree with the log for good.
 */
export function actInClear(aad: Uint8Array): Act | null {
  const found = ACT.exec(new TextDecoder().decode(aad));
  const [kind, about] = [found?.[1], Number(/"about":(\d+)/.exec(found?.[0] ?? "")?.[1])];
  if (kind === "withdraw" || kind === "pin" || kind === "unpin") return { kind, about, id: "" };
  if (kind === "resolve" || kind === "reopen") return { kind, about, id: "", reason: "" };
  return null;
}

/** Whether a message does what stands in clear beside it: the server was told of nothing else. */
export function claimedBy(aad: Uint8Array, id: string, content: Content | Unknown): boolean {
  // Of a kind of a later version: what stands beside it is for that one to judge.
  return content.kind === "unknown" || equal(aad, canonical(dataOf(id, content)));
}

/** Take what one entry says or does; what it does to another one's line is written with it. */
export async function said(
  place: Place,
  entry: Entry,
  author: Author,
  content: ({ kind: "text" } & Said) | Act,
): Promise<ShownHere> {
  if (content.kind === "text") {
    return {
      kind: "message",
      id: entry.id,
      ...author,
      ...(await spoken(place, entry, author, content)),
    };
  }
  return { kind: "act", id: entry.id, ...author, ...(await done(place, entry, author, content)) };
}

/** What waits to be sent, without the words that its quotation took from a message withdrawn since. */
export async function stillSaid(tx: Tx, circle: string, content: Content): Promise<Content> {
  if (content.kind !== "text" || content.quote === undefined) return content;
  const line = await tx.get(keys.line(circle, content.quote.seq));
  if (line?.kind !== "message" || !line.withdrawn) return content;
  return { ...content, quote: { ...content.quote, excerpt: "" } };
}

async function lineAt({ tx, circle }: Place, seq: number): Promise<Message | null> {
  const line = await tx.get(keys.line(circle, seq));
  return line?.kind === "message" ? line : null;
}

async function spoken(
  place: Place,
  entry: Entry,
  { person }: Author,
  { text, quote, files, mentions, asks, urgent, handling, carried, consult }: Said,
): Promise<
  Pick<
    Message,
    | "text"
    | "quote"
    | "files"
    | "mentions"
    | "asks"
    | "asked"
    | "urgent"
    | "handling"
    | "carried"
    | "consult"
  >
> {
  const { roster, since } = place.thread;
  const isHere = entry.seq > since.seq;
  const kept = quote && (await quoted(place, entry, quote));
  return {
    text,
    ...(kept && { quote: kept }),
    ...(files && { files }),
    ...(mentions && { mentions }),
    ...(asks && { asks, ...(isHere && { asked: besides(person, roster) }) }),
    ...(urgent && { urgent }),
    ...(handling && { handling }),
    ...(carried && { carried }),
    ...(consult && { consult }),
  };
}

/** Persons with a device in the group, without one of them. */
export function besides(person: string, roster: ThreadRecord["roster"]): readonly string[] {
  const others = roster.flatMap((member) => (member.person === person ? [] : [member.person]));
  return [...new Set(others)].sort();
}

/** A quotation is held against what is quoted, and known there: a withdrawal reaches it, too. */
async function quoted(
  place: Place,
  entry: Entry,
  quote: NonNullable<Said["quote"]>,
): Promise<QuoteRecord> {
  const { seq, id, digest, excerpt, handling: told } = quote;
  const found = await lineAt(place, seq);
  if (found === null || found.error !== undefined) {
    const past = seq <= place.thread.since.seq;
    const terms = told && { handling: told };
    return { seq, id, digest, excerpt, person: null, matches: past ? null : false, ...terms };
  }
  const { withdrawn, text, versions = [], quotedBy = [], person, handling } = found;
  if (withdrawn) return { seq, id, digest, excerpt: "", person, matches: null };
  const texts = [text, ...versions.map((one) => one.text)];
  const matches = id === found.id && texts.some((one) => excerptOf(one) === excerpt);
  place.tx.put(keys.line(place.circle, seq), { ...found, quotedBy: [...quotedBy, entry.seq] });
  return { seq, id, digest, excerpt, person, matches, ...(handling && { handling }) };
}

type Outcome = Pick<
  ActRecord,
  "what" | "about" | "outcome" | "why" | "text" | "digest" | "asking" | "giving"
>;
type Stand = Pick<Entry, "seq" | "id" | "at">;

async function done(place: Place, entry: Stand, author: Author, act: Act): Promise<Outcome> {
  const { kind: what, about } = act;
  const base = { what, about };
  // MLS has bound it to this thread, whatever id stands inside.
  if (isOnThread(act)) return { ...base, outcome: "done", text: act.reason };
  if (act.kind === "give-history") return { ...base, ...heardGiving(place, entry, author, act) };
  if (isAnswer(act)) {
    const { tx, circle, thread } = place;
    const since = thread.since.seq;
    return { ...base, ...(await answered({ tx, circle, since }, entry, author, act)) };
  }
  const asking = act.kind === "ask-leave" && { asking: askingOf(act), text: act.reason };
  const target = await lineAt(place, about);
  // What came before this device did may be here all the same: it was away, and came back.
  if (target === null && about <= place.thread.since.seq) {
    if (act.kind === "withdraw") await forget(place, about, author.person);
    const text = act.kind === "edit" ? act.text : act.kind === "pin" ? act.note : undefined;
    const of = act.kind === "acknowledge" && { digest: act.digest };
    return { ...base, outcome: "not-here", ...(text !== undefined && { text }), ...of, ...asking };
  }
  const ofText = act.kind === "acknowledge" || act.kind === "ask-leave";
  const version = target && ofText ? await versionOf(target, act.digest) : 0;
  // What leave is asked for is the text that stands: its author is not to sign one that they took back.
  const stale =
    act.kind === "ask-leave" && target !== null && version !== (target.versions?.length ?? 0);
  const why =
    version === null || stale ? "message-unknown" : whyNot(target, author.person, act, version);
  if (target === null || version === null || why !== null) {
    return { ...base, outcome: "refused", why: why ?? "", ...asking };
  }
  if (act.kind === "ask-leave") {
    place.tx.put(keys.line(place.circle, about), withAsk(target, entry, author.person, act));
    const of = { ...askingOf(act), author: target.person };
    return { ...base, outcome: "done", asking: of, text: act.reason };
  }
  const when: Done = { person: author.person, at: entry.at, seq: entry.seq };
  place.tx.put(keys.line(place.circle, about), changed(target, when, act, version));
  if (act.kind === "withdraw") {
    const own = target.person === place.core.person ? (target.files ?? []) : [];
    for (const { id } of own) place.tx.put(keys.removal(id), place.circle);
    unindex(place.tx, place.circle, about);
    await forgetSigned(place.tx, place.circle, about, target.quotedBy);
    await unquote(place, target);
    // What quoted it before it was given here does not know it yet.
    if (target.given) await forget(place, about, author.person);
  }
  return { ...base, outcome: "done" };
}

/** Do to a message that was given here what was done to it while it was not. */
export async function doneSince(
  place: Place,
  line: Extract<LineRecord, { kind: "act" }>,
): Promise<void> {
  const { about, what: kind, text } = line;
  const target = await lineAt(place, about);
  if (line.outcome !== "not-here" || target === null) return;
  const on = { about, id: target.id };
  let act: OnMessage;
  if (kind === "edit") act = { kind, ...on, text: text ?? "" };
  else if (kind === "withdraw" || kind === "unpin") act = { kind, ...on };
  else if (kind === "pin") act = { kind, ...on, ...(text !== undefined && { note: text }) };
  else if (kind === "acknowledge" && line.digest) act = { kind, ...on, digest: line.digest };
  else return; // what it was of, this line does not know
  const { tx, circle } = place;
  // It stands under the message, as all that was done to it, and is no word of it.
  const signature = keys.signed(circle, about, line.seq);
  const kept = await tx.get(signature);
  const { outcome, why } = await done(place, line, line, act);
  if (kept !== undefined && outcome === "done") tx.put(signature, kept);
  if (outcome === "refused") await refused(place, line, target);
  const { text: _gone, digest: _of, ...rest } = line;
  const now = { ...rest, outcome, ...(why !== undefined && { why }) };
  tx.put(keys.line(circle, line.seq), now);
}

/** What does not count is given to nobody, and carried nowhere, but as what shows that it is none. */
async function refused(
  { tx, circle }: Place,
  { about, seq, what, person, why }: Extract<LineRecord, { kind: "act" }>,
  target: Message,
): Promise<void> {
  const none = what === "edit" && person === target.person && why === "message-unknown";
  if (none) await keepAsNone(tx, circle, about, seq);
  else tx.remove(keys.signed(circle, about, seq));
}

/** Which of the texts that a message has had so far is meant; null if none of them. */
async function versionOf({ text, versions = [] }: Message, digest: string): Promise<number | null> {
  const texts = [...versions.map((one) => one.text), text];
  for (let at = texts.length - 1; at >= 0; at -= 1) {
    if ((await digestOf(texts[at] ?? "")) === digest) return at;
  }
  return null;
}

/** What stands in clear decides of these; see {@link actInClear}. */
const CLEAR: ReadonlySet<string> = new Set(["withdraw", "pin", "unpin"]);
/** Edits of one message, for the server as well: each is kept by every reader. */
export const MOST_EDITS = 50;

/**
 * Why an act of `person` does not count, as messaging/policies.py says it; null if it does.
 * `version` is of an acknowledgement: of which text, the newest unless told.
 */
export function whyNot(
  target: Message | null,
  person: string,
  act: OnMessage,
  version = target?.versions?.length ?? 0,
): string | null {
  // No line stands at an entry that is yet to come: an act may be about nothing after it.
  if (target === null) return "message-unknown";
  if (target.id !== act.id && !CLEAR.has(act.kind)) return "message-unknown";
  const own = target.person === person;
  if ((act.kind === "edit" || act.kind === "withdraw") && !own) return "message-not-yours";
  if (target.withdrawn) return "message-withdrawn";
  if (act.kind === "acknowledge") {
    if (own) return "message-own";
    const { acknowledged = [] } = target;
    const given = acknowledged.some((one) => one.person === person && one.version === version);
    return given ? "message-act-done" : null;
  }
  if (act.kind === "ask-leave") {
    if (own) return "leave-own";
    const asked = target.leaves?.filter((one) => one.person === person).length ?? 0;
    return asked >= MOST_ASKS ? "leave-asks-many" : null;
  }
  if (act.kind === "edit") {
    return (target.versions?.length ?? 0) >= MOST_EDITS ? "message-edits-many" : null;
  }
  if (act.kind === "pin") return target.pinned ? "message-act-done" : null;
  if (act.kind === "unpin") return target.pinned ? null : "message-act-done";
  return null;
}

type Changing = Exclude<OnMessage, { kind: "ask-leave" }>;

function changed(target: Message, when: Done, act: Changing, version: number): Message {
  switch (act.kind) {
    case "edit": {
      const { mentions: _before, ...rest } = target;
      const at = target.edited?.at ?? target.at;
      const versions = [...(target.versions ?? []), { text: target.text, at }];
      const now = { text: act.text, versions, edited: when };
      return { ...rest, ...now, ...(act.mentions && { mentions: act.mentions }) };
    }
    case "withdraw": {
      const { versions: _texts, mentions: _who, quote: _what, pinned: _note, ...rest } = target;
      // With its key each file's bytes at the server are of no use to anybody.
      const {
        carried: _brought,
        consult: _consulted,
        leaves: _asked,
        files: _keys,
        ...left
      } = rest;
      return { ...left, text: "", withdrawn: when };
    }
    case "acknowledge":
      return { ...target, acknowledged: [...(target.acknowledged ?? []), { ...when, version }] };
    case "pin":
      return { ...target, pinned: { ...when, ...(act.note !== undefined && { note: act.note }) } };
    case "unpin": {
      const { pinned: _was, ...rest } = target;
      return rest;
    }
  }
}

/** What others have quoted of a withdrawn message goes with it. */
async function unquote(place: Place, { quotedBy = [] }: Message): Promise<void> {
  for (const seq of quotedBy) {
    const line = await lineAt(place, seq);
    if (line?.quote === undefined) continue;
    const quote = { ...line.quote, excerpt: "", matches: null };
    place.tx.put(keys.line(place.circle, seq), { ...line, quote });
  }
}

/** A withdrawn message that is not here may have left its words here: in edits of it, and quoted. */
async function forget(place: Place, about: number, person: string): Promise<void> {
  await forgetSigned(place.tx, place.circle, about);
  for (const [key, line] of await place.tx.list(keys.lines(place.circle))) {
    if (line.kind === "act" && line.about === about && line.person === person) {
      const { text: _gone, ...rest } = line;
      place.tx.put(key as Key<LineRecord>, rest);
    }
    if (line.kind === "message" && line.quote?.seq === about && line.quote.person === null) {
      const quote = { ...line.quote, excerpt: "", matches: null };
      place.tx.put(key as Key<LineRecord>, { ...line, quote });
      await forgetSigned(place.tx, place.circle, line.seq);
    }
  }
}
