/** Where promises lie: in a person's store, or, where a session keeps none, in the page alone. */

import type { Key, Tx, Vault } from "../../store/vault";

/** As much of a store as is asked for. */
export type Records = Pick<Vault, "read" | "list">;
export type Writing = Pick<Tx, "get" | "put" | "remove">;
export type InTurn = <T>(task: (tx: Writing) => Promise<T>) => Promise<T>;

/** A store that ends with the page: of auditors and others whose browser keeps no keys. */
export function inMemory(): { vault: Records; inTurn: InTurn } {
  const records = new Map<string, unknown>();
  const read = async <T>(key: Key<T>) => records.get(key) as T | undefined;
  const vault: Records = {
    read,
    list: async <T>(prefix: Key<T>, { limit = records.size, reverse = false } = {}) => {
      const found = [...records].filter(([key]) => key.startsWith(prefix)) as [string, T][];
      found.sort(([a], [b]) => (a < b === reverse ? 1 : -1));
      return found.slice(0, limit);
    },
  };
  const tx: Writing = {
    get: read,
    put: (key, value) => void records.set(key, value),
    remove: (key) => void records.delete(key),
  };
  return { vault, inTurn: (task) => task(tx) };
}
