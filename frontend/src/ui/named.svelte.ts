/** When auditors learnt the name of whoever is signed in: what the notice and the account show. */

import type { CaseHubClient, Naming } from "./client";

class Named {
  /** Null until it is known. */
  all: readonly Naming[] | null = $state.raw(null);
  readonly unread = $derived((this.all ?? []).filter((one) => one.told_at === null));

  async read(client: CaseHubClient): Promise<void> {
    this.all = await client.oversight.namings();
  }

  async confirm(client: CaseHubClient): Promise<void> {
    for (const one of this.unread) this.all = await client.oversight.confirmNaming(one.id);
  }

  /** Another person may sign in here next. */
  forget(): void {
    this.all = null;
  }
}

export const named = new Named();
