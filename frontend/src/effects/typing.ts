/**
 * That somebody writes in a thread: said while one types, heard of others, and kept nowhere.
 *
 * The server passes it on in clear and is believed as far as a courtesy goes: of nobody who does
 * not stand in the thread's group as this device knows it. What is kept is only where one does not
 * want it said.
 */

import { heard, isDue, type Said, SHOWN_MS, shownOf, spoken, type Writer } from "../state/typing";
import { keys, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";

type Listener = (people: readonly string[]) => void;

export interface TypingActs {
  /** The person types in a thread now: its readers are told, every few seconds at most. */
  tellTyping(circle: string): void;
  /** Told which others write in a thread, now and whenever that changes. */
  onTyping(circle: string, listener: Listener): () => void;
  /** Have nobody told, or told again, that this person writes in it: on this device, in all tabs. */
  keepQuiet(circle: string, quiet: boolean): Promise<void>;
}

export class Typing {
  readonly #said = new Map<string, number>();
  readonly #writers = new Map<string, readonly Writer[]>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** When one wrote, online, in a thread that was not looked at yet. */
  readonly #early = new Map<string, number>();

  /** `isReady`: whether a thread was looked at since the socket opened; `isOnline`: whether that is. */
  constructor(
    private readonly core: Core,
    private readonly isReady: (circle: string) => boolean,
    private readonly isOnline: () => boolean,
  ) {
    core.mirror.onLines((circle, seqs) => {
      if (this.#writers.has(circle))
        void this.#look(circle, seqs).catch((error) => core.report(error));
    });
  }

  tell(circle: string): void {
    const { mirror, deps } = this.core;
    const now = deps.clock();
    if (mirror.quiet.has(circle) || !isDue(this.#said.get(circle), now)) return;
    // A store that was put back may have forgotten that it is not to be said, and its person is not
    // back in sight of all: nothing before that is known.
    if (!this.isReady(circle) || mirror.threads.get(circle)?.rolledBack) {
      if (this.isOnline()) this.#early.set(circle, now);
      return;
    }
    if (this.#others(circle).size === 0 || mirror.circles().get(circle)?.kind !== "thread") return;
    // Without a network it is not said, nor later: it would be wrong then.
    if (this.core.post({ type: "typing", thread: circle })) this.#said.set(circle, now);
  }

  /** A thread was looked at: whoever wrote in it a moment ago still does. */
  looked(circle: string): void {
    const at = this.#early.get(circle);
    this.#early.delete(circle);
    if (at !== undefined && this.core.deps.clock() - at < SHOWN_MS) this.tell(circle);
  }

  heard(circle: string, person: string): void {
    const thread = this.core.mirror.threads.get(circle);
    if (thread === undefined || !this.#others(circle).has(person)) return;
    const now = this.core.deps.clock();
    const writers = heard(this.#writers.get(circle) ?? [], person, { now, after: thread.seq });
    this.#put(circle, writers);
    const mine = writers.find((one) => one.person === person);
    this.core.after(SHOWN_MS, () => {
      const known = this.#writers.get(circle) ?? [];
      this.#put(
        circle,
        known.filter((one) => one !== mine),
      );
    });
  }

  on(circle: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(circle) ?? new Set();
    this.#listeners.set(circle, listeners.add(listener));
    listener(this.#shown(circle));
    return () => listeners.delete(listener);
  }

  keepQuiet(circle: string, quiet: boolean): Promise<void> {
    return this.core.exclusive(async (tx) => {
      if (quiet) tx.put(keys.quiet(circle), true);
      else tx.remove(keys.quiet(circle));
    });
  }

  /** The others who stand in a thread that goes on here. */
  #others(circle: string): ReadonlySet<string> {
    const thread: ThreadRecord | undefined = this.core.mirror.threads.get(circle);
    if (thread?.status !== "active") return new Set();
    const people = thread.roster.map(({ person }) => person);
    return new Set(people.filter((person) => person !== this.core.person));
  }

  #shown(circle: string): readonly string[] {
    const writers = this.#writers.get(circle) ?? [];
    return shownOf(writers, this.#others(circle), this.core.deps.clock());
  }

  #put(circle: string, writers: readonly Writer[]): void {
    const before = this.#writers.get(circle) ?? [];
    if (writers.length > 0) this.#writers.set(circle, writers);
    else this.#writers.delete(circle);
    if (before === writers) return;
    for (const listener of this.#listeners.get(circle) ?? []) listener(this.#shown(circle));
  }

  /** Lines came or changed: who has said what they were writing? */
  async #look(circle: string, seqs: readonly number[]): Promise<void> {
    const said: Said[] = [];
    for (const seq of seqs) {
      const line = await this.core.vault.read(keys.line(circle, seq));
      if (line?.kind === "message") {
        said.push({ person: line.person, seq });
        if (line.edited) said.push(line.edited);
      }
    }
    this.#put(circle, spoken(this.#writers.get(circle) ?? [], said));
  }
}

/** After its store was put back a device knows no more what was wanted: it says nothing until told. */
export function hush(tx: Tx, circle: string): void {
  tx.put(keys.quiet(circle), true);
}

export function typingActs(
  at: () => { typing: Typing },
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): TypingActs {
  return {
    tellTyping: (circle) => at().typing.tell(circle),
    onTyping: (...which) => at().typing.on(...which),
    keepQuiet: (...what) => guarded(() => at().typing.keepQuiet(...what)),
  };
}
