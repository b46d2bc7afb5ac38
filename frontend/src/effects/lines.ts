/** The lines of threads as the screen shows them: a window from the end, kept up to date. */

import { type Giving, isAct } from "../crypto/content";
import { type Stage, stageOf } from "../state/receipts";
import { keys, type LineRecord, type OutboxRecord } from "../store/records";
import type { GivingRecord } from "../store/said";
import type { Core } from "./core";
import { notAgreedTo } from "./readers";
import { besides } from "./said";
import type { Line, Message } from "./views";

/** Lines read at first; earlier ones are asked for. */
export const WINDOW = 500;
/** Entries that lie no further apart are read in one go. */
const NEAR = 50;

type Listener = (lines: Line[]) => void;
type Window = {
  records: Map<number, LineRecord>;
  listeners: Set<Listener>;
  /** It reaches back to the first line there is: what is given of the time before belongs to it. */
  whole: boolean;
};

export class Lines {
  readonly #windows = new Map<string, Window>();
  #judged = "";
  readonly #due = new Map<string, Set<number>>();

  constructor(private readonly core: Core) {
    core.mirror.onLines((circle, seqs) => this.#changed(circle, seqs));
    core.mirror.onChange(() => this.#judgeAgain());
  }

  /**
   * The last `limit` entries' lines, oldest first; those before entry `before` if that is given.
   * Without `before`, what waits in the outbox stands at the end.
   */
  async read(
    circle: string,
    { limit = WINDOW, before }: { limit?: number; before?: number } = {},
  ): Promise<Line[]> {
    const records = await this.#page(circle, limit, before);
    if (before === undefined) return this.#withOutbox(circle, records);
    // Whoever watches the thread is told of changes to these, too, from now on.
    const window = this.#windows.get(circle);
    for (const record of records) window?.records.set(record.seq, record);
    if (window !== undefined && records.length < limit) window.whole = true;
    return this.#linesOf(circle, records);
  }

  /**
   * The last `limit` entries before `before` that are lines, oldest first; fewer: there are no more.
   * Read forwards, a stretch at a time: a browser's store goes backwards only one by one.
   */
  async #page(circle: string, limit: number, before?: number): Promise<LineRecord[]> {
    const first = await this.#end(circle, false);
    const last = before === undefined ? await this.#end(circle, true) : before - 1;
    if (first === null || last === null) return [];
    const pages: LineRecord[][] = [];
    let left = limit;
    let to = last + 1;
    while (left > 0 && to > first) {
      const from = Math.max(first, to - Math.max(left, NEAR));
      const page = (await this.#stretch(circle, from, to)).filter(isLine).slice(-left);
      pages.unshift(page);
      left -= page.length;
      to = from;
    }
    return pages.flat();
  }

  /** The number of the first or the last entry that is kept of a thread. */
  async #end(circle: string, reverse: boolean): Promise<number | null> {
    const [found] = await this.core.vault.list(keys.lines(circle), { limit: 1, reverse });
    return found?.[1].seq ?? null;
  }

  /** What is kept of the entries from `from` on, up to and without `to`. */
  async #stretch(circle: string, from: number, to: number): Promise<LineRecord[]> {
    const range = { from: keys.line(circle, from), to: keys.line(circle, to) };
    return (await this.core.vault.list(keys.lines(circle), range)).map(([, record]) => record);
  }

  /**
   * The first message at or after a moment, null where there is none. The numbers of a log follow
   * the server's clock, so it takes a look at one entry for each halving.
   */
  async firstSince(circle: string, at: string): Promise<{ seq: number; at: string } | null> {
    const wanted = Date.parse(at);
    let low = (await this.#end(circle, false)) ?? 0;
    let high = ((await this.#end(circle, true)) ?? -1) + 1;
    const end = high;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const range = { from: keys.line(circle, middle), to: keys.line(circle, high), limit: 1 };
      const [found] = await this.core.vault.list(keys.lines(circle), range);
      if (found === undefined || Date.parse(found[1].at) >= wanted) high = middle;
      else low = found[1].seq + 1;
    }
    for (let from = low; from < end; from += WINDOW) {
      const found = await this.#stretch(circle, from, Math.min(end, from + WINDOW));
      const message = found.find(({ kind }) => kind === "message");
      if (message !== undefined) return { seq: message.seq, at: message.at };
    }
    return null;
  }

  on(circle: string, listener: Listener): () => void {
    const fresh = { records: new Map(), listeners: new Set<Listener>(), whole: false };
    const window = this.#windows.get(circle) ?? fresh;
    const isNew = window.listeners.size === 0;
    window.listeners.add(listener);
    this.#windows.set(circle, window);
    if (isNew) void this.#fill(circle, window).catch((error) => this.core.report(error));
    // Whoever comes later hears what stands there; where it is still being read, with the first.
    else if (window.whole || window.records.size > 0) {
      this.core.after(0, () => {
        if (window.listeners.has(listener)) listener(this.#linesIn(circle, window));
      });
    }
    return () => {
      window.listeners.delete(listener);
      if (window.listeners.size === 0) this.#windows.delete(circle);
    };
  }

  async #fill(circle: string, window: Window): Promise<void> {
    const records = await this.#page(circle, WINDOW);
    for (const record of records) window.records.set(record.seq, record);
    window.whole = records.length < WINDOW;
    this.#tell(circle, window);
  }

  /** Bursts are told once, with all that came. */
  #changed(circle: string, seqs: readonly number[]): void {
    if (!this.#windows.has(circle)) return;
    const due = this.#due.get(circle);
    if (due) {
      for (const seq of seqs) due.add(seq);
      return;
    }
    this.#due.set(circle, new Set(seqs));
    this.core.after(0, () => {
      void this.#refresh(circle).catch((error) => this.core.report(error));
    });
  }

  /** What a removal's line says of a stop hangs on the log and on the server's word. */
  #judgeAgain(): void {
    const { mirror, people } = this.core;
    const now = `${people.size} ${mirror.stops().join()}`;
    if (now === this.#judged) return;
    this.#judged = now;
    for (const [circle, window] of this.#windows) this.#tell(circle, window);
  }

  async #refresh(circle: string): Promise<void> {
    const due = this.#due.get(circle) ?? new Set();
    this.#due.delete(circle);
    const window = this.#windows.get(circle);
    if (window === undefined) return;
    // What an act changed may stand before all that is watched: then nobody sees it.
    const first = window.whole ? 0 : Math.min(...window.records.keys());
    const seen = [...due].filter((seq) => seq >= first || window.records.size === 0);
    for (const run of runsOf(seen)) {
      for (const record of await this.#stretch(circle, run.from, run.to + 1)) {
        window.records.set(record.seq, record);
      }
    }
    this.#tell(circle, window);
  }

  #tell(circle: string, window: Window): void {
    const lines = this.#linesIn(circle, window);
    for (const listener of window.listeners) listener(lines);
  }

  #linesIn(circle: string, window: Window): Line[] {
    const records = [...window.records.values()].sort((a, b) => a.seq - b.seq);
    return this.#withOutbox(circle, records);
  }

  #withOutbox(circle: string, records: readonly LineRecord[]): Line[] {
    const logged = this.#linesOf(circle, records);
    const known = new Set(logged.map((line) => (line.kind === "message" ? line.message.id : "")));
    const waiting = this.core.mirror
      .outboxOf(circle)
      .filter(([, record]) => !known.has(record.id))
      .flatMap(([, record]) => this.#waiting(record));
    return [...logged, ...waiting];
  }

  #linesOf(circle: string, records: readonly LineRecord[]): Line[] {
    const open = new Map(
      [...this.core.mirror.promises.values()].flatMap((one): [number, Stage][] =>
        one.line?.circle === circle ? [[one.line.seq, stageOf(one)]] : [],
      ),
    );
    return records.flatMap((record) => this.#lineOf(record, open.get(record.seq)));
  }

  #waiting(record: OutboxRecord): Line[] {
    const { person, device } = this.core.device;
    const { id, at, status, content, error } = record;
    const base = { id, seq: null, at, person, mine: true, status };
    const newReaders = status === "held" ? notAgreedTo(record, this.core.mirror) : undefined;
    const held = newReaders && { newReaders };
    if (isAct(content)) {
      const { kind: what, about } = content;
      const typed = "text" in content ? content.text : "reason" in content ? content.reason : null;
      const text = typed === null ? {} : { text: typed };
      const why = error && { why: error.code };
      const outcome = "waiting" as const;
      const giving = content.kind === "give-history" && { giving: givingOf(content) };
      return [{ kind: "act", ...base, what, about, outcome, ...text, ...why, ...held, ...giving }];
    }
    if (content.kind !== "text") return [];
    const { text, quote, files, mentions, asks, urgent, handling, carried, consult } = content;
    const message: Message = { ...base, device, text, ...held };
    if (quote) message.quote = { ...quote, person: null, matches: null };
    if (files) message.files = files;
    if (mentions) message.mentions = mentions;
    if (asks) message.asks = asks;
    const roster = this.core.mirror.threads.get(record.circle)?.roster;
    if (asks && roster) message.asked = besides(person, roster);
    if (urgent) message.urgent = urgent;
    if (handling) message.handling = handling;
    if (carried) message.carried = carried;
    if (consult) message.consult = consult;
    if (error !== undefined) message.error = error.code;
    return [{ kind: "message", message }];
  }

  #lineOf(record: LineRecord, stage?: Stage): Line[] {
    if (!isLine(record)) return [];
    if (record.kind === "event") return [this.#eventOf(record)];
    if (record.kind === "act") {
      const { chain: _chain, others: _others, device: _device, ...act } = record;
      return [act];
    }
    const {
      kind: _kind,
      chain: _link,
      others: _count,
      quotedBy: _by,
      kept: _raw,
      ...rest
    } = record;
    const message: Message = { ...rest, status: "received" };
    if (stage !== undefined && stage !== "promised") message.unsettled = stage;
    return [{ kind: "message", message }];
  }

  #eventOf(record: Extract<LineRecord, { kind: "event" }>): Line {
    const { seq, at, what, people, by } = record;
    const line = { kind: "event" as const, seq, at, what, people, by };
    const { mirror, people: known } = this.core;
    if (record.devices !== undefined) {
      const { devices } = record;
      const since = record.stopped ?? mirror.devicesStopped(devices);
      const shown = { ...line, devices: devices.length };
      if (since === null || Date.parse(since) > Date.parse(at)) return shown;
      return { ...shown, stopped: known.devicesStopped(devices, since) };
    }
    if (what !== "removed") return record.back ? { ...line, back: true } : line;
    const since = record.stopped ?? mirror.stoppedSince(people);
    if (since === null || Date.parse(since) > Date.parse(at)) return line;
    return { ...line, stopped: known.stoppedSince(people, since) };
  }
}

function givingOf({ to, first, last, count }: Giving): GivingRecord {
  return { to, first, last, count };
}

type Drawn = Exclude<LineRecord, { kind: "silent" }>;

/** What a message shows of itself, e.g. that it was edited, needs no line beside it. */
function isLine(record: LineRecord): record is Drawn {
  if (record.kind !== "act") return record.kind !== "silent";
  return (
    record.outcome !== "done" ||
    record.about === 0 ||
    record.what === "pin" ||
    record.what === "unpin" ||
    record.what.endsWith("-leave")
  );
}

/** Numbers, as runs that have no large gap: each is read at once. */
function runsOf(numbers: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const at of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && at - last.to <= NEAR) last.to = at;
    else runs.push({ from: at, to: at });
  }
  return runs;
}
