/** Stores in memory that outlive their clients, and can fail as a crash does. */

import type { Backend, Batch, StoreFactory } from "../../src/store/backend";
import { SortedRecords } from "../../src/store/sorted";

/** The process died at a write. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** One device's disk. */
export class Disk implements StoreFactory {
  readonly #stores = new Map<string, SortedRecords>();
  /** Counts writes since the last power-on. */
  writes = 0;
  /** Fail at this write, before or after it reaches the disk, and at every later one. */
  crashAt: { write: number; after: boolean } | null = null;
  /** How long each write takes, in ms. */
  slow = 0;

  async open(name: string): Promise<Backend> {
    const records = this.#stores.get(name) ?? new SortedRecords();
    this.#stores.set(name, records);
    return {
      get: async (key) => records.get(key),
      range: async (range) => records.range(range),
      write: async (batch) => {
        if (this.slow > 0) await new Promise((done) => setTimeout(done, this.slow));
        this.#write(records, batch);
      },
      close: async () => undefined,
    };
  }

  powerOn(): void {
    this.writes = 0;
    this.crashAt = null;
  }

  /** A copy of the disk as it is now, to be put back later. */
  snapshot(): Map<string, SortedRecords> {
    return new Map(
      [...this.#stores].map(([name, records]) => {
        const copy = new SortedRecords();
        for (const record of records.all()) copy.put(record);
        return [name, copy];
      }),
    );
  }

  restore(snapshot: Map<string, SortedRecords>): void {
    this.#stores.clear();
    for (const [name, records] of snapshot) this.#stores.set(name, records);
  }

  #write(records: SortedRecords, batch: Batch): void {
    this.writes += 1;
    const { crashAt } = this;
    const dead = crashAt !== null && this.writes > crashAt.write;
    const now = crashAt !== null && this.writes === crashAt.write;
    if (dead || (now && !crashAt.after)) throw new Crash();
    for (const record of batch.put) records.put(record);
    for (const key of batch.remove) records.remove(key);
    if (now) throw new Crash();
  }
}
