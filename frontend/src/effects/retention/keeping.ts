/** How long this person's cases are kept, as the server says, and what goes from this device. */

import type { Retention } from "../../api/retention";
import type { Core } from "../core";
import { wipe } from "./wiping";

export class Keeping {
  readonly #looked = new Set<string>();

  constructor(private readonly core: Core) {}

  async look(): Promise<void> {
    await this.take(await this.core.api.retained());
  }

  /** What the server says now. */
  async take(told: Retention): Promise<void> {
    const { mirror } = this.core;
    mirror.keeping = told;
    await wipe(this.core, told.erased, this.#looked);
    mirror.changed();
  }
}
