/** What each person's kit sealed last, as the server holds it. */

import type { Api } from "../../src/api/api";

export class Backups {
  readonly #held = new Map<string, { body: Uint8Array; made_at: string }>();

  routes(person: string): Pick<Api, "backup" | "keepBackup"> {
    return {
      keepBackup: async (body) => {
        const made_at = new Date().toISOString();
        this.#held.set(person, { body, made_at });
        return made_at;
      },
      backup: async () => this.#held.get(person) ?? { body: new Uint8Array(), made_at: null },
    };
  }
}
