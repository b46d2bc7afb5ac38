/**
 * The entries of an export, read by somebody who believes nothing in it: what each says, by whose
 * signature, when the log took it, and what ties them to their places.
 *
 * Every message names, under its author's signature, the chain value of the last entry that its
 * author had taken. So whatever stands before the newest entry that a message in the range names
 * can be neither left out nor moved; of what comes after it only the log says so.
 */

import { concat, equal, hex, sha256, u64, utf8, uuid } from "../../bytes";
import { canonical } from "../../canonical";
import { type Content, dataOf, isAct, type Unknown } from "../../crypto/content";
import { EnvelopeMalformed, type Opened, openEnvelope } from "../../crypto/envelope";
import { isSignedBy } from "../../crypto/innerSignature";
import { MlsRefused } from "../../crypto/refusal";
import { type Unsealed, unsealed } from "../../crypto/sealedMessage";
import type { Policy } from "../tlog/policy";
import { Malformed, Unproven } from "../tlog/refusal";
import { type Change, isNoEdit, ofAuthors, withdrawnIn } from "./changes";
import { fates, isClosed, isText } from "./fate";
import type { EntryLine, Held } from "./form";
import type { Known, Register } from "./people";
import { type Logged, logged } from "./receipts";

export type EntryCode =
  | "entry-order" // a place is missing, or stands twice
  | "entry-receipt" // the log does not say so, or of something else
  | "entry-author" // no device whose chain led to a ministry then, or another person's
  | "entry-sealed" // not the ciphertext that the log names, or not opened by its key
  | "entry-signature"
  | "entry-content" // signed, and not what its place or the log says
  | "entry-chain" // a message names another history
  | "entry-changed" // the log has a change of it that is not in here
  | "entry-leave"; // it must not have left

export type Problem = { readonly code: EntryCode; readonly seq: number };

/** One entry as it may be shown. */
export type Shown = {
  readonly seq: number;
  readonly at: number;
  /** Its place in the log of acts. */
  readonly index: number;
  readonly by: Known | null;
} & (
  | { readonly is: "said"; readonly content: Content }
  | { readonly is: "held"; readonly kind: string; readonly why: Held }
  | { readonly is: "members"; readonly added: number; readonly removed: number }
);

export type Read = {
  readonly problems: Problem[];
  readonly shown: Shown[];
  /** Up to this entry nothing can be missing or moved; 0 if no message says so. */
  readonly bound: number;
  /** Other States whose people wrote in the range, or of whose people something is in it. */
  readonly foreign: ReadonlySet<string>;
};

export type Place = {
  readonly circle: string;
  readonly first: number;
  readonly last: number;
  /** Before the first entry. */
  readonly chain: Uint8Array;
  /** Who makes the export, and their State. */
  readonly person: string;
  readonly state: string;
};

/** Foreign as long as nobody can tell. */
export const UNKNOWN_STATE = "??";
/** How a wish names one that nobody can tell. */
export const NOWHERE = "ZZ";

/** The log's name for what was said or done, by the word that stands in clear beside it. */
export const KINDS: Readonly<Record<string, string>> = {
  text: "messaging.message.accepted",
  edit: "messaging.message.edited",
  withdraw: "messaging.message.withdrawn",
  acknowledge: "messaging.message.acknowledged",
  pin: "messaging.message.pinned",
  unpin: "messaging.message.unpinned",
  "ask-leave": "messaging.message.leave-asked",
  "give-leave": "messaging.message.leave-given",
  "refuse-leave": "messaging.message.leave-refused",
  resolve: "messaging.thread.resolved",
  reopen: "messaging.thread.reopened",
  "give-history": "messaging.history.given",
};
const MESSAGES: ReadonlySet<string> = new Set(Object.values(KINDS));
const COMMIT = "messaging.commit.accepted";
const ENTRY = utf8.encode("casehub/entry/1\0");

type Signed = { seq: number; id: string; person: string; device: string; inner: Opened };

export async function readThread(
  lines: readonly EntryLine[],
  place: Place,
  policy: Policy,
  register: Register,
): Promise<Read> {
  const reading = new Reading(place, policy, register);
  for (const [at, line] of lines.entries()) await reading.take(line, place.first + at);
  if (lines.length !== place.last - place.first + 1) reading.found("entry-order", place.last);
  return reading.end();
}

class Reading {
  readonly problems: Problem[] = [];
  readonly #shown: Shown[] = [];
  readonly #signed: Signed[] = [];
  readonly #chains = new Map<number, Uint8Array>();
  readonly #ids = new Set<string>();
  readonly #foreign = new Set<string>();
  /** By the log alone: which entry changes or takes back which, and who posted what. */
  readonly #posted: Change[] = [];
  readonly #devices = new Map<number, string>();
  readonly #messageIds = new Map<number, string>();
  /** Edits that are none, as their authors signed them; of which message they say to be. */
  readonly #none = new Map<number, { about: number; person: string }>();
  #chain: Uint8Array;
  #time = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly place: Place,
    private readonly policy: Policy,
    private readonly register: Register,
  ) {
    this.#chain = place.chain;
    this.#chains.set(place.first - 1, place.chain);
  }

  found(code: EntryCode, seq: number): void {
    this.problems.push({ code, seq });
  }

  async take(line: EntryLine, seq: number): Promise<void> {
    if (line.seq !== seq || this.#ids.has(`${line.device} ${line.id}`)) {
      this.found("entry-order", seq);
    }
    this.#ids.add(`${line.device} ${line.id}`);
    const event = await this.#event(line);
    if (event === null) return;
    const digest = String(event.payload.digest);
    this.#chain = await following(this.#chain, line, hex.decode(digest));
    this.#chains.set(line.seq, this.#chain);
    // Acts are dated before their transactions end: neighbours of one moment, not of one hour.
    if (event.time < this.#time - 300_000) this.found("entry-receipt", line.seq);
    this.#time = Math.max(this.#time, event.time);
    const base = { seq: line.seq, at: event.time, index: event.index };
    const by = this.register.at(line.device, event.time);
    if (by !== null && by.person !== event.actor) this.found("entry-author", line.seq);
    if (line.kind === "commit") {
      const count = (name: string) => {
        const value = event.payload[name];
        return Array.isArray(value) ? value.length : 0;
      };
      const [added, removed] = [count("added"), count("removed")];
      this.#shown.push({ ...base, by, is: "members", added, removed });
      return;
    }
    this.#note(event, line);
    const owner = this.register.ownerOf(line.device);
    this.#of(owner?.person === event.actor ? owner.state : UNKNOWN_STATE);
    const { inner, held } = line;
    if ((inner === null) !== (held !== null)) this.found("entry-content", line.seq);
    if (inner === null) {
      const why = held ?? "unsigned";
      this.#shown.push({ ...base, by, is: "held", kind: event.kind, why });
      return;
    }
    const opened = await this.#opened(line, inner, event, by);
    if (opened === "none") {
      const { kind } = event;
      this.#shown.push({ ...base, by, is: "held", kind, why: "unreadable" });
      return;
    }
    if (opened === null || by === null) return;
    const { content } = opened;
    if (content.kind === "unknown") return this.found("entry-content", line.seq);
    if (content.kind === "text" && content.carried !== undefined) {
      const { person } = content.carried;
      this.#of(this.register.stateOf(person) ?? UNKNOWN_STATE);
    }
    this.#shown.push({ ...base, by, is: "said", content });
  }

  #note({ kind, payload }: Logged, { seq, device, id }: EntryLine): void {
    const { about } = payload;
    this.#devices.set(seq, device);
    this.#messageIds.set(seq, id);
    if (typeof about !== "number") return;
    if (kind === KINDS.edit) this.#posted.push({ seq, kind: "edit", about, device });
    if (kind === KINDS.withdraw) this.#posted.push({ seq, kind: "withdraw", about, device });
  }

  /** Those of a message's own author; what a host took of somebody else's changes nothing. */
  #changes(): Change[] {
    return ofAuthors(this.#posted, {
      deviceOf: (seq) => this.#devices.get(seq),
      ownerOf: (device) => this.register.ownerOf(device)?.person ?? null,
    });
  }

  #of(state: string): void {
    if (state !== this.place.state) this.#foreign.add(state);
  }

  /** The log's word for an entry; null if it is none. */
  async #event({ receipt, seq, kind, epoch, device }: EntryLine): Promise<Logged | null> {
    try {
      const event = await logged(receipt, this.policy);
      const { payload } = event;
      const right =
        (kind === "commit" ? event.kind === COMMIT : MESSAGES.has(event.kind)) &&
        payload.thread === this.place.circle &&
        payload.seq === seq &&
        payload.epoch === epoch &&
        payload.device === device &&
        /^[0-9a-f]{64}$/.test(String(payload.digest));
      if (right) return event;
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof Unproven)) throw error;
    }
    this.found("entry-receipt", seq);
    return null;
  }

  async #opened(
    { seq, epoch, device, id }: EntryLine,
    inner: NonNullable<EntryLine["inner"]>,
    event: Logged,
    by: Known | null,
  ): Promise<Opened | "none" | null> {
    if (by === null) {
      this.found("entry-author", seq);
      return null;
    }
    const lies = await this.#unsealed(inner, event, seq);
    if (lies === null) return null;
    const { leaf, tree, transcript } = inner;
    const { aad, plaintext, signature } = lies;
    const whole = { epoch, leaf, tree, transcript, aad, plaintext, signature };
    if (!(await isSignedBy(by.key, this.place.circle, whole))) {
      this.found("entry-signature", seq);
      return null;
    }
    const about = event.kind === KINDS.edit ? Number(event.payload.about) : 0;
    const target = this.#messageIds.get(about);
    const edit = { circle: this.place.circle, seq, epoch, id, about };
    if (target !== undefined && isNoEdit(lies, edit, target)) {
      this.#none.set(seq, { about, person: by.person });
      return "none";
    }
    const opened = this.#envelope(plaintext, seq);
    if (opened === null) return null;
    const place = { circle: this.place.circle, seq, epoch, id };
    if (!isInPlace(lies, opened, place) || !isLogged(opened.content, event))
      this.found("entry-content", seq);
    this.#signed.push({ seq, id, person: by.person, device, inner: opened });
    return opened;
  }

  /**
   * What the group was sent, out of the ciphertext whose digest the log names: whoever wrote it could
   * sign other words in its place today, and cannot put them there.
   */
  async #unsealed(
    { body, opener }: NonNullable<EntryLine["inner"]>,
    { payload }: Logged,
    seq: number,
  ): Promise<Unsealed | null> {
    if (hex.encode(await sha256(body)) === payload.digest) {
      try {
        return await unsealed(body, opener);
      } catch (error) {
        if (!(error instanceof MlsRefused)) throw error;
      }
    }
    this.found("entry-sealed", seq);
    return null;
  }

  #envelope(plaintext: Uint8Array, seq: number): Opened | null {
    try {
      return openEnvelope(plaintext);
    } catch (error) {
      if (!(error instanceof EnvelopeMalformed)) throw error;
      this.found("entry-content", seq);
      return null;
    }
  }

  async end(): Promise<Read> {
    let bound = 0;
    for (const { seq, inner } of this.#signed) {
      const { seq: named, chain } = inner.prev;
      if (named < this.place.first - 1) continue;
      const known = this.#chains.get(named);
      if (known === undefined || !equal(known, chain)) this.found("entry-chain", seq);
      else bound = Math.max(bound, named);
    }
    const changes = this.#changes();
    this.#acts(changes);
    const seen = this.#signed.map(({ inner, ...one }) => ({ ...one, content: inner.content }));
    const { circle, first, person } = this.place;
    const keyOf = (whose: string, device: string) => this.register.keyOf(whose, device);
    const withdrawn = withdrawnIn(changes);
    for (const [seq, why] of await fates(seen, { circle, first, person, keyOf, withdrawn })) {
      if (why !== null) this.found("entry-leave", seq);
    }
    const { problems } = this;
    return { problems, shown: this.#shown, bound, foreign: this.#foreign };
  }

  /** What changes a message is its author's, and names it; what is on one that is not here, does not. */
  #acts(changed: readonly Change[]): void {
    const messages = new Map(
      this.#signed.flatMap((one) => (one.inner.content.kind === "text" ? [[one.seq, one]] : [])),
    );
    for (const { seq, person, inner } of this.#signed) {
      const { content } = inner;
      if (!isAct(content) || content.about === 0) continue;
      const target = messages.get(content.about);
      const changes = content.kind === "edit" || content.kind === "withdraw";
      if (target === undefined) continue;
      if (changes && target.person !== person) this.found("entry-author", seq);
      const named = content.kind === "withdraw" || content.id === target.id;
      if (changes && !named) this.found("entry-content", seq);
    }
    // What changes nothing goes along with what it would change, and with nothing else.
    for (const [seq, { about, person }] of this.#none) {
      const target = messages.get(about);
      const shown = target && { ...target, content: target.inner.content };
      const closed = shown === undefined || !isText(shown) || isClosed(shown, this.place.person);
      if (closed) this.found("entry-leave", seq);
      else if (shown.person !== person) this.found("entry-author", seq);
    }
    // Whoever makes the export may hold a change back, and then what it changed as well.
    const said = new Set([...this.#signed.map(({ seq }) => seq), ...this.#none.keys()]);
    for (const { seq, kind, about } of changed) {
      const lacking = kind === "edit" && messages.has(about) && !said.has(seq);
      if (lacking) this.found("entry-changed", about);
    }
  }
}

/**
 * Whether what was opened names the place at which it lies: its thread and epoch in the ciphertext's
 * own head, and its thread, its id and what stood beside it in clear under its author's signature.
 */
export function isInPlace(
  { groupId, epoch, aad }: Unsealed,
  { thread, id, prev, content }: Opened,
  place: { circle: string; seq: number; epoch: number; id: string },
): boolean {
  return (
    equal(groupId, uuid.toBytes(place.circle)) &&
    epoch === place.epoch &&
    thread === place.circle &&
    id === place.id &&
    prev.seq < place.seq &&
    (!isAct(content) || content.about < place.seq) &&
    equal(aad, canonical(dataOf(place.id, content)))
  );
}

/** Whether the log says of an entry what it says itself. */
function isLogged(content: Content | Unknown, { kind, payload }: Logged): boolean {
  if (content.kind === "unknown") return false;
  if ((KINDS[content.kind] ?? KINDS.text) !== kind) return false;
  if (!isAct(content)) return true;
  return content.about === 0 || payload.about === content.about;
}

/** messaging/chain.py `following`; here of the digest that the log names. */
async function following(
  previous: Uint8Array,
  { seq, kind, epoch, device, id }: EntryLine,
  digest: Uint8Array,
): Promise<Uint8Array> {
  const how = Uint8Array.of(kind === "commit" ? 1 : 2);
  const [by, own] = [uuid.toBytes(device), uuid.toBytes(id)];
  return sha256(concat(ENTRY, previous, u64(seq), how, u64(epoch), by, own, digest));
}
