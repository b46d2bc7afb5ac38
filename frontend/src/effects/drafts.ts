/** What is being written, kept on the device while it is written: one draft per thread. */

import { keys } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";

/** After the last key, so that typing does not wait for the disk. */
const QUIET_MS = 400;
/** After the first unsaved key, however long somebody goes on. */
const AT_MOST_MS = 1_000;

type Pending = { text: string; since: number; cancel: () => void };

export class Drafts {
  readonly #pending = new Map<string, Pending>();
  /** What this tab wrote last, or took up and writes over: only that is its own to clear away. */
  readonly #written = new Map<string, string>();
  /** On their way to the disk. */
  readonly #writing = new Set<Promise<void>>();

  constructor(private readonly core: Core) {}

  set(circle: string, text: string): void {
    const now = this.core.deps.clock();
    if (!this.#pending.has(circle)) {
      this.#written.set(circle, this.core.mirror.drafts.get(circle) ?? "");
    }
    const since = this.#pending.get(circle)?.since ?? now;
    this.#pending.get(circle)?.cancel();
    const wait = Math.max(0, Math.min(QUIET_MS, since + AT_MOST_MS - now));
    const cancel = this.core.after(wait, () => {
      void this.#write(circle).catch((error) => this.core.report(error));
    });
    this.#pending.set(circle, { text, since, cancel });
  }

  /**
   * Write down at once what waits to be. What is being written is waited for: whoever asks closes
   * the store next, and a second reason to leave must not cut short the writing of the first.
   */
  async flush(): Promise<void> {
    for (const circle of [...this.#pending.keys()]) void this.#write(circle);
    await Promise.all(this.#writing);
  }

  /** The text was sent: its draft goes, unless another tab has written another one meanwhile. */
  async sent(tx: Tx, circle: string, text: string): Promise<void> {
    const pending = this.#pending.get(circle);
    if (pending?.text.trim() === text) {
      pending.cancel();
      this.#pending.delete(circle);
    }
    const stored = await tx.get(keys.draft(circle));
    const own = stored !== undefined && stored === this.#written.get(circle);
    if (own || stored?.trim() === text) tx.remove(keys.draft(circle));
  }

  cancel(): void {
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  /**
   * Write down what waits, if anything does once it is this tab's turn at the store: where the
   * message was kept meanwhile, its text would stand in the field again, to be sent twice.
   */
  #write(circle: string): Promise<void> {
    this.#pending.get(circle)?.cancel();
    const writing = this.core
      .exclusive(async (tx) => {
        const draft = this.#pending.get(circle);
        if (draft === undefined) return;
        draft.cancel();
        this.#pending.delete(circle);
        this.#written.set(circle, draft.text);
        if (draft.text === "") tx.remove(keys.draft(circle));
        else tx.put(keys.draft(circle), draft.text);
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }
}
