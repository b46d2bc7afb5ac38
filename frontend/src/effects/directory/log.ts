/**
 * The directory's log, followed and replayed on this device: who is who, by signatures alone.
 *
 * Leaves come from the log's public files and make the root that the watch believes; the server
 * opens each, and what does not fit is an alarm (docs/adr/0018). What was verified is kept in the
 * person's own sealed store and only grows.
 */

import type { Api } from "../../api/api";
import { ApiError, isPassing, Malformed } from "../../api/errors";
import type { DirectoryPage, WireStatement } from "../../api/schema";
import { asHash, equal, type Hash } from "../../bytes";
import { readStatement, type Statement, StatementMalformed } from "../../crypto/statements";
import { isTooLong } from "../../state/logCheck";
import { keys, type LoggedRecord } from "../../store/records";
import type { Tx, Vault } from "../../store/vault";
import { Directory, type Entry, type Roots } from "../../verify/chain";
import { entriesFrom, Frontier } from "../../verify/tlog/entries";
import { leafHash } from "../../verify/tlog/merkle";
import { Malformed as MalformedFile, Unproven } from "../../verify/tlog/refusal";
import type { BelievedDirectory } from "../log/believed";
import type { LogWatch } from "../log/watch";
import { NotAsLogged, openEntry } from "./opening";

type Fresh = { record: LoggedRecord; entry: Entry };
/** What comes after the first so many entries of a log, with the tree of all of them. */
type Continuation = { origin: string; first: number; tree: Frontier; fresh: readonly Fresh[] };
type Watch = Pick<LogWatch, "directory" | "accuse" | "look">;

export class DirectoryLog {
  /** All that was verified so far, replayed. */
  directory: Directory;
  #origin = "";
  /** Of exactly what is in `#records`: replaced, never changed. */
  #tree = new Frontier();
  #records: LoggedRecord[] = [];
  #saved = 0;
  /** When the quorum had cosigned what is replayed, in seconds; undefined: not looked at yet. */
  #cosigned: number | null | undefined;
  #advancing: Promise<void> | null = null;
  readonly #roots = new Map<number, Hash>();

  constructor(
    private readonly api: Pick<Api, "directoryLog">,
    /** Null where there is no log to follow: then nobody is known. */
    private readonly watch: Watch | null,
    private readonly roots: Roots,
  ) {
    this.directory = new Directory([], roots);
  }

  get size(): number {
    return this.#records.length;
  }

  /** The name of the log; empty before anything was replayed. */
  get origin(): string {
    return this.#origin;
  }

  /** Whether what is replayed was cosigned so long ago that it lets nobody in; `now` in ms. */
  isOld(now: number): boolean {
    if (this.watch === null || this.#cosigned === null) return false;
    if (this.#cosigned === undefined) return true;
    return isTooLong({ since: this.#cosigned * 1_000, now });
  }

  /** The root of the first `size` entries; null if there are not so many here. */
  async rootAt(size: number): Promise<Hash | null> {
    if (size > this.size) return null;
    if (size === this.size) return this.#tree.root();
    const known = this.#roots.get(size);
    if (known !== undefined) return known;
    const [origin, tree] = [this.#origin, new Frontier()];
    for (const { hash } of this.#records.slice(0, size)) await tree.append(asHash(hash));
    const root = await tree.root();
    if (origin === this.#origin) this.#roots.set(size, root);
    return root;
  }

  /** What was signed about these persons, as it travels. */
  about(people: readonly string[]): WireStatement[] {
    const wires = this.#records.map(({ statement }) => statement as WireStatement | null);
    return this.directory.about(people).flatMap((index) => wires[index] ?? []);
  }

  /**
   * Look at the log now, and follow it as far as it is believed. Where it is another one than is
   * replayed here (`origin`), or none is yet, the policy has to name it first.
   *
   * @throws {Unreachable}
   */
  async refresh(origin = this.#origin): Promise<void> {
    const isKnown = origin !== "" && origin === this.#origin;
    await this.watch?.look(isKnown ? "directory" : "all");
    await this.advance();
  }

  /** Follow it as far as it is believed; calls meanwhile share it. */
  advance(): Promise<void> {
    this.#advancing ??= this.#advanceOnce().finally(() => {
      this.#advancing = null;
    });
    return this.#advancing;
  }

  async load(vault: Vault): Promise<void> {
    const head = await vault.read(keys.directory);
    if (head === undefined) return;
    const pages = await vault.list(keys.directoryPages);
    await this.#recall(
      head.origin,
      pages.flatMap(([, records]) => records),
    );
  }

  /** Take what another tab has kept, if it is more. */
  async recall(tx: Tx): Promise<void> {
    const head = await tx.get(keys.directory);
    const another = this.#origin !== "" && head?.origin !== this.#origin;
    if (head === undefined || another || head.size <= this.size) return;
    const pages = await tx.list(keys.directoryPages);
    await this.#recall(
      head.origin,
      pages.flatMap(([, records]) => records),
    );
  }

  /** Keep what was learned. */
  async save(tx: Tx): Promise<void> {
    await this.recall(tx);
    const head = await tx.get(keys.directory);
    const begun = head !== undefined && head.origin !== this.#origin;
    if (begun) {
      for (const [key] of await tx.list(keys.directoryPages)) tx.remove(key);
    }
    this.#saved = begun ? 0 : (head?.size ?? 0);
    if (this.#saved === this.size) return;
    tx.put(keys.directoryPage(this.#saved), this.#records.slice(this.#saved));
    tx.put(keys.directory, { origin: this.#origin, size: this.size });
    this.#saved = this.size;
  }

  /** Kept under this device's own seal: its leaves are taken as they were verified. */
  async #recall(origin: string, records: readonly LoggedRecord[]): Promise<void> {
    if (origin !== this.#origin) this.#begin(origin);
    while (origin === this.#origin && this.size < records.length) {
      const first = this.size;
      const tree = this.#tree.copy();
      const fresh: Fresh[] = [];
      for (const [at, record] of records.slice(first).entries()) {
        const statement = await readOrNull(record.statement);
        await tree.append(asHash(record.hash));
        fresh.push({ record, entry: { index: first + at, at: record.at, statement } });
      }
      this.#take({ origin, first, tree, fresh });
    }
    this.#saved = this.size;
  }

  #begin(origin: string): void {
    this.#origin = origin;
    this.#tree = new Frontier();
    this.#records = [];
    this.#saved = 0;
    this.#roots.clear();
    this.#cosigned = undefined;
    this.directory = new Directory([], this.roots);
  }

  async #advanceOnce(): Promise<void> {
    const believed = await this.watch?.directory();
    if (believed == null) return;
    // Whose log is believed is for the watch to say: another one is another history.
    if (believed.origin !== this.#origin) this.#begin(believed.origin);
    const { size } = believed.opened.checkpoint;
    const first = this.size;
    if (size === first) {
      this.#cosigned = believed.at;
      await this.watch?.accuse(null); // another tab may have read on, where this one could not
    }
    if (size <= first) return;
    try {
      // What another tab has kept meanwhile is as good: whatever lacks then comes with the next look.
      this.#take(await this.#verified(believed, size));
      if (size === this.size) this.#cosigned = believed.at;
    } catch (error) {
      // The log's files accuse nobody: they may be cut short on the way.
      if (error instanceof Unproven || error instanceof MalformedFile) return;
      if (!(error instanceof NotAsLogged)) throw error;
      if (first !== this.size) return; // another tab read on meanwhile: it has judged the same
      const { why, opening } = error;
      await this.watch?.accuse({ why, origin: believed.origin, after: believed.note, opening });
      return;
    }
    await this.watch?.accuse(null);
  }

  async #verified(
    { origin, opened, at, read }: BelievedDirectory,
    size: number,
  ): Promise<Continuation> {
    // What it goes on from, before the first wait: another tab's reading may come in between.
    const first = this.size;
    const tree = this.#tree.copy();
    let from = this.#records.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    const leaves = await entriesFrom(first, size, read);
    const hashes = await Promise.all(leaves.map(leafHash));
    for (const hash of hashes) await tree.append(hash);
    if (!equal(await tree.root(), opened.checkpoint.root)) {
      throw new Unproven("the entries make another root"); // files accuse nobody
    }
    const said = await this.#openings(first, size);
    const until = at === null ? Number.POSITIVE_INFINITY : at * 1_000;
    const fresh: Fresh[] = [];
    for (const [offset, leaf] of leaves.entries()) {
      const index = first + offset;
      const entry = await openEntry(index, leaf, said.get(index), { from, until });
      from = Math.max(from, entry.at);
      const hash = hashes[offset] ?? new Uint8Array();
      const record = { hash, at: entry.at, statement: entry.wire };
      fresh.push({ record, entry: { index, at: entry.at, statement: entry.statement } });
    }
    return { origin, first, tree, fresh };
  }

  /**
   * Go on, in one piece and only from where this was made: whoever judges a commit meanwhile holds
   * it against a root of all that is here, neither of less nor of more.
   */
  #take({ origin, first, tree, fresh }: Continuation): void {
    if (origin !== this.#origin || first !== this.size) return;
    this.#tree = tree;
    this.#records.push(...fresh.map(({ record }) => record));
    this.directory.extend(fresh.map(({ entry }) => entry));
  }

  /** What the server says of entries; those it does not speak of are missing. */
  async #openings(
    first: number,
    size: number,
  ): Promise<Map<number, DirectoryPage["entries"][number]>> {
    const said = new Map<number, DirectoryPage["entries"][number]>();
    for (let after = first; after < size; ) {
      const page = await this.#page(after);
      const next = page.filter(({ index }, at) => index === after + at);
      for (const one of next) said.set(one.index, one);
      if (next.length === 0) break;
      after += next.length;
    }
    return said;
  }

  /** A server that answers, but not this, withholds it. */
  async #page(after: number): Promise<DirectoryPage["entries"]> {
    try {
      return (await this.api.directoryLog(after)).entries;
    } catch (error) {
      const refused = error instanceof ApiError && error.status !== 401 && !isPassing(error);
      if (refused || error instanceof Malformed) return [];
      throw error;
    }
  }
}

async function readOrNull(wire: unknown): Promise<Statement | null> {
  if (wire === null) return null;
  try {
    return await readStatement(wire);
  } catch (error) {
    if (error instanceof StatementMalformed) return null;
    throw error;
  }
}
