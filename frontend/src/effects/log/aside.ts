/** The receipts of somebody who works here without a device: officers, auditors, the secretariat. */

import { keys } from "../../store/records";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import { inMemory, type Records } from "./memory";
import { Receipts } from "./receipts";
import type { LogWatch } from "./watch";

type Store = { vault: Records; receipts: Receipts };

export class Aside {
  #now: Store | null = null;

  constructor(
    private readonly deps: Deps,
    private readonly watch: LogWatch | null,
    private readonly changed: () => void,
  ) {}

  get receipts(): Receipts | null {
    return this.#now?.receipts ?? null;
  }

  /** Keep what is promised to a person: in their store, if one is open, else in this page. */
  async begin(person: string, opened: Opened | null): Promise<void> {
    const { deps, watch, changed } = this;
    const { publicLog } = deps.api;
    const before = this.#now;
    if (watch === null || publicLog === undefined) return;
    if (before !== null && (opened === null || before.vault === opened.vault)) return;
    const { vault, inTurn } = opened ?? inMemory();
    const receipts = new Receipts(deps, publicLog, watch, vault, person, inTurn, changed);
    this.#now = { vault, receipts };
    if (before === null) return;
    before.receipts.close();
    const open = await before.vault.list(keys.promises);
    receipts.take(open.map(([, record]) => record));
  }

  /** The person's device takes over, and finds in their store what is open. */
  async handOver(opened: Opened): Promise<void> {
    if (this.#now !== null) await this.begin(opened.person.id, opened);
    this.end();
  }

  end(): void {
    this.#now?.receipts.close();
    this.#now = null;
  }
}
