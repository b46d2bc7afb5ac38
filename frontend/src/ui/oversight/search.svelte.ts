/** One search and what it found: asked once, read page by page. */

import type { Answer, CaseHubClient, EntryRow, Filter } from "../client";
import { type ShownError, shown } from "../errors";
import { searchOf, sent } from "./filter";

export class Search {
  answer: Answer | null = $state.raw(null);
  rows: readonly EntryRow[] = $state.raw([]);
  next: string | null = $state(null);
  /** When it was asked, on this device's clock. */
  at: string = $state("");
  busy = $state(false);
  failure: ShownError | null = $state(null);
  /** The filter as an address: the same one is not asked again by itself. */
  #asked: string | null = null;
  #turn = 0;

  constructor(private readonly client: CaseHubClient) {}

  /** Ask for `filter`, unless it is what was asked last; `again` asks all the same. */
  async ask(filter: Filter, again = false): Promise<void> {
    const address = searchOf(filter);
    if (!again && this.#asked === address) return;
    this.#asked = address;
    this.#turn += 1;
    const turn = this.#turn;
    await this.#during(async () => {
      const answer = await this.client.oversight.ask(sent(filter));
      if (turn !== this.#turn) return; // somebody has asked for something else meanwhile
      this.answer = answer;
      this.rows = answer.entries;
      this.next = answer.next;
      this.at = new Date().toISOString();
    });
    if (this.failure !== null && turn === this.#turn) {
      this.#asked = null;
      this.answer = null;
      this.rows = [];
      this.next = null;
    }
  }

  async more(): Promise<void> {
    const { answer, next } = this;
    if (answer === null || next === null || this.busy) return;
    await this.#during(async () => {
      const page = await this.client.oversight.page(answer.query, next);
      if (this.answer !== answer) return;
      this.rows = [...this.rows, ...page.entries];
      this.next = page.next;
    });
  }

  async #during(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await act();
    } catch (error) {
      this.failure = shown(error);
    } finally {
      this.busy = false;
    }
  }
}
