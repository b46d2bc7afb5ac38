/**
 * What a member can give of a thread to somebody who came later: each message, what is held back
 * and why. It is shown before it is given, and given exactly as it was shown.
 */

import { b64u, sha256 } from "../../bytes";
import { canonical } from "../../canonical";
import { excerptOf } from "../../crypto/content";
import { type Handling, isRestricted } from "../../crypto/handling";
import type { InnerSignature } from "../../crypto/innerSignature";
import { keys, type LineRecord } from "../../store/records";
import type { Vault } from "../../store/vault";
import { actBeside } from "../beside";
import { isNone, signedOf } from "../signed";
import { closedTo, type Message, mayQuote } from "./judge";

/** Messages that are given by one press; for more, somebody chooses a shorter range. */
export const MOST_AT_ONCE = 1_000;
const STRETCH = 250;

/** From when to when, ISO 8601; both ends belong to it. */
export type HistoryRange = { readonly from?: string; readonly until?: string };

/**
 * "withdrawn"; "unreadable" here; "restricted", "carries": by its author's terms, or those of what
 * it brings; "quotes": restricted words of somebody else, or of a message that does not go along;
 * "quotes-unknown": words that cannot be held against a message here; "not-kept": this device has
 * not what opens it, as of messages from before it kept that.
 */
export type WhyHeld =
  | "withdrawn"
  | "unreadable"
  | "restricted"
  | "carries"
  | "quotes"
  | "quotes-unknown"
  | "not-kept";

export type HeldMessage = {
  readonly seq: number;
  readonly at: string;
  readonly person: string;
  readonly why: WhyHeld;
};

export type OfferedMessage = {
  readonly seq: number;
  readonly at: string;
  readonly person: string;
  /** Its beginning, as it stands now. */
  readonly text: string;
  /** Beginnings of its earlier texts, oldest first: they go along, as every reader has them. */
  readonly versions: readonly string[];
  readonly files: readonly string[];
  readonly handling: Handling | null;
};

export type HistoryOffer = {
  readonly given: readonly OfferedMessage[];
  readonly held: readonly HeldMessage[];
  /** There is more in this range than goes at once: nothing can be given of it. */
  readonly more: boolean;
  /** Of exactly what is given and to whom: whoever gives it names it. */
  readonly digest: string;
};

/** A message to be given: its own signature and those of its edits, by entry; also of what is none. */
export type Parcel = {
  readonly seq: number;
  readonly own: InnerSignature;
  readonly edits: readonly (readonly [number, InnerSignature])[];
};

type Asked = {
  readonly vault: Vault;
  readonly circle: string;
  readonly giver: string;
  readonly to: string;
  readonly range: HistoryRange;
};

/**
 * The entries at which persons came in, or the newest of their devices, after something was said
 * that this device has. Whoever is not among them reads all of that.
 */
export async function cameIn(vault: Vault, circle: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let said = false;
  for await (const line of linesOf(vault, circle)) {
    said ||= line.kind === "message";
    if (line.kind !== "event" || !said) continue;
    const came = line.what === "joined" || line.what === "device-added" ? line.people : [];
    for (const person of [...came, ...(line.further ?? [])]) found.set(person, line.seq);
  }
  return found;
}

/** Every line of a thread, a stretch at a time, those from `from` on and before `to`. */
export async function* linesOf(
  vault: Vault,
  circle: string,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<LineRecord> {
  let next = from;
  for (;;) {
    const range = { from: keys.line(circle, next), to: keys.line(circle, to), limit: STRETCH };
    const found = await vault.list(keys.lines(circle), range);
    for (const [, line] of found) yield line;
    const last = found.at(-1)?.[1].seq;
    if (last === undefined || found.length < STRETCH) return;
    next = last + 1;
  }
}

/** What would be given, and as what: the offer to show, and the parcels to seal. */
export async function planned(asked: Asked): Promise<{ offer: HistoryOffer; parcels: Parcel[] }> {
  const { vault, circle, giver, to, range } = asked;
  const end = (await cameIn(vault, circle)).get(to) ?? 0;
  const given: OfferedMessage[] = [];
  const held: HeldMessage[] = [];
  const parcels: Parcel[] = [];
  const goes = new Set<number>();
  let more = false;
  for await (const line of linesOf(vault, circle, 0, end)) {
    if (line.kind !== "message" || !isWithin(line.at, range)) continue;
    if (given.length + held.length === MOST_AT_ONCE) {
      more = true;
      break;
    }
    const { seq, at, person } = line;
    const why = await whyHeld(vault, circle, giver, line, goes);
    const parcel = why === null ? await parcelOf(vault, circle, line) : null;
    if (parcel === null) {
      held.push({ seq, at, person, why: why ?? "not-kept" });
      continue;
    }
    goes.add(seq);
    parcels.push(parcel);
    given.push(offered(line));
  }
  const named = parcels.map((one) => [one.seq, ...one.edits.map(([edit]) => edit)]);
  const digest = b64u.encode(await sha256(canonical({ v: 1, circle, to, given: named })));
  return { offer: { given, held, more, digest }, parcels };
}

function isWithin(at: string, { from, until }: HistoryRange): boolean {
  const moment = Date.parse(at);
  if (from !== undefined && moment < Date.parse(from)) return false;
  return until === undefined || moment <= Date.parse(until);
}

function offered(line: Message): OfferedMessage {
  const { seq, at, person, text, versions = [], files = [], handling = null, carried } = line;
  return {
    seq,
    at,
    person,
    text: excerptOf(text || (carried?.text ?? "")),
    versions: versions.map((one) => excerptOf(one.text)),
    files: files.map(({ name }) => name),
    handling,
  };
}

async function whyHeld(
  vault: Vault,
  circle: string,
  giver: string,
  line: Message,
  goes: ReadonlySet<number>,
): Promise<WhyHeld | null> {
  if (line.withdrawn) return "withdrawn";
  if (line.error !== undefined) return "unreadable";
  const closed = closedTo(giver, line.person, line);
  if (closed !== null) return closed;
  const { quote } = line;
  if (quote === undefined) return null;
  const found = await vault.read(keys.line(circle, quote.seq));
  const quoted = found?.kind === "message" && found.error === undefined ? found : null;
  // Its words would outlive it: in what its author signed they stand as they were.
  if (quoted?.withdrawn) return "withdrawn";
  if (quoted === null || quote.matches !== true) return "quotes-unknown";
  if (!mayQuote(giver, quote.handling, quoted)) return "quotes";
  return isRestricted(quoted.handling) && !goes.has(quote.seq) ? "quotes" : null;
}

async function parcelOf(vault: Vault, circle: string, line: Message): Promise<Parcel | null> {
  const { seq, versions = [] } = line;
  const signed = await signedOf(vault, circle, seq);
  const own = signed.get(seq);
  const edits = [...signed].filter(([, { aad }]) => actBeside(aad)?.kind === "edit");
  const changes = edits.filter(([, one]) => !isNone(one)).length;
  const whole = changes === versions.length && edits.every(([, one]) => one.opener);
  if (own?.opener === undefined || !whole) return null;
  return { seq, own, edits: edits.sort(([a], [b]) => a - b) };
}
