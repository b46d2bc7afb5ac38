/**
 * What is being written, kept on the device while it is written: one draft per thread, and what
 * goes along with it, in one batch. Its terms above all: words that came back without the code that
 * was chosen for them would be given to others under a weaker one.
 */

import type { Along } from "../store/along";
import { keys } from "../store/records";
import type { Key, Tx } from "../store/vault";
import type { Core } from "./core";
import { Held } from "./held";

/** Of those one is absent that did not change. */
type Draft = { text?: string; along?: Along };

/** Under this name stands the other text that is being written for a message of a thread. */
export const EDIT = "edit";
/** Under these, comments on sections of a request's draft, in its circle. */
export const COMMENTS = "comment/";
export const commentOn = (section: string): string => `${COMMENTS}${section}`;

/** Another text for the message at entry `seq`, as it is kept under {@link EDIT}. */
export type Edit = { seq: number; text: string };

export function editIn(kept: string | undefined): Edit | null {
  return kept ? (JSON.parse(kept) as Edit) : null;
}

export class Drafts {
  readonly #drafts: Held<Draft>;
  readonly #typed: Held<string>;
  /** What this tab wrote last, or took up and writes over: only that is its own to clear away. */
  readonly #written = new Map<string, string>();

  constructor(private readonly core: Core) {
    this.#drafts = new Held(core, (tx, circle, { text, along }) => {
      if (along !== undefined) putAlong(tx, circle, along);
      if (text === undefined) return;
      this.#written.set(circle, text);
      if (text === "") tx.remove(keys.draft(circle));
      else tx.put(keys.draft(circle), text);
    });
    this.#typed = new Held(core, (tx, place, text) => {
      const key = `${keys.allTyped}${place}` as Key<string>;
      if (text === "") tx.remove(key);
      else tx.put(key, text);
    });
  }

  set(circle: string, text: string): void {
    const pending = this.#drafts.get(circle);
    if (pending?.text === undefined) {
      this.#written.set(circle, this.core.mirror.drafts.get(circle) ?? "");
    }
    this.#drafts.set(circle, { ...pending, text });
  }

  /** At once: a choice is one press, and words may not come back without it. */
  setAlong(circle: string, along: Along): void {
    this.#drafts.set(circle, { ...this.#drafts.get(circle), along }, 0);
  }

  /** Whether something of the draft is not on the disk yet: until then it is this tab's own. */
  holds(circle: string): boolean {
    const { text, along } = this.#drafts.get(circle) ?? {};
    const { drafts, alongs } = this.core.mirror;
    const stored = JSON.stringify(alongs.get(circle) ?? {});
    return (
      (text !== undefined && text !== (drafts.get(circle) ?? "")) ||
      (along !== undefined && JSON.stringify(along) !== stored)
    );
  }

  typed(circle: string, what: string): string {
    const place = `${circle}/${what}`;
    return this.#typed.get(place) ?? this.core.mirror.typed.get(place) ?? "";
  }

  setTyped(circle: string, what: string, text: string): void {
    if (text === this.typed(circle, what)) return;
    this.#typed.set(`${circle}/${what}`, text);
  }

  /** It was sent. */
  spent(tx: Tx, circle: string, what: string): void {
    this.#typed.done(tx, `${circle}/${what}`);
    tx.remove(keys.typed(circle, what));
  }

  /** The other text of the message at this entry was sent; that of another one stays. */
  async edited(tx: Tx, circle: string, seq: number): Promise<void> {
    const kept = this.#typed.get(`${circle}/${EDIT}`) ?? (await tx.get(keys.typed(circle, EDIT)));
    if (editIn(kept)?.seq === seq) this.spent(tx, circle, EDIT);
  }

  /** Write down at once what waits to be; see {@link Held.flush}. */
  async flush(): Promise<void> {
    await Promise.all([this.#drafts.flush(), this.#typed.flush()]);
  }

  /**
   * The text was sent: its draft goes, and what went along with it, unless another tab has written
   * another one meanwhile. What this tab has typed on since keeps what was chosen for it.
   */
  async sent(tx: Tx, circle: string, text: string): Promise<void> {
    const next = this.#drafts.get(circle)?.text?.trim();
    const goesOn = next !== undefined && next !== "" && next !== text;
    if (!goesOn) this.#drafts.done(tx, circle);
    const stored = await tx.get(keys.draft(circle));
    const own = stored !== undefined && stored === this.#written.get(circle);
    const same = stored === undefined || stored.trim() === text;
    if (own || same) tx.remove(keys.draft(circle));
    if ((own || same) && !goesOn) tx.remove(keys.along(circle));
  }

  cancel(): void {
    this.#drafts.cancel();
    this.#typed.cancel();
  }
}

function putAlong(tx: Tx, circle: string, along: Along): void {
  if (Object.keys(along).length === 0) tx.remove(keys.along(circle));
  else tx.put(keys.along(circle), along);
}
