/**
 * Searching what was said in the threads that this person reads, on this device alone.
 *
 * The index follows the lines: some seconds after they change, and before every answer. What it is
 * made with is loaded when it is first needed, some seconds after the page has begun.
 */

import { Unreachable } from "../../api/errors";
import { partOf, pieces, SPAN } from "../../store/found";
import { keys, type ThreadRecord } from "../../store/records";
import type { SaidRecord } from "../../store/said";
import { type Core, SessionOver } from "../core";
import { part as later } from "../loading";
import type { Piece, Place, Wanted } from "./piece";

/** The page comes first. */
const BEGIN_MS = 4_000;
/** Bursts are taken together. */
const FOLLOW_MS = 3_000;
/** What the index is made with did not come: the server may be starting anew. */
const AGAIN_MS = 15_000;

const makers = later(() => import("./piece"));

export type Query = Wanted & {
  /** Only in these threads. */
  circles?: readonly string[];
  /** How many of the newest are read and handed out. */
  limit: number;
};

/** One message in which it stands. `edited`: it said something else before. */
export type Hit = Place & {
  circle: string;
  text: string;
  edited: boolean;
  /** Of its files. */
  names: readonly string[];
} & Pick<SaidRecord, "handling">;

/** What can be found at all here; `since` is null while that is nothing. */
export type Scope = { messages: number; since: string | null };

export type Found = {
  /** The newest first. */
  hits: readonly Hit[];
  /** Of all there are. */
  total: number;
  scope: Scope;
};

type Loaded = { piece: Piece; revision: number };

export class SearchDesk {
  /** By circle and part. */
  readonly #loaded = new Map<string, Map<number, Loaded>>();
  /** Parts to look at: lines in them have changed. */
  readonly #due = new Map<string, Set<number>>();
  #tail: Promise<void> = Promise.resolve();
  #planned = false;

  constructor(private readonly core: Core) {
    core.mirror.onLines((circle, seqs) => {
      for (const seq of seqs) this.#isDue(circle, partOf(seq));
      if (seqs.length > 0) this.#plan(FOLLOW_MS);
    });
    this.#plan(BEGIN_MS);
  }

  /** Another tab wrote: what it changed in old messages is looked for at the next question. */
  doubt(): void {
    for (const [circle, parts] of this.#loaded) {
      for (const part of parts.keys()) this.#isDue(circle, part);
    }
  }

  /** @throws {Unreachable} while what the index is made with was never fetched, and cannot be. */
  async find({ circles, limit, ...wanted }: Query): Promise<Found> {
    await this.#caughtUp();
    const readable = this.#readable();
    const all: (Place & { circle: string })[] = [];
    for (const circle of readable) {
      if (circles !== undefined && !circles.includes(circle)) continue;
      for (const { piece } of this.#loaded.get(circle)?.values() ?? []) {
        for (const place of piece.find(wanted)) all.push({ circle, ...place });
      }
    }
    all.sort((a, b) => b.at - a.at || b.seq - a.seq);
    const hits = await Promise.all(all.slice(0, limit).map((place) => this.#read(place)));
    return { hits: hits.flat(), total: all.length, scope: this.#scope(readable) };
  }

  async #read(place: Place & { circle: string }): Promise<Hit[]> {
    const line = await this.core.vault.read(keys.line(place.circle, place.seq));
    if (line?.kind !== "message" || line.withdrawn) return [];
    const { text, handling, files = [] } = line;
    const names = files.map(({ name }) => name);
    const hit = { ...place, text, names, edited: line.edited !== undefined };
    return [handling === undefined ? hit : { ...hit, handling }];
  }

  #scope(readable: readonly string[]): Scope {
    let messages = 0;
    let since: string | null = null;
    for (const circle of readable) {
      for (const { piece } of this.#loaded.get(circle)?.values() ?? []) {
        messages += piece.count;
        if (piece.count > 0 && (since === null || piece.since < since)) since = piece.since;
      }
    }
    return { messages, since };
  }

  /** Cases and threads in which this person may read, as the server says now. */
  #readable(): string[] {
    const { mirror } = this.core;
    return [...mirror.circles()].flatMap(([circle, { kind }]) => {
      return isHere(mirror.threads.get(circle)) && kind !== "drafting" ? [circle] : [];
    });
  }

  #isDue(circle: string, part: number): void {
    const parts = this.#due.get(circle) ?? new Set();
    this.#due.set(circle, parts.add(part));
  }

  #plan(ms: number): void {
    if (this.#planned) return;
    this.#planned = true;
    this.core.after(ms, () => {
      this.#planned = false;
      void this.#caughtUp().catch((error) => {
        if (error instanceof Unreachable) this.#plan(AGAIN_MS);
        else this.core.report(error);
      });
    });
  }

  /** One run at a time; whoever asks waits for a run that began after they did. */
  #caughtUp(): Promise<void> {
    const run = this.#tail.then(() => this.#catchUp());
    this.#tail = run.catch(() => undefined);
    return run;
  }

  async #catchUp(): Promise<void> {
    const readable = new Set(this.#readable());
    for (const circle of this.#loaded.keys()) if (!readable.has(circle)) this.#drop(circle);
    for (const circle of readable) {
      if (this.#loaded.has(circle)) continue;
      const last = this.core.mirror.threads.get(circle)?.seq ?? 0;
      this.#loaded.set(circle, new Map());
      for (let part = 0; part <= partOf(last); part += 1) this.#isDue(circle, part);
    }
    if (this.#due.size === 0) return;
    const { Piece } = await makers();
    for (const [circle, parts] of [...this.#due]) {
      for (const part of [...parts]) {
        parts.delete(part);
        if (readable.has(circle)) await this.#bring(Piece, circle, part);
      }
      if (parts.size === 0) this.#due.delete(circle);
    }
  }

  #drop(circle: string): void {
    this.#loaded.delete(circle);
    this.#due.delete(circle);
  }

  /** Have one part as it is on the disk, made anew if one of its lines is newer than it. */
  async #bring(kind: typeof Piece, circle: string, part: number): Promise<void> {
    const key = pieces.at(circle, part);
    const range = {
      from: keys.line(circle, part * SPAN),
      to: keys.line(circle, (part + 1) * SPAN),
    };
    try {
      await this.core.exclusive(async (tx) => {
        // They stopped reading it while this waited for its turn: what erased the index is over.
        if (!isHere(await tx.get(keys.thread(circle)))) return this.#drop(circle);
        const loaded = this.#loaded.get(circle)?.get(part);
        const newest = await tx.vault.newest(keys.lines(circle), range);
        const stored = await tx.vault.readSince(key, loaded?.revision);
        if (stored === "same" && loaded && loaded.revision > newest) return;
        if (stored !== undefined && stored !== "same" && stored.revision > newest) {
          const piece = kind.restored(stored.value);
          if (piece) return this.#take(circle, part, { piece, revision: stored.revision });
        }
        const lines = await tx.vault.list(keys.lines(circle), range);
        const piece = kind.of(lines.map(([, line]) => line));
        if (piece.count > 0) tx.put(key, piece.kept());
        else if (stored !== undefined) tx.remove(key);
        const revision = tx.nextRevision;
        tx.afterPersist(() => this.#take(circle, part, { piece, revision }));
      });
    } catch (error) {
      // As it was is not as it is: it stays to be done.
      this.#isDue(circle, part);
      if (!(error instanceof SessionOver)) throw error;
    }
  }

  #take(circle: string, part: number, loaded: Loaded): void {
    this.#loaded.get(circle)?.set(part, loaded);
  }
}

function isHere(thread: ThreadRecord | undefined): boolean {
  return thread !== undefined && thread.status !== "left";
}
