/**
 * What an auditor calls their kept filters: in the sealed store of this device, never on the server.
 *
 * A filter says what is searched, and the server has to know that to search. A name says why: it may
 * hold a person or a suspicion. On another device a view goes by the day it was kept.
 */

import { openVault } from "../store/install";
import type { Key, Vault } from "../store/vault";
import type { Deps } from "./deps";

const NAMES = "view-name/" as Key<string>;
const nameOf = (id: string): Key<string> => `${NAMES}${id}` as Key<string>;

export class ViewNames {
  #open: { person: string; vault: Promise<Vault> } | null = null;

  /** `person`: whose session it is now. */
  constructor(
    private readonly deps: Pick<Deps, "api" | "store" | "locks" | "random">,
    private readonly person: () => string | null,
  ) {}

  /** Names by id of the view. */
  async read(): Promise<ReadonlyMap<string, string>> {
    const found = await (await this.#vault()).list(NAMES);
    return new Map(found.map(([key, name]) => [key.slice(NAMES.length), name]));
  }

  keep(id: string, name: string): Promise<void> {
    return this.#write(id, name);
  }

  forget(id: string): Promise<void> {
    return this.#write(id, undefined);
  }

  /** The session is over: the key leaves the memory. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await (await open?.vault.catch(() => undefined))?.close();
  }

  async #write(id: string, name: string | undefined): Promise<void> {
    const vault = await this.#vault();
    await this.deps.locks.run(this.#lock(), async () => {
      const tx = await vault.begin();
      await vault.write(new Map([[nameOf(id), name]]), tx.nextRevision);
    });
  }

  #lock(): string {
    return `casehub-${this.#whose()}`;
  }

  #whose(): string {
    const person = this.person();
    if (person === null) throw new Error("nobody is signed in");
    return person;
  }

  async #vault(): Promise<Vault> {
    const person = this.#whose();
    if (this.#open?.person !== person) {
      await this.close();
      const { api, store, locks, random } = this.deps;
      const share = (install: string) => api.unlockShare(install);
      const parts = { stores: store, share, uuid: random.uuid, bytes: random.bytes };
      const vault = locks.run(this.#lock(), () => openVault(parts, person));
      this.#open = { person, vault };
      // What failed once is tried anew.
      vault.catch(() => {
        if (this.#open?.vault === vault) this.#open = null;
      });
    }
    return (this.#open as { vault: Promise<Vault> }).vault;
  }
}
