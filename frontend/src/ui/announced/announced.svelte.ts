/** What all States were told, as this page knows it: for the count in the bars and for the pages. */

import type { CaseHubClient, StateNotice } from "../client";
import { whileSeen } from "../looking";

const LOOK_MS = 30_000;

class Announced {
  rows: readonly StateNotice[] | null = $state.raw(null);
  #mine = $state("");

  /** How many the reader's State has not taken note of. */
  readonly waiting = $derived((this.rows ?? []).filter((one) => this.waits(one)).length);

  /** Whether a notice of another State waits for this one's acknowledgement. */
  waits(one: StateNotice): boolean {
    return one.state !== this.#mine && one.acknowledged_at === null;
  }

  /** Look now, and again twice a minute while the page is seen; returns the way to stop. */
  follow(client: CaseHubClient, state: string): () => void {
    this.#mine = state;
    const stop = whileSeen(() => this.look(client), LOOK_MS);
    return () => {
      stop();
      this.rows = null;
    };
  }

  async look(client: CaseHubClient): Promise<void> {
    this.rows = await client.designations.notices();
  }

  async acknowledge(client: CaseHubClient, id: string): Promise<void> {
    await client.designations.acknowledge(id);
    await this.look(client);
  }

  /** Take note of all up to one, for the reader's State; returns how many that were. */
  async acknowledgeUpTo(client: CaseHubClient, id: string): Promise<number> {
    const { count } = await client.designations.acknowledgeUpTo(id);
    await this.look(client);
    return count;
  }
}

export const announced = new Announced();
