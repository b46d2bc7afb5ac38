/** The record of one request as its page has it: read, judged, and read anew when it rings. */

import type { CaseHubClient, Dossier, Judged } from "../client";
import { type ShownError, shown } from "../errors";

type Shown = {
  readonly found: Dossier;
  /** What this browser found of that very record; null until it has. */
  readonly judged: Judged | null;
};
type Acts = Pick<CaseHubClient["dossiers"], "read" | "check">;

export class DossierRecord {
  #shown: Shown | null = $state.raw(null);
  /** Why it could not be read or judged; what was read before stands. */
  failure: ShownError | null = $state.raw(null);
  /** Somebody moved it since it was last asked for. */
  #rang = false;
  /** A dialog is filled in over it: what is read then would change under the hand that signs. */
  #held = $state(false);
  /** How many answers are waited for: one may be from before what rang meanwhile. */
  #reading = 0;
  #asked = 0;

  constructor(
    private readonly acts: Acts,
    private readonly id: string,
  ) {}

  get found(): Dossier | null {
    return this.#shown?.found ?? null;
  }

  get judged(): Judged | null {
    return this.#shown?.judged ?? null;
  }

  /** Whether a dialog is open over it. */
  get held(): boolean {
    return this.#held;
  }

  /** Read it anew, under a dialog too. @throws what kept it from being read; what stands stays. */
  again(): Promise<void> {
    return this.#look(true);
  }

  /** The same for the page, with its failure told there. */
  async read(): Promise<void> {
    await this.#told(() => this.#look(false));
  }

  /** A step was taken here: this is what it was answered with. */
  async moved(found: Dossier): Promise<void> {
    this.#asked += 1;
    await this.#told(() => this.#put(found));
  }

  /** The server says that somebody moved a request; however often it rings, it is read once. */
  heard(request: string): void {
    if (request !== this.id) return;
    this.#rang = true;
    this.#follow();
  }

  /** What rings while a dialog is open is looked at when it is closed. */
  hold(held: boolean): void {
    this.#held = held;
    this.#follow();
  }

  #follow(): void {
    if (this.#rang && !this.#held && this.#reading === 0) void this.read();
  }

  async #look(isUnder: boolean): Promise<void> {
    this.#rang = false;
    this.#asked += 1;
    this.#reading += 1;
    const asked = this.#asked;
    let judging: Promise<void> | undefined;
    try {
      const found = await this.acts.read(this.id);
      // A step that was taken meanwhile, or a later look, is answered with something newer.
      if (asked === this.#asked) {
        if (isUnder || !this.#held) judging = this.#put(found);
        else this.#rang = true; // a dialog was opened meanwhile: looked at when it is closed
      }
    } finally {
      this.#reading -= 1;
      this.#follow();
    }
    await judging;
  }

  async #put(found: Dossier): Promise<void> {
    this.#shown = { found, judged: null };
    const judged = await this.acts.check(found);
    // Of a record that has gone meanwhile nothing is said beside the one that came.
    if (this.#shown.found === found) this.#shown = { found, judged };
  }

  /** How it went is told unless something newer was asked for: that tells of itself. */
  async #told(doing: () => Promise<void>): Promise<void> {
    const going = doing();
    const asked = this.#asked;
    let failure: ShownError | null = null;
    try {
      await going;
    } catch (error) {
      failure = shown(error);
    }
    if (asked === this.#asked) this.failure = failure;
  }
}
