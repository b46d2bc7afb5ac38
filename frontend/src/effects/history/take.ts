/**
 * Taking what somebody gave of the time before this device came in: fetched from the log, held
 * against the hash chain, opened, verified by its authors' signatures, and judged once more by
 * their terms. All of one grant is written in one batch, with what was done to it meanwhile.
 */

import { ApiError, isExpected, isOver, isPassing } from "../../api/errors";
import type { Content } from "../../crypto/content";
import { HistoryUnreadable, openHistory } from "../../crypto/history";
import { keys, type LineRecord, type ThreadRecord } from "../../store/records";
import type { GrantRecord, TakenRecord, WhyRefused } from "../../store/said";
import type { Tx } from "../../store/vault";
import { ofAuthors, withdrawnIn } from "../../verify/court/changes";
import type { Core } from "../core";
import { doneSince, said } from "../said";
import { keepGiven, keepGivenNone } from "../signed";
import { closedTo, type Message, mayQuote } from "./judge";
import { type Earlier, earlier } from "./log";
import { linesOf } from "./offer";
import { type Read, readGiven } from "./reading";

type Text = Extract<Content, { kind: "text" }>;
type Edit = Extract<Content, { kind: "edit" }>;
type Where = "seq" | "chain" | "at" | "others";
type ActLine = Extract<LineRecord, { kind: "act" }>;

/** A message that may be shown, with what its author made of it before this device came in. */
type Whole = {
  readonly read: Read;
  readonly said: Text;
  readonly edits: readonly Read[];
  /** Edits of theirs that are none: with them it is known that nothing is left out. */
  readonly none: readonly Read[];
};
type Judged = { readonly whole: Whole[]; readonly refused: Map<number, WhyRefused> };

/** After which what a network kept from being taken is tried again. */
const AGAIN_MS = [5_000, 15_000] as const;

export class Taking {
  #running: Promise<void> | null = null;
  #again = false;
  #waits = false;

  constructor(private readonly core: Core) {}

  /** Take whatever waits; what needs a network waits on. Calls meanwhile share one further run. */
  take(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#all();
    return this.#running;
  }

  async #all(): Promise<void> {
    await null; // so that `#running` is there before it is cleared
    try {
      while (this.#again && !this.core.over) {
        this.#again = false;
        for (const key of await this.core.vault.keys(keys.allGrants)) await this.#try(key);
      }
    } finally {
      // At once with the last look at `#again`: whoever asks from here on begins a run of their own.
      this.#running = null;
    }
  }

  async #try(key: string): Promise<void> {
    const { core } = this;
    try {
      const record = await core.vault.read(key as typeof keys.allGrants);
      if (record !== undefined) await this.#orRefused(key, record);
    } catch (error) {
      if (!isPassing(error)) return core.report(error);
      this.#later();
    }
  }

  /** What the server refuses for good, it would refuse every time: it has to be asked for again. */
  async #orRefused(key: string, record: GrantRecord): Promise<void> {
    try {
      await this.#one(key, record);
    } catch (error) {
      const waits = isPassing(error) || isExpected(error) || isOver(error);
      if (waits || !(error instanceof ApiError)) throw error;
      await this.#close(key, record, this.#nothing("missed"));
    }
  }

  /** Once for all that waits: each run tries all of it. */
  #later(): void {
    if (this.#waits) return;
    this.#waits = true;
    const { core } = this;
    core.after(core.spread(...AGAIN_MS), () => {
      this.#waits = false;
      this.take().catch((one) => core.report(one));
    });
  }

  async #one(key: string, record: GrantRecord): Promise<void> {
    const { core } = this;
    const { circle, grant } = record;
    const thread = await core.vault.read(keys.thread(circle));
    const { device, historyPrivate } = core.device;
    const ours = grant.sealed.some((one) => one.device === device);
    if (thread?.status !== "active" || !ours) {
      return this.#close(key, record, this.#nothing("missed"));
    }
    let list: Awaited<ReturnType<typeof openHistory>>;
    try {
      list = await openHistory(core.engine, circle, grant, device, historyPrivate);
    } catch (error) {
      if (!(error instanceof HistoryUnreadable)) throw error;
      return this.#close(key, record, this.#nothing("unreadable"));
    }
    const here = <T extends { seq: number }>(all: readonly T[]) =>
      all.filter(({ seq }) => seq <= thread.since.seq);
    const [messages, edits] = [here(list.messages), here(list.edits)];
    const [earliest] = messages;
    // It was in before all of it, as the first devices of somebody who named another one were.
    if (earliest === undefined) return this.#close(key, record, this.#nothing());
    const wanted = new Set([...messages, ...edits].map(({ seq }) => seq));
    const page = core.api.log.bind(core.api);
    const log = await earlier({ circle, since: thread.since, page }, earliest.seq, wanted);
    if (log === null) return this.#close(key, record, this.#nothing("log"));
    await this.#known([...[...log.entries.values()], ...log.changes].map(({ device }) => device));
    const { engine, people } = core;
    const done = countingIn(log, (device) => people.owner(device)?.person ?? null);
    const place = { circle, engine, people, epochs: list.epochs };
    const read = new Map<number, Read | WhyRefused>();
    for (const opened of [...messages, ...edits]) {
      const entry = log.entries.get(opened.seq);
      if (entry) read.set(opened.seq, await readGiven(place, entry, opened));
    }
    const judged = judge(
      messages.map(({ seq }) => seq),
      read,
      done,
      record.person,
    );
    await core.exclusive(async (tx) => {
      if ((await tx.get(key as typeof keys.allGrants)) === undefined) return;
      const now = await tx.get(keys.thread(circle));
      if (now === undefined) return;
      const taken = await write(core, tx, now, record, judged, done);
      await close(tx, key, record, taken);
    });
  }

  /** Whose devices these are, if that is said a moment later than it is needed. */
  async #known(devices: readonly string[]): Promise<void> {
    const { people } = this.core;
    const lacking = new Set(devices);
    for (const device of lacking) if (people.owner(device) !== null) lacking.delete(device);
    if (lacking.size > 0) await people.untilKnown([...lacking]);
  }

  #nothing(whole?: TakenRecord["whole"]): TakenRecord {
    return { at: this.core.now(), shown: 0, refused: {}, ...(whole && { whole }) };
  }

  #close(key: string, record: GrantRecord, taken: TakenRecord): Promise<void> {
    return this.core.exclusive((tx) => close(tx, key, record, taken));
  }
}

/** With the grant its keys go from here; what became of it stays at its line. */
async function close(
  tx: Tx,
  key: string,
  { circle, seq }: GrantRecord,
  taken: TakenRecord,
): Promise<void> {
  tx.remove(key);
  const line = await tx.get(keys.line(circle, seq));
  if (line?.kind !== "act" || line.giving === undefined) return;
  tx.put(keys.line(circle, seq), { ...line, giving: { ...line.giving, taken } });
}

/** What was done to messages by their authors, before this device came in. */
type Counting = {
  readonly withdrawn: ReadonlySet<number>;
  /** Of entries that were edited: by which ones. */
  readonly edited: ReadonlyMap<number, readonly number[]>;
  /** Whose an entry is; null of one that nobody here knows. */
  readonly authorOf: (seq: number) => string | null;
};

function countingIn(
  { changes, devices }: Earlier,
  ownerOf: (device: string) => string | null,
): Counting {
  const deviceOf = (seq: number) => devices.get(seq);
  const own = ofAuthors(changes, { deviceOf, ownerOf });
  const edited = new Map<number, number[]>();
  for (const { kind, seq, about } of own) {
    if (kind === "edit") edited.set(about, [...(edited.get(about) ?? []), seq]);
  }
  const authorOf = (seq: number) => ownerOf(deviceOf(seq) ?? "");
  return { withdrawn: withdrawnIn(own), edited, authorOf };
}

function judge(
  seqs: readonly number[],
  read: ReadonlyMap<number, Read | WhyRefused>,
  done: Counting,
  giver: string,
): Judged {
  const whole: Whole[] = [];
  const refused = new Map<number, WhyRefused>();
  for (const seq of seqs) {
    const found = wholeOf(seq, read, done, giver);
    if (typeof found === "string") refused.set(seq, found);
    else whole.push(found);
  }
  return { whole, refused };
}

function wholeOf(
  seq: number,
  read: ReadonlyMap<number, Read | WhyRefused>,
  done: Counting,
  giver: string,
): Whole | WhyRefused {
  if (done.withdrawn.has(seq)) return "withdrawn";
  const one = read.get(seq);
  if (one === undefined || typeof one === "string") return one ?? "inconsistent";
  const { content, person } = one;
  if (content?.kind !== "text") return "inconsistent";
  const closed = closedTo(giver, person, content);
  if (closed !== null) return closed;
  const edits: Read[] = [];
  const none: Read[] = [];
  for (const at of done.edited.get(seq) ?? []) {
    const edit = read.get(at);
    // Without one of them an earlier text would stand there as the one that counts.
    if (edit === undefined || typeof edit === "string") return "incomplete";
    if (edit.person !== person) return "incomplete";
    const { content: changed } = edit;
    // What stands in clear beside it, and what is inside, were held against each other (reading.ts).
    const counts = changed?.kind === "edit" && changed.id === one.entry.id;
    (counts ? edits : none).push(edit);
  }
  return { read: one, said: content, edits, none };
}

async function write(
  core: Core,
  tx: Tx,
  thread: ThreadRecord,
  record: GrantRecord,
  { whole, refused }: Judged,
  done: Counting,
): Promise<TakenRecord> {
  const { circle } = thread;
  const since = await doneMeanwhile(core, thread);
  const gone = new Set(done.withdrawn);
  for (const { what, about, person } of since) {
    const author = done.authorOf(about);
    if (what === "withdraw" && (author === null || author === person)) gone.add(about);
  }
  const fresh = new Set<number>();
  for (const one of whole) {
    const { seq } = one.read.entry;
    if ((await tx.get(keys.line(circle, seq))) !== undefined) continue;
    const why = await whyNot(tx, circle, record.person, one, gone);
    if (why !== null) refused.set(seq, why);
    else {
      await put(core, tx, thread, record, one);
      fresh.add(seq);
    }
  }
  for (const line of since) {
    if (fresh.has(line.about)) await doneSince({ tx, circle, thread, core }, line);
  }
  for (const seq of fresh) {
    const line = await tx.get(keys.line(circle, seq));
    if (line?.kind !== "message" || !line.withdrawn) continue;
    // Its place stands there, and no word of it.
    fresh.delete(seq);
    refused.set(seq, "withdrawn");
  }
  const counts: Partial<Record<WhyRefused, number>> = {};
  for (const why of refused.values()) counts[why] = (counts[why] ?? 0) + 1;
  return { at: core.now(), shown: fresh.size, refused: counts };
}

/** What was done to messages that were not here, since this device came in. */
async function doneMeanwhile(core: Core, { circle, since }: ThreadRecord): Promise<ActLine[]> {
  const found: ActLine[] = [];
  for await (const line of linesOf(core.vault, circle, since.seq + 1)) {
    if (line.kind === "act" && line.outcome === "not-here") found.push(line);
  }
  return found;
}

/** What it quotes must be what stands there, and may be read by whoever reads this. */
async function whyNot(
  tx: Tx,
  circle: string,
  giver: string,
  { said: { quote } }: Whole,
  gone: ReadonlySet<number>,
): Promise<WhyRefused | null> {
  if (quote === undefined) return null;
  const line = await tx.get(keys.line(circle, quote.seq));
  const quoted = line?.kind === "message" && line.error === undefined ? line : null;
  // Its words would stand on in what its author signed.
  if (gone.has(quote.seq) || quoted?.withdrawn) return "withdrawn";
  return mayQuote(giver, quote.handling, quoted) ? null : "quotes";
}

async function put(
  core: Core,
  tx: Tx,
  thread: ThreadRecord,
  record: GrantRecord,
  { read, said: text, edits, none }: Whole,
): Promise<void> {
  const { circle } = thread;
  const place = { tx, circle, thread, core };
  const by = ({ person, device }: Read) => ({ person, device, mine: false });
  const { person, at, seq } = record;
  const given = { person, at, seq, ...(read.stopped && { stopped: true as const }) };
  const shown = (await said(place, read.entry, by(read), text)) as Omit<Message, Where>;
  tx.put(keys.line(circle, read.entry.seq), { ...placed(read), ...shown, given });
  keepGiven(tx, circle, read.entry.seq, read);
  for (const edit of edits) {
    const done = await said(place, edit.entry, by(edit), edit.content as Edit);
    tx.put(keys.line(circle, edit.entry.seq), { ...placed(edit), ...done } as LineRecord);
    keepGiven(tx, circle, read.entry.seq, edit);
  }
  for (const one of none) keepGivenNone(tx, circle, read.entry.seq, one);
}

function placed({ entry: { seq, chain, at } }: Read) {
  return { seq, chain, at, others: 0 };
}
