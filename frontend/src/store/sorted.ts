/** An ordered map in memory: what the file store serves reads from. */

import type { Range, Sealed } from "./backend";

export class SortedRecords {
  readonly #records = new Map<string, Sealed>();
  #keys: string[] = [];

  get size(): number {
    return this.#records.size;
  }

  get(key: string): Sealed | undefined {
    return this.#records.get(key);
  }

  put(record: Sealed): void {
    if (!this.#records.has(record.key)) this.#keys.splice(this.#place(record.key), 0, record.key);
    this.#records.set(record.key, record);
  }

  remove(key: string): void {
    if (this.#records.delete(key)) this.#keys.splice(this.#place(key), 1);
  }

  range({ from, to, limit, reverse }: Range): Sealed[] {
    const keys = this.#keys.slice(this.#place(from), this.#place(to));
    if (reverse) keys.reverse();
    return keys.slice(0, limit).flatMap((key) => this.#records.get(key) ?? []);
  }

  all(): Sealed[] {
    return this.#keys.flatMap((key) => this.#records.get(key) ?? []);
  }

  /** Where `key` stands, or would stand. */
  #place(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
