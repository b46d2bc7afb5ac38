/** The store in a browser: one IndexedDB database per name, one transaction per batch. */

import { type IDBPDatabase, openDB } from "idb";
import type { Backend, Batch, Range, Sealed, StoreFactory } from "./backend";

const RECORDS = "records";

export const indexedDbStores: StoreFactory = { open: async (name) => openBackend(name) };

async function openBackend(name: string): Promise<Backend> {
  const db: IDBPDatabase = await openDB(name, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore(RECORDS, { keyPath: "key" });
    },
    // A newer page in another tab wants to upgrade: step aside rather than block it.
    blocking: () => db.close(),
  });
  return {
    get: async (key) => (await db.get(RECORDS, key)) as Sealed | undefined,
    range: (range) => readRange(db, range),
    write: (batch) => writeBatch(db, batch),
    close: async () => db.close(),
  };
}

async function readRange(db: IDBPDatabase, range: Range): Promise<Sealed[]> {
  const keys = IDBKeyRange.bound(range.from, range.to, false, true);
  if (!range.reverse) return (await db.getAll(RECORDS, keys, range.limit)) as Sealed[];
  const found: Sealed[] = [];
  const { store } = db.transaction(RECORDS);
  let cursor = await store.openCursor(keys, "prev");
  while (cursor !== null && found.length < (range.limit ?? Number.POSITIVE_INFINITY)) {
    found.push(cursor.value as Sealed);
    cursor = await cursor.continue();
  }
  return found;
}

async function writeBatch(db: IDBPDatabase, batch: Batch): Promise<void> {
  // "strict" waits for the disk: a message may be posted only when its ratchet step is safe.
  const change = db.transaction(RECORDS, "readwrite", { durability: "strict" });
  const { store } = change;
  const asked = [
    ...batch.put.map((record) => store.put(record)),
    ...batch.remove.map((key) => store.delete(key)),
  ];
  await Promise.all([...asked, change.done]);
}
