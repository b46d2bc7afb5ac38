/**
 * Which sealed store on this device belongs to a person, and how it opens.
 *
 * A small unsealed index per person names the current install and its salt. When the server's
 * share no longer fits (its database was reset, or it lies), a fresh install is begun and the old
 * one is left as it is: a wrong share must not be able to make a device throw its archive away.
 */

import { b64u, utf8 } from "../bytes";
import type { Backend, StoreFactory } from "./backend";
import { storeKey } from "./seal";
import { Vault } from "./vault";

type Install = { install: string; salt: string };

export type InstallDeps = {
  stores: StoreFactory;
  /** The server's 32-byte share for an install of this session's person. */
  share: (install: string) => Promise<Uint8Array>;
  uuid: () => string;
  bytes: (length: number) => Uint8Array;
};

const CURRENT = "current";

/** Open the person's store on this device, beginning one if there is none that opens. */
export async function openVault(deps: InstallDeps, person: string): Promise<Vault> {
  const index = await deps.stores.open(`casehub-${person}`);
  try {
    const known = await current(index);
    if (known !== null) {
      const vault = await unlock(deps, person, known);
      if (await vault.fits()) return vault;
      await vault.close();
    }
    const fresh = { install: deps.uuid(), salt: b64u.encode(deps.bytes(32)) };
    const vault = await unlock(deps, person, fresh);
    await index.write({ put: [record(fresh)], remove: [] });
    return vault;
  } finally {
    await index.close();
  }
}

async function current(index: Backend): Promise<Install | null> {
  const found = await index.get(CURRENT);
  return found ? (JSON.parse(utf8.decode(found.bytes)) as Install) : null;
}

function record(install: Install) {
  return { key: CURRENT, revision: 0, bytes: utf8.encode(JSON.stringify(install)) };
}

async function unlock(deps: InstallDeps, person: string, at: Install): Promise<Vault> {
  const share = await deps.share(at.install);
  const backend = await deps.stores.open(`casehub-${person}-${at.install}`);
  const key = await storeKey(share, b64u.decode(at.salt));
  share.fill(0);
  return new Vault(backend, key);
}
