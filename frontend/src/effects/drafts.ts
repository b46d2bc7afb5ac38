/**
 * What is being written, kept on the device while it is written: one draft per thread, and what
 * goes along with it. Its terms above all: words that came back without the code that was chosen
 * for them would be given to others under a weaker one.
 */

import type { Along } from "../store/along";
import { keys } from "../store/records";
import type { Key, Tx } from "../store/vault";
import type { Core } from "./core";
import { Held } from "./held";

export class Drafts {
  readonly #texts: Held<string>;
  readonly #alongs: Held<Along>;
  readonly #typed: Held<string>;
  /** What this tab wrote last, or took up and writes over: only that is its own to clear away. */
  readonly #written = new Map<string, string>();

  constructor(private readonly core: Core) {
    this.#texts = new Held(core, (tx, circle, text) => {
      this.#written.set(circle, text);
      if (text === "") tx.remove(keys.draft(circle));
      else tx.put(keys.draft(circle), text);
    });
    this.#alongs = new Held(core, putAlong);
    this.#typed = new Held(core, (tx, place, text) => {
      const key = `${keys.allTyped}${place}` as Key<string>;
      if (text === "") tx.remove(key);
      else tx.put(key, text);
    });
  }

  set(circle: string, text: string): void {
    if (this.#texts.get(circle) === undefined) {
      this.#written.set(circle, this.core.mirror.drafts.get(circle) ?? "");
    }
    this.#texts.set(circle, text);
  }

  setAlong(circle: string, along: Along): void {
    this.#alongs.set(circle, along);
  }

  typed(circle: string, what: string): string {
    const place = `${circle}/${what}`;
    return this.#typed.get(place) ?? this.core.mirror.typed.get(place) ?? "";
  }

  setTyped(circle: string, what: string, text: string): void {
    this.#typed.set(`${circle}/${what}`, text);
  }

  /** Write down at once what waits to be; see {@link Held.flush}. */
  async flush(): Promise<void> {
    await Promise.all([this.#texts, this.#alongs, this.#typed].map((held) => held.flush()));
  }

  /**
   * The text was sent: its draft goes, and what went along with it, unless another tab has written
   * another one meanwhile.
   */
  async sent(tx: Tx, circle: string, text: string): Promise<void> {
    if (this.#texts.get(circle)?.trim() === text) this.#texts.drop(circle);
    const stored = await tx.get(keys.draft(circle));
    const own = stored !== undefined && stored === this.#written.get(circle);
    const same = stored?.trim() === text;
    if (own || same) tx.remove(keys.draft(circle));
    if (stored !== undefined && !own && !same) return;
    this.#alongs.drop(circle);
    tx.remove(keys.along(circle));
  }

  /** Another text for a message was sent: the draft that waited goes on. */
  async edited(tx: Tx, circle: string): Promise<void> {
    const pending = this.#alongs.get(circle);
    this.#alongs.drop(circle);
    const { edits: _, ...rest } = pending ?? (await tx.get(keys.along(circle))) ?? {};
    putAlong(tx, circle, rest);
  }

  cancel(): void {
    for (const held of [this.#texts, this.#alongs, this.#typed]) held.cancel();
  }
}

function putAlong(tx: Tx, circle: string, along: Along): void {
  if (Object.keys(along).length === 0) tx.remove(keys.along(circle));
  else tx.put(keys.along(circle), along);
}
