/**
 * What this browser believes of the public log: outside the sealed stores, and one for all persons.
 *
 * None of it is secret. A sealed store opens only with the server's half of its key, so a server
 * that was put back to an older state could make a device begin a new one; here it makes nobody
 * forget what it has signed.
 */

import { utf8 } from "../bytes";
import type { StoreFactory } from "./backend";
import { under } from "./backend";

const STORE = "casehub-log";

export class LogMemory {
  constructor(private readonly stores: StoreFactory) {}

  /** Everything, by name. */
  async load(): Promise<Map<string, string>> {
    const store = await this.stores.open(STORE);
    try {
      const rows = await store.range(under(""));
      return new Map(rows.map(({ key, bytes }) => [key, utf8.decode(bytes)]));
    } finally {
      await store.close();
    }
  }

  /** Null removes. All of it or nothing. */
  async write(changes: ReadonlyMap<string, string | null>): Promise<void> {
    if (changes.size === 0) return;
    const store = await this.stores.open(STORE);
    const remove = [...changes].flatMap(([key, text]) => (text === null ? [key] : []));
    const put = [...changes].flatMap(([key, text]) =>
      text === null ? [] : [{ key, revision: 0, bytes: utf8.encode(text) }],
    );
    try {
      await store.write({ put, remove });
    } finally {
      await store.close();
    }
  }
}
