/**
 * The sealed store of one person on this device, read and written in batches.
 *
 * Every batch has a revision, one higher than the last; it is authenticated in each record of the
 * batch. All writing happens inside the device's lock (see effects/), so revisions never race.
 */

import type { Backend, Sealed } from "./backend";
import { under } from "./backend";
import { decode, encode } from "./codec";
import { seal, Unreadable, unseal } from "./seal";

declare const held: unique symbol;
/** The name of a record, carrying the type of what it holds. */
export type Key<T> = string & { readonly [held]?: T };

/** Told after each durable batch, with the new values (undefined: removed). */
export type Watcher = (changes: ReadonlyMap<string, unknown>, revision: number) => void;

const HEAD: Key<{ revision: number }> = "head";

type Opened = { readonly revision: number; readonly value: unknown };

export class Vault {
  readonly #backend: Backend;
  readonly #key: CryptoKey;
  #watchers: Watcher[] = [];
  #isClosed = false;
  /** By prefix and key, what {@link listAgain} gave last. */
  readonly #opened = new Map<string, Map<string, Opened>>();
  /** Asked ahead of each batch that changes something, whoever began it; it may add to it. */
  before: (tx: Tx) => Promise<void> = async () => undefined;

  constructor(backend: Backend, key: CryptoKey) {
    this.#backend = backend;
    this.#key = key;
  }

  watch(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  /**
   * Whether the key fits what is stored; a store without a first batch fits any key.
   */
  async fits(): Promise<boolean> {
    try {
      await this.read(HEAD);
      return true;
    } catch (error) {
      if (error instanceof Unreadable) return false;
      throw error;
    }
  }

  /** @throws {Unreadable} if the record was tampered with. */
  async read<T>(key: Key<T>): Promise<T | undefined> {
    const found = await this.#backend.get(key);
    return found && ((await this.#open(found)) as T);
  }

  /** The record and the revision of its batch; "same" if that is `known`, undecrypted. */
  async readSince<T>(
    key: Key<T>,
    known: number | undefined,
  ): Promise<{ revision: number; value: T } | "same" | undefined> {
    const found = await this.#backend.get(key);
    if (found === undefined) return undefined;
    if (known === found.revision) return "same";
    return { revision: found.revision, value: (await this.#open(found)) as T };
  }

  async list<T>(
    prefix: Key<T>,
    options: { from?: string; to?: string; limit?: number; reverse?: boolean } = {},
  ): Promise<[key: string, value: T][]> {
    const found = await this.#backend.range({ ...under(prefix), ...options });
    return Promise.all(
      found.map(
        async (record): Promise<[string, T]> => [record.key, (await this.#open(record)) as T],
      ),
    );
  }

  /**
   * As {@link list}, for what is asked for with every message: a record is opened once, as long as
   * its revision is the same. Nobody may change what it gives.
   */
  async listAgain<T>(prefix: Key<T>): Promise<[key: string, value: T][]> {
    const before = this.#opened.get(prefix);
    const found = await this.#backend.range(under(prefix));
    const opened = await Promise.all(
      found.map(async (record): Promise<[string, Opened]> => {
        const { key, revision } = record;
        const known = before?.get(key);
        if (known?.revision === revision) return [key, known];
        return [key, { revision, value: await this.#open(record) }];
      }),
    );
    if (opened.length > 0) this.#opened.set(prefix, new Map(opened));
    else this.#opened.delete(prefix);
    return opened.map(([key, { value }]) => [key, value as T]);
  }

  /** Names only: nothing is decrypted. */
  async keys(prefix: string): Promise<string[]> {
    return (await this.#backend.range(under(prefix))).map((record) => record.key);
  }

  /** Revision of the newest record of a range, 0 if there is none: nothing is decrypted. */
  async newest(prefix: string, range: { from?: string; to?: string } = {}): Promise<number> {
    const found = await this.#backend.range({ ...under(prefix), ...range });
    return found.reduce((newest, { revision }) => Math.max(newest, revision), 0);
  }

  /** Begin a batch. Only inside the device's lock. */
  async begin(): Promise<Tx> {
    const head = await this.read(HEAD);
    return new Tx(this, head?.revision ?? 0);
  }

  /** Durable when it resolves; then the watchers are told. */
  async write(changes: ReadonlyMap<string, unknown>, revision: number): Promise<void> {
    const put: Sealed[] = [];
    const remove: string[] = [];
    for (const [key, value] of [...changes, [HEAD, { revision }] as const]) {
      if (value === undefined) remove.push(key);
      else {
        const bytes = await seal(this.#key, key, revision, encode(value));
        put.push({ key, revision, bytes });
      }
    }
    await this.#backend.write({ put, remove });
    for (const watcher of this.#watchers) watcher(changes, revision);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watchers = [];
    this.#opened.clear();
    await this.#backend.close();
  }

  async #open(record: Sealed): Promise<unknown> {
    return decode(await unseal(this.#key, record.key, record.revision, record.bytes));
  }
}

/** Reads that see their own writes, and one durable batch at {@link persist}. */
export class Tx {
  readonly #changes = new Map<string, unknown>();
  #after: ((revision: number) => void)[] = [];

  constructor(
    readonly vault: Vault,
    private revision: number,
  ) {}

  /** What the next {@link persist} will write; undefined: removed. */
  get changes(): ReadonlyMap<string, unknown> {
    return this.#changes;
  }

  /** The revision that the next {@link persist} will give. */
  get nextRevision(): number {
    return this.revision + 1;
  }

  async get<T>(key: Key<T>): Promise<T | undefined> {
    if (this.#changes.has(key)) return this.#changes.get(key) as T | undefined;
    return this.vault.read(key);
  }

  put<T>(key: Key<T>, value: T): void {
    this.#changes.set(key, value);
  }

  remove(key: string): void {
    this.#changes.set(key, undefined);
  }

  async list<T>(prefix: Key<T>): Promise<[key: string, value: T][]> {
    return this.#with(prefix, await this.vault.list(prefix));
  }

  /** As {@link list}, by {@link Vault.listAgain}. */
  async listAgain<T>(prefix: Key<T>): Promise<[key: string, value: T][]> {
    return this.#with(prefix, await this.vault.listAgain(prefix));
  }

  #with<T>(prefix: Key<T>, found: [key: string, value: T][]): [key: string, value: T][] {
    const stored = new Map(found);
    for (const [key, value] of this.#changes) {
      if (!key.startsWith(prefix)) continue;
      if (value === undefined) stored.delete(key);
      else stored.set(key, value as T);
    }
    return [...stored].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Run once the batch is durable, with its revision. */
  afterPersist(run: (revision: number) => void): void {
    this.#after.push(run);
  }

  /** Write what was changed since the last call. Nothing changed: nothing written. */
  async persist(): Promise<void> {
    if (this.#changes.size > 0) {
      await this.vault.before(this);
      await this.vault.write(this.#changes, this.revision + 1);
      this.revision += 1;
      this.#changes.clear();
    }
    const after = this.#after;
    this.#after = [];
    for (const run of after) run(this.revision);
  }
}
