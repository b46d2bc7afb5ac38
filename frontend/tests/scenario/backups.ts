/** What each person's kit sealed last, as the server holds it. */

import type { Api } from "../../src/api/api";
import { hex, sha256 } from "../../src/bytes";
import { refuse } from "./cases";

export class Backups {
  readonly #held = new Map<string, { body: Uint8Array; made_at: string; digest: string }>();

  routes(person: string): Pick<Api, "backup" | "keepBackup"> {
    return {
      keepBackup: async (body, replaces) => {
        const digest = hex.encode(await sha256(body));
        // Looked at and written with nothing between, as in one transaction.
        if ((this.#held.get(person)?.digest ?? "") !== replaces) refuse("backup-changed");
        const made_at = new Date().toISOString();
        this.#held.set(person, { body, made_at, digest });
        return made_at;
      },
      backup: async () => this.#held.get(person) ?? { body: new Uint8Array(), made_at: null },
    };
  }
}
