/** What is typed, on its way to the disk: a moment after the last key, so that typing never waits. */

import type { Tx } from "../store/vault";
import type { Core } from "./core";

/** After the last key. */
const QUIET_MS = 400;
/** After the first key that is not kept, however long somebody goes on. */
const AT_MOST_MS = 1_000;
/** A batch failed, as with a full disk: without another key, too, it is tried again. */
const AGAIN_MS = 5_000;

type Pending<Value> = { value: Value; since: number; cancel: () => void };

export class Held<Value> {
  readonly #pending = new Map<string, Pending<Value>>();
  /** On their way to the disk. */
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly core: Core,
    private readonly put: (tx: Tx, place: string, value: Value) => void,
  ) {}

  /** What is not on the disk yet, or undefined. */
  get(place: string): Value | undefined {
    return this.#pending.get(place)?.value;
  }

  set(place: string, value: Value, quiet = QUIET_MS): void {
    const now = this.core.deps.clock();
    const since = this.#pending.get(place)?.since ?? now;
    this.#pending.get(place)?.cancel();
    const wait = Math.max(0, Math.min(quiet, since + AT_MOST_MS - now));
    const cancel = this.core.after(wait, () => {
      void this.#write(place).catch((error) => this.core.report(error));
    });
    this.#pending.set(place, { value, since, cancel });
  }

  /** With this batch it needs no keeping any more; what is typed meanwhile does. */
  done(tx: Tx, place: string): void {
    const pending = this.#pending.get(place);
    if (pending === undefined) return;
    tx.afterPersist(() => {
      if (this.#pending.get(place) !== pending) return;
      pending.cancel();
      this.#pending.delete(place);
    });
  }

  /**
   * Write down at once what waits to be. What is being written is waited for: whoever asks closes
   * the store next, and a second reason to leave must not cut short the writing of the first.
   */
  async flush(): Promise<void> {
    for (const place of [...this.#pending.keys()]) void this.#write(place);
    await Promise.all(this.#writing);
  }

  cancel(): void {
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  /**
   * Write down what waits, if anything does once it is this tab's turn at the store: where the
   * message was kept meanwhile, its text would stand in the field again, to be sent twice. It waits
   * until it is on the disk: a batch that fails takes nothing with it.
   */
  #write(place: string): Promise<void> {
    const tried = this.#pending.get(place);
    tried?.cancel();
    const writing = this.core
      .exclusive(async (tx) => {
        const value = this.get(place);
        if (value === undefined) return;
        this.put(tx, place, value);
        this.done(tx, place);
      })
      .catch((error) => {
        if (tried !== undefined && this.#pending.get(place) === tried) this.#again(place, tried);
        throw error;
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }

  /** Later, if no other key comes before; whoever tried first has told why. */
  #again(place: string, tried: Pending<Value>): void {
    tried.cancel = this.core.after(AGAIN_MS, () => {
      void this.#write(place).catch(() => undefined);
    });
  }
}
