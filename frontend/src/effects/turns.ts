/** Taking turns: one lock for what several tabs share, and a few things at once. */

import type { Tx, Vault } from "../store/vault";
import type { Deps } from "./deps";

/** Batches on a store under its lock, before there is a core. */
export function locked(deps: Deps, vault: Vault, lock: string) {
  return <T>(task: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.locks.run(lock, async () => {
      const tx = await vault.begin();
      const result = await task(tx);
      await tx.persist();
      return result;
    });
}

/** Runs over all items, at most `size` at a time. */
export async function pool<T>(
  size: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}
