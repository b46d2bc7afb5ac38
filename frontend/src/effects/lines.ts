/** The lines of threads as the screen shows them: a window from the end, kept up to date. */

import { type Stage, stageOf } from "../state/receipts";
import { keys, type LineRecord, type OutboxRecord } from "../store/records";
import type { Core } from "./core";
import { notAgreedTo } from "./readers";
import type { Line, Message } from "./views";

/** Lines read at first; earlier ones are asked for. */
export const WINDOW = 500;

type Listener = (lines: Line[]) => void;
type Window = { records: Map<number, LineRecord>; listeners: Set<Listener> };

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
    const to = before === undefined ? {} : { to: keys.line(circle, before) };
    const found = await this.core.vault.list(keys.lines(circle), { ...to, limit, reverse: true });
    const records = found.map(([, record]) => record).reverse();
    return before === undefined
      ? this.#withOutbox(circle, records)
      : this.#linesOf(circle, records);
  }

  on(circle: string, listener: Listener): () => void {
    const window = this.#windows.get(circle) ?? { records: new Map(), listeners: new Set() };
    const isNew = window.listeners.size === 0;
    window.listeners.add(listener);
    this.#windows.set(circle, window);
    if (isNew) void this.#fill(circle, window).catch((error) => this.core.report(error));
    return () => {
      window.listeners.delete(listener);
      if (window.listeners.size === 0) this.#windows.delete(circle);
    };
  }

  async #fill(circle: string, window: Window): Promise<void> {
    const query = { limit: WINDOW, reverse: true };
    for (const [, record] of await this.core.vault.list(keys.lines(circle), query)) {
      window.records.set(record.seq, record);
    }
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
    if (due.size > 0) {
      const range = {
        from: keys.line(circle, Math.min(...due)),
        to: keys.line(circle, Math.max(...due) + 1),
      };
      for (const [, record] of await this.core.vault.list(keys.lines(circle), range)) {
        window.records.set(record.seq, record);
      }
    }
    this.#tell(circle, window);
  }

  #tell(circle: string, window: Window): void {
    const records = [...window.records.values()].sort((a, b) => a.seq - b.seq);
    const lines = this.#withOutbox(circle, records);
    for (const listener of window.listeners) listener(lines);
  }

  #withOutbox(circle: string, records: readonly LineRecord[]): Line[] {
    const logged = this.#linesOf(circle, records);
    const known = new Set(logged.map((line) => (line.kind === "message" ? line.message.id : "")));
    const waiting = this.core.mirror
      .outboxOf(circle)
      .filter(([, record]) => record.content.kind === "text" && !known.has(record.id))
      .map(([, record]) => this.#waiting(record));
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

  #waiting(record: OutboxRecord): Line {
    const { person, device } = this.core.device;
    const { id, at, status, content, error } = record;
    const text = content.kind === "text" ? content.text : "";
    const message: Message = { id, seq: null, at, person, device, mine: true, text, status };
    if (error !== undefined) message.error = error.code;
    if (status === "held") message.newReaders = notAgreedTo(record, this.core.mirror);
    return { kind: "message", message };
  }

  #lineOf(record: LineRecord, stage?: Stage): Line[] {
    if (record.kind === "silent") return [];
    if (record.kind === "event") return [this.#eventOf(record)];
    const { seq, at, id, person, device, mine, text, error, settled } = record;
    const message: Message = { id, seq, at, person, device, mine, text, status: "received" };
    if (error !== undefined) message.error = error;
    if (settled !== undefined) message.settled = settled;
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
