/** What is typed, on its way to the disk: a moment after the last key, so that typing never waits. */

import type { Tx } from "../store/vault";
import type { Core } from "./core";

/** After the last key. */
const QUIET_MS = 400;
/** After the first key that is not kept, however long somebody goes on. */
const AT_MOST_MS = 1_000;

type Pending<Value> = { value: Value; since: number; cancel: () => void };

export class Held<Value> {
  readonly #pending = new Map<string, Pending<Value>>();
  /** On their way to the disk. */
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly core: Core,
    private readonly put: (tx: Tx, circle: string, value: Value) => void,
  ) {}

  /** What waits to be written, or undefined. */
  get(circle: string): Value | undefined {
    return this.#pending.get(circle)?.value;
  }

  set(circle: string, value: Value): void {
    const now = this.core.deps.clock();
    const since = this.#pending.get(circle)?.since ?? now;
    this.#pending.get(circle)?.cancel();
    const wait = Math.max(0, Math.min(QUIET_MS, since + AT_MOST_MS - now));
    const cancel = this.core.after(wait, () => {
      void this.#write(circle).catch((error) => this.core.report(error));
    });
    this.#pending.set(circle, { value, since, cancel });
  }

  /** It needs no keeping any more. */
  drop(circle: string): void {
    this.#pending.get(circle)?.cancel();
    this.#pending.delete(circle);
  }

  /**
   * Write down at once what waits to be. What is being written is waited for: whoever asks closes
   * the store next, and a second reason to leave must not cut short the writing of the first.
   */
  async flush(): Promise<void> {
    for (const circle of [...this.#pending.keys()]) void this.#write(circle);
    await Promise.all(this.#writing);
  }

  cancel(): void {
    for (const circle of [...this.#pending.keys()]) this.drop(circle);
  }

  /**
   * Write down what waits, if anything does once it is this tab's turn at the store: where the
   * message was kept meanwhile, its text would stand in the field again, to be sent twice.
   */
  #write(circle: string): Promise<void> {
    this.#pending.get(circle)?.cancel();
    const writing = this.core
      .exclusive(async (tx) => {
        const pending = this.#pending.get(circle);
        if (pending === undefined) return;
        this.drop(circle);
        this.put(tx, circle, pending.value);
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }
}
