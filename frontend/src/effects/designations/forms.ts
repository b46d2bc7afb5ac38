/**
 * What is being written of a designation or beside a step of a request, kept on the device meanwhile.
 *
 * A name that nobody has nominated yet concerns nobody else, so it lies sealed here and is sent when
 * its author says so; a closed laptop or a failed send loses nothing.
 */

import type { Key, Tx, Vault } from "../../store/vault";
import type { InTurn } from "../identity";

const QUIET_MS = 300;

type Store = { readonly vault: Vault; readonly inTurn: InTurn };
type After = (ms: number, run: () => void) => () => void;

export class Forms {
  readonly #pending = new Map<string, { text: string; cancel: () => void }>();

  constructor(
    private readonly store: () => Promise<Store>,
    private readonly after: After,
    private readonly report: (error: unknown) => void,
    private readonly kind = "designation-form",
  ) {}

  async read(form: string): Promise<string | null> {
    const pending = this.#pending.get(form);
    return pending?.text ?? (await (await this.store()).vault.read(this.#nameOf(form))) ?? null;
  }

  keep(form: string, text: string): void {
    this.#pending.get(form)?.cancel();
    const write = () => void this.#write(form).catch(this.report);
    this.#pending.set(form, { text, cancel: this.after(QUIET_MS, write) });
  }

  /** It was sent, or given up; `besides` is written with it, and told whether it was still here. */
  async forget(
    form: string,
    besides: (tx: Tx, isKept: boolean) => void | Promise<void> = () => undefined,
  ): Promise<void> {
    const pending = this.#pending.get(form);
    pending?.cancel();
    this.#pending.delete(form);
    await (await this.store()).inTurn(async (tx) => {
      const isKept = pending !== undefined || (await tx.get(this.#nameOf(form))) !== undefined;
      tx.remove(this.#nameOf(form));
      await besides(tx, isKept);
    });
  }

  /** Which forms are kept whose names begin so. */
  async names(prefix: string): Promise<string[]> {
    await this.flush();
    const found = await (await this.store()).vault.keys(this.#nameOf(prefix));
    return found.map((name) => name.slice(this.kind.length + 1));
  }

  #nameOf(form: string): Key<string> {
    return `${this.kind}/${form}` as Key<string>;
  }

  /** Write down at once what waits to be. */
  async flush(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map((form) => this.#write(form)));
  }

  async #write(form: string): Promise<void> {
    const pending = this.#pending.get(form);
    if (pending === undefined) return;
    pending.cancel();
    await (await this.store()).inTurn(async (tx) => tx.put(this.#nameOf(form), pending.text));
    if (this.#pending.get(form) === pending) this.#pending.delete(form);
  }
}
