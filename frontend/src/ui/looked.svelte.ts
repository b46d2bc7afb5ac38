/** What waits for the reader at the server: looked at while the page is seen, for bars and inbox. */

import { whileSeen } from "./looking";

/** A central authority's browser hears of nothing: while somebody looks it asks so often. */
const LOOK_MS = 60_000;

/** As much of a client as rings when somebody moves a request. */
export type Ringing = {
  readonly dossiers: { onMoved(listener: (request: string) => void): () => void };
};

export class Looked<Client extends Ringing, Row> {
  rows: readonly Row[] = $state.raw([]);
  #asked = 0;

  constructor(private readonly ask: (client: Client) => Promise<readonly Row[]>) {}

  /** Look now, and again while the page is seen; returns the way to stop. */
  follow(client: Client): () => void {
    const stop = whileSeen(() => this.look(client), LOOK_MS, {
      ring: (heard) => client.dossiers.onMoved(heard),
    });
    return () => {
      stop();
      this.#asked += 1;
      this.rows = [];
    };
  }

  look(client: Client): Promise<void> {
    return this.take(() => this.ask(client));
  }

  /** Of answers that cross, what was asked last stands: the one before may be from before it. */
  protected async take(ask: () => Promise<readonly Row[]>): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const found = await ask();
    if (asked === this.#asked) this.rows = found;
  }
}
