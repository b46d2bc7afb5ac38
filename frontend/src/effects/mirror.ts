/**
 * What the screen needs of the store, in memory: small records only, never lines or MLS states.
 *
 * Filled at sign-in, then kept in step by the vault's watcher; when another tab wrote, it is read
 * again whole.
 */

import type { ConsultationRow } from "../api/consultations";
import type { ExportRow } from "../api/exports";
import type { NoteRow } from "../api/notes";
import type { Retention } from "../api/retention";
import type { CaseFile, Joining, Person, RequestRow, StateName } from "../api/schema";
import type { Along } from "../store/along";
import {
  type CommentRecord,
  type DraftRecord,
  type ErasedRecord,
  type IntentRecord,
  keys,
  type OutboxRecord,
  type PendingCommit,
  type PendingVersion,
  type PromiseRecord,
  type ThreadRecord,
} from "../store/records";
import type { Call, KeptUnread } from "../store/said";
import type { Key, Vault } from "../store/vault";
import { callsNow } from "./calls";

/** Who is entitled to read a circle, and what hangs on it. */
export type Circle = { kind: "case" | "thread" | "drafting" | "note"; people: string[] };

export type LinesChanged = (circle: string, seqs: number[]) => void;

export class Mirror {
  readonly threads = new Map<string, ThreadRecord>();
  readonly outbox = new Map<string, OutboxRecord>();
  readonly drafts = new Map<string, string>();
  readonly alongs = new Map<string, Along>();
  /** What is typed and belongs to no thread's composer, by circle and what it is for. */
  readonly typed = new Map<string, string>();
  readonly reads = new Map<string, number>();
  /** How far the server said last that each is read, of which not all may be here yet. */
  readonly saidRead = new Map<string, number>();
  /** Threads kept as unread. */
  readonly kept = new Map<string, KeptUnread>();
  /** Threads in which nobody is told that this person writes. */
  readonly quiet = new Map<string, true>();
  readonly commits = new Map<string, PendingCommit>();
  readonly intents = new Map<string, IntentRecord>();
  /** Drafts of requests and versions on their way, by request. */
  readonly drafting = new Map<string, DraftRecord>();
  readonly saving = new Map<string, PendingVersion>();
  /** By circle and id. */
  readonly comments = new Map<string, CommentRecord>();
  /** What the public log has promised and not yet proven. */
  readonly promises = new Map<string, PromiseRecord>();
  /** Newest versions that are no drafts, and who made them, by request. */
  readonly malformed = new Map<string, { version: number; person: string }>();
  /** Messages of others up to the read mark, per thread. */
  readonly othersRead = new Map<string, number>();
  /** How far the server says that each thread's log goes. */
  readonly heads = new Map<string, number>();
  /** Whether each circle's group was begun, as far as the server was asked. */
  readonly begun = new Map<string, boolean>();
  /** What was deleted at the end of its period, by circle. */
  readonly erased = new Map<string, ErasedRecord>();
  cases: CaseFile[] = [];
  /** How long each is kept, as far as the server was asked. */
  keeping: Retention = { classes: [], cases: [], notes: [], erased: [] };
  /** What waits for this person's State: its consent, or that it accepts. */
  joinings: Joining[] = [];
  /** Exports for a court: own ones, those that wait for the coordination, those of own threads. */
  exports: ExportRow[] = [];
  requests: RequestRow[] = [];
  /** First-line information that this person sent or received. */
  notes: NoteRow[] = [];
  /** What this person asked about a request, informally, or was asked. */
  consultations: ConsultationRow[] = [];
  people: Person[] = [];
  states: StateName[] = [];
  alarm: string | null = null;
  #listeners: (() => void)[] = [];
  #lineListeners: LinesChanged[] = [];
  /** Batches of this tab so far. */
  #applied = 0;

  readonly #sections: [prefix: string, map: Map<string, unknown>, whole: boolean][] = [
    [keys.threads, this.threads as Map<string, unknown>, false],
    [keys.allOutbox, this.outbox as Map<string, unknown>, true],
    [keys.drafts, this.drafts as Map<string, unknown>, false],
    [keys.alongs, this.alongs as Map<string, unknown>, false],
    [keys.allTyped, this.typed as Map<string, unknown>, false],
    [keys.reads, this.reads as Map<string, unknown>, false],
    [keys.kept(), this.kept as Map<string, unknown>, false],
    [keys.quiet(), this.quiet as Map<string, unknown>, false],
    [keys.commits, this.commits as Map<string, unknown>, false],
    [keys.intents, this.intents as Map<string, unknown>, false],
    [keys.drafting, this.drafting as Map<string, unknown>, false],
    [keys.saving, this.saving as Map<string, unknown>, false],
    [keys.allComments, this.comments as Map<string, unknown>, false],
    [keys.promises, this.promises as Map<string, unknown>, false],
    [keys.allErased, this.erased as Map<string, unknown>, false],
  ];

  constructor(private readonly vault: Vault) {
    vault.watch((changes) => this.#apply(changes));
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  onLines(listener: LinesChanged): void {
    this.#lineListeners.push(listener);
  }

  /** The server's answer to an act: what a case is like now. */
  learn(caseFile: CaseFile): void {
    const others = this.cases.filter(({ id }) => id !== caseFile.id);
    this.cases = [caseFile, ...others].sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** A thread's log was said to go so far. */
  reaches(circle: string, head: number): void {
    if ((this.heads.get(circle) ?? 0) >= head) return;
    this.heads.set(circle, head);
    this.changed();
  }

  reachAll(heads: Readonly<Record<string, number>>): void {
    for (const [circle, head] of Object.entries(heads)) this.reaches(circle, head);
  }

  /** How many entries of a thread there are that are not here yet. */
  missing({ circle, seq, status }: ThreadRecord): number {
    return status === "active" ? Math.max(0, (this.heads.get(circle) ?? 0) - seq) : 0;
  }

  /** Whether something is typed for it that is no message of its composer. */
  hasTyped(circle: string): boolean {
    return [...this.typed.keys()].some((place) => place.startsWith(`${circle}/`));
  }

  /** Read everything again. */
  async load(): Promise<void> {
    let found: [string, unknown][][];
    let applied: number;
    // Anew if this tab wrote meanwhile. Another one may: words are read before their terms, so that
    // new words never stand beside the terms of before, and it says when it has written.
    do {
      applied = this.#applied;
      found = [];
      for (const [prefix] of this.#sections) {
        found.push(await this.vault.list(prefix as Key<unknown>));
      }
    } while (this.#applied !== applied);
    for (const [at, [prefix, map, whole]] of this.#sections.entries()) {
      map.clear();
      for (const [key, value] of found[at] ?? []) {
        map.set(whole ? key : key.slice(prefix.length), value);
      }
    }
    for (const circle of this.threads.keys()) await this.#count(circle);
    this.changed();
  }

  /** Another tab wrote: read again, and look at the lines of every thread anew. */
  async reload(): Promise<void> {
    const before = new Map([...this.threads].map(([circle, { seq }]) => [circle, seq]));
    await this.load();
    for (const [circle, thread] of this.threads) {
      const from = before.get(circle) ?? thread.since.seq - 1;
      const seqs = [];
      for (let seq = from + 1; seq <= thread.seq; seq += 1) seqs.push(seq);
      if (seqs.length > 0) this.#linesChanged(circle, seqs);
    }
  }

  /** Who is stopped since when, as the server says. */
  stops(): [person: string, at: string][] {
    const told = [...this.people, ...this.cases.flatMap(({ people }) => people)];
    return told.flatMap(({ id, stopped }) => (stopped === null ? [] : [[id, stopped.at]]));
  }

  /** Since when these persons, all of them, have been stopped, as the server says; or null. */
  stoppedSince(people: readonly string[]): string | null {
    const known = new Map(this.stops());
    const since = people.flatMap((person) => known.get(person) ?? []);
    return since.length === people.length ? (since.toSorted()[0] ?? null) : null;
  }

  /** The same of devices that were stopped while their persons were not. */
  devicesStopped(devices: readonly string[]): string | null {
    const people = this.cases.flatMap((one) => one.people);
    const all = people.flatMap((one) => one.devices_stopped.map(({ device, at }) => [device, at]));
    const known = new Map(all as [string, string][]);
    const since = devices.flatMap((device) => known.get(device) ?? []);
    return since.length === devices.length ? (since.toSorted()[0] ?? null) : null;
  }

  outboxOf(circle: string): [key: string, record: OutboxRecord][] {
    return [...this.outbox]
      .filter(([, record]) => record.circle === circle)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The circles in which this person is entitled to read, as the server says, by circle. */
  circles(): Map<string, Circle> {
    const found = new Map<string, Circle>();
    // First: what a case lists is never less than that for being called a note.
    for (const { circle, people } of [...this.notes, ...this.consultations])
      found.set(circle, { kind: "note", people });
    for (const caseFile of this.cases) {
      // Whoever is stopped stays in the case and reads nothing.
      const acting = caseFile.people.filter(({ stopped }) => stopped === null);
      const people = acting.map((person) => person.id);
      found.set(caseFile.circle, { kind: "case", people });
      for (const thread of caseFile.threads) {
        found.set(thread.circle, { kind: "thread", people: thread.people });
      }
      for (const draft of caseFile.drafts) {
        found.set(draft.circle, { kind: "drafting", people: draft.people });
      }
    }
    for (const { circle, people } of this.requests) found.set(circle, { kind: "drafting", people });
    for (const [circle, { kind, people }] of found) {
      if (kind !== "drafting" && this.threads.get(circle)?.drafting) {
        found.set(circle, { kind: "drafting", people });
      }
    }
    return found;
  }

  /**
   * As the server says now, or as this device has known it before. Whoever asks of many has looked
   * up the `circles` once.
   */
  isDrafting(circle: string, circles?: ReadonlyMap<string, Circle>): boolean {
    const known = this.threads.get(circle)?.drafting ?? false;
    return known || (circles ?? this.circles()).get(circle)?.kind === "drafting";
  }

  request(id: string): RequestRow | undefined {
    return this.requests.find((one) => one.id === id);
  }

  unread(circle: string): number {
    const thread = this.threads.get(circle);
    if (thread === undefined) return 0;
    const read = this.othersRead.get(circle) ?? 0;
    const kept = this.kept.get(circle);
    if (kept !== undefined && !kept.over)
      return Math.max(1, thread.others - Math.min(read, kept.others));
    return Math.max(0, thread.others - read);
  }

  /** Messages by which this person is called in a thread. */
  calls(circle: string): readonly Call[] {
    const read = this.reads.get(circle) ?? 0;
    const kept = this.kept.get(circle);
    return callsNow(this.threads.get(circle)?.calls ?? [], {
      read,
      kept: kept?.over ? undefined : kept?.seq,
    });
  }

  #apply(changes: ReadonlyMap<string, unknown>): void {
    this.#applied += 1;
    const lines = new Map<string, number[]>();
    const recount = new Set<string>();
    for (const [key, value] of changes) {
      const named = /^line\/([^/]+)\/(\d+)$/.exec(key);
      if (named?.[1] && named[2]) {
        lines.set(named[1], [...(lines.get(named[1]) ?? []), Number(named[2])]);
        continue;
      }
      const section = this.#sections.find(([prefix]) => key.startsWith(prefix));
      if (section === undefined) continue;
      const [prefix, map, whole] = section;
      const name = whole ? key : key.slice(prefix.length);
      if (value === undefined) map.delete(name);
      else map.set(name, value);
      if (prefix === keys.reads) recount.add(name);
      const line =
        prefix === keys.promises ? (value as PromiseRecord | undefined)?.line : undefined;
      if (line) lines.set(line.circle, [...(lines.get(line.circle) ?? []), line.seq]);
      if (prefix === keys.allOutbox) {
        const circle = key.slice(prefix.length).split("/")[0] ?? "";
        if (!lines.has(circle)) lines.set(circle, []);
      }
    }
    for (const [circle, seqs] of lines) this.#linesChanged(circle, seqs);
    for (const circle of recount) void this.#count(circle).then(() => this.changed());
    this.changed();
  }

  #linesChanged(circle: string, seqs: number[]): void {
    for (const listener of this.#lineListeners) listener(circle, seqs);
  }

  async #count(circle: string): Promise<void> {
    const seq = this.reads.get(circle);
    const thread = this.threads.get(circle);
    if (seq === undefined || thread === undefined) return;
    const found = await this.vault.read(keys.line(circle, Math.min(seq, thread.seq)));
    if (found) this.othersRead.set(circle, found.others);
  }
}
