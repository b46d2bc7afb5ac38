/** A person's store on this device, unlocked, with the identity key that lies in it. */

import { ApiError } from "../api/errors";
import type { SessionInfo } from "../api/schema";
import { openVault } from "../store/install";
import type { Vault } from "../store/vault";
import type { Deps } from "./deps";
import { Identity, type InTurn } from "./identity";

export type Person = NonNullable<SessionInfo["person"]>;

export type Opened = {
  readonly person: Person;
  readonly vault: Vault;
  /** Read, compute and write with no other tab between. */
  readonly inTurn: InTurn;
  readonly identity: Identity;
};

export async function openPerson(deps: Deps, person: Person): Promise<Opened> {
  const lock = `casehub-${person.id}`;
  const { api, random } = deps;
  const vault = await deps.locks.run(lock, () =>
    openVault(
      {
        stores: deps.store,
        share: (install) => api.unlockShare(install),
        uuid: random.uuid,
        bytes: random.bytes,
      },
      person.id,
    ),
  );
  const inTurn: InTurn = (task) =>
    deps.locks.run(lock, async () => {
      const tx = await vault.begin();
      const result = await task(tx);
      await tx.persist();
      return result;
    });
  try {
    const identity = await Identity.unlock(deps, vault, inTurn, person.state);
    return { person, vault, inTurn, identity };
  } catch (error) {
    await vault.close();
    throw error;
  }
}

/**
 * The store of somebody whose State is stopped, for the key in it alone: they may lift that. Null,
 * and told to whoever is told of errors, if it does not open: what they may do without is shown.
 */
export async function openToSign(
  deps: Deps,
  person: Person,
  before: Opened | null,
): Promise<Opened | null> {
  try {
    const opened = before ? { ...before, person } : await openPerson(deps, person);
    await takeFictionalKey(opened);
    return opened;
  } catch (error) {
    deps.report?.(error);
    return before;
  }
}

/** In the demo, the key of a fictional person whose work needs no device; nothing if it has none. */
export async function takeDemoKey({ identity }: Opened): Promise<void> {
  try {
    await identity.takeDemo();
  } catch (error) {
    if (!(error instanceof ApiError) || ![403, 404].includes(error.status)) throw error;
  }
}

/** The same where it is not here yet, and of nobody who is no fiction. */
export async function takeFictionalKey(opened: Opened): Promise<void> {
  if (opened.person.fictional && opened.identity.key === null) await takeDemoKey(opened);
}
