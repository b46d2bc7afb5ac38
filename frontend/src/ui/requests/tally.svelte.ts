/** How much each draft in a list still lacks, counted on this device. */

import { SvelteMap } from "svelte/reactivity";
import type { Book, Draft } from "../../rules/book";
import { AIM, screen } from "../../rules/engine";
import { loadBook } from "../../rules/load";
import type { RequestView } from "../client";
import type { Hub } from "../hub.svelte";
import { blockersOf, rowsOf } from "./screening";

export class Tally {
  /** Blocking findings by request; a draft that this device does not hold is not in it. */
  readonly open = new SvelteMap<string, number>();
  readonly #counted = new Map<string, Draft>();

  constructor(readonly hub: Hub) {}

  /** Count for these requests what changed since it was counted. */
  async count(requests: readonly RequestView[]): Promise<void> {
    const book = await loadBook();
    for (const { id } of requests) {
      // Only what is here: looking at a list opens no draft.
      const draft = this.hub.client.draftHere(id);
      if (draft === null || this.#counted.get(id) === draft) continue;
      this.#counted.set(id, draft);
      this.open.set(id, openIn(book, draft));
    }
  }
}

function openIn(book: Book, draft: Draft): number {
  try {
    return blockersOf(rowsOf(book, draft, screen(book, draft, AIM))).length;
  } catch {
    return 1; // it has no date, and so no law to be screened by
  }
}
