/** What each person's kit sealed last, as the server holds it. */

import type { Api } from "../../src/api/api";
import { hex, sha256 } from "../../src/bytes";
import { refuse } from "./cases";

export class Backups {
  readonly #held = new Map<string, { body: Uint8Array; made_at: string; digest: string }>();

  readonly #marks = new Map<string, string>();
  /** How many people's kits are known. */
  get marks(): number {
    return this.#marks.size;
  }

  /** As a server does whose backups are older than marks. */
  forgetMarks(): void {
    this.#marks.clear();
  }

  /** Whether nobody has shown a factor of late. */
  isStale = false;

  /** On which day each person's kit was proven last. */
  readonly proven = new Map<string, string>();
  now: () => number = Date.now;
  /** So many proofs come after another browser has kept something newer. */
  stale = 0;

  #kit(person: string) {
    const kept_at = this.#held.get(person)?.made_at ?? null;
    return { kept_at, proven_on: this.proven.get(person) ?? null };
  }

  routes(person: string): Pick<Api, "backup" | "keepBackup" | "kit" | "makeKit" | "proveKit"> {
    return {
      makeKit: async (mark) => {
        if (this.isStale) refuse("step-up-needed");
        this.#marks.set(person, mark);
        return this.#kit(person);
      },
      keepBackup: async (body, replaces, mark) => {
        const digest = hex.encode(await sha256(body));
        if ((this.#marks.get(person) ?? mark) !== mark) refuse("kit-replaced");
        this.#marks.set(person, mark);
        // Looked at and written with nothing between, as in one transaction.
        if ((this.#held.get(person)?.digest ?? "") !== replaces) refuse("backup-changed");
        const made_at = new Date().toISOString();
        this.#held.set(person, { body, made_at, digest });
        return made_at;
      },
      kit: async () => this.#kit(person),
      proveKit: async (backup) => {
        const late = this.stale > 0;
        if (late) this.stale -= 1;
        if (late || this.#held.get(person)?.digest !== backup) refuse("kit-proof-other");
        this.proven.set(person, new Date(this.now()).toISOString().slice(0, 10));
        return this.#kit(person);
      },
      backup: async () => this.#held.get(person) ?? { body: new Uint8Array(), made_at: null },
    };
  }
}
