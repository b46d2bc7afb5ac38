/** What a draft says on this device: on the disk a moment after it was typed, whoever has the turn. */

import { equal } from "../../bytes";
import { canonical } from "../../canonical";
import type { Draft } from "../../rules/book";
import { wellFormed } from "../../rules/shape";
import { type DraftRecord, keys } from "../../store/records";
import { type Core, NotPossible } from "../core";
import type { Opened } from "./versions";

/** After the first unsaved key, so that typing does not wait for the disk. */
const WRITE_MS = 400;

export class Texts {
  /** What was typed and is not on the disk yet. */
  readonly #typed = new Map<string, Draft>();
  readonly #timers = new Map<string, () => void>();
  /** Called when a text changed that the disk does not have yet. */
  changed: (id: string) => void = () => undefined;

  constructor(private readonly core: Core) {}

  /** The draft with what was typed since it was last written down. */
  get(id: string): DraftRecord | undefined {
    const record = this.core.mirror.drafting.get(id);
    const draft = this.#typed.get(id);
    return record && draft ? { ...record, draft, dirty: true } : record;
  }

  /** @throws {NotPossible} `not-found`: there is no draft here to go on from. */
  edit(id: string, draft: Draft): void {
    if (!this.core.mirror.drafting.has(id)) throw new NotPossible("not-found");
    this.#typed.set(id, draft);
    if (!this.#timers.has(id)) {
      const write = () => void this.flush(id).catch((error) => this.core.report(error));
      this.#timers.set(id, this.core.after(WRITE_MS, write));
    }
    this.changed(id);
  }

  /** Write down what was typed, of one draft or of all. */
  async flush(only?: string): Promise<void> {
    for (const id of [...this.#typed.keys()]) {
      if (only !== undefined && id !== only) continue;
      this.#timers.get(id)?.();
      this.#timers.delete(id);
      await this.#write(id);
    }
  }

  #write(id: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      const typed = this.#typed.get(id);
      const record = await tx.get(keys.draftOf(id));
      if (typed === undefined || record === undefined) return;
      const draft = wellFormed(typed);
      if (!equal(canonical(record.draft), canonical(draft))) {
        tx.put(keys.draftOf(id), { ...record, draft, dirty: true, edit: record.edit + 1 });
      }
      tx.afterPersist(() => {
        if (this.#typed.get(id) === typed) this.#typed.delete(id);
      });
    });
  }

  /** Somebody's version takes the place of a text that says nothing of its own. */
  replace(id: string, opened: Opened): Promise<void> {
    return this.core.exclusive(async (tx) => {
      const record = await tx.get(keys.draftOf(id));
      if (record?.dirty || this.#typed.has(id)) return;
      if (record !== undefined && record.base >= opened.version) return;
      tx.put(keys.draftOf(id), textOf(opened, record));
    });
  }

  /** The own text goes on from `version`, whatever that says; `origin` is its own id, if known. */
  async rebase(id: string, version: number, origin: string | null): Promise<void> {
    await this.flush(id);
    await this.core.exclusive(async (tx) => {
      const record = await tx.get(keys.draftOf(id));
      if (record === undefined || record.base >= version) return;
      tx.put(keys.draftOf(id), { ...record, base: version, origin, dirty: true });
    });
  }

  /** The own text gives way to a version, and is kept beside it. */
  async giveWay(id: string, opened: Opened): Promise<void> {
    await this.flush(id);
    await this.core.exclusive(async (tx) => {
      const record = await tx.get(keys.draftOf(id));
      const next = textOf(opened, record);
      if (record?.dirty) {
        const { draft, base } = record;
        next.aside = [...record.aside, { draft, base, at: this.core.now() }];
      }
      tx.put(keys.draftOf(id), next);
    });
  }
}

/** A first text, which no version holds yet, and one that was there beside it. */
export function firstText(draft: Draft, other?: { draft: Draft; at: string }): DraftRecord {
  const aside = other === undefined ? [] : [{ ...other, base: 0 }];
  return { draft: wellFormed(draft), base: 0, origin: null, dirty: true, edit: 1, aside };
}

function textOf({ version, draft, key }: Opened, before: DraftRecord | undefined): DraftRecord {
  const { edit, aside, circle } = before ?? { edit: 0, aside: [] };
  const from = { base: version, origin: key.client_id, ...(circle !== undefined && { circle }) };
  return { draft, ...from, dirty: false, edit: edit + 1, aside };
}
