/** Requests as the server has them, kept so that an older answer never replaces a newer one. */

import { isPassing } from "../../api/errors";
import type { RequestRow } from "../../api/schema";
import { type Core, NotPossible } from "../core";

const SOON_MS = 100;
const AGAIN_MS = [4_000, 8_000] as const;
/** How long a turn lasts at the most: whatever this device's clock says, look again then. */
const TURN_MS = 5 * 60_000;

export class Rows {
  /** Answers are as fresh as the moment at which they were asked for. */
  #asked = 0;
  readonly #fresh = new Map<string, number>();
  readonly #newest = new Map<string, number>();
  readonly #turnEnds = new Map<string, () => void>();
  readonly #listeners = new Set<(request: string) => void>();
  #soon = false;
  /** Called when the rows may have changed. */
  changed: () => void = () => undefined;

  constructor(private readonly core: Core) {}

  /** @throws {NotPossible} `not-found` */
  get(id: string): RequestRow {
    const row = this.core.mirror.request(id);
    if (row === undefined) throw new NotPossible("not-found");
    return row;
  }

  isMine(id: string): boolean {
    return this.core.mirror.request(id)?.turn?.person === this.core.person;
  }

  async refresh(): Promise<void> {
    const { core } = this;
    this.#asked += 1;
    const asked = this.#asked;
    const newest = new Map(core.mirror.requests.map(({ id }) => [id, this.#seen(id)]));
    const rows = await core.api.requests();
    const told = new Set(rows.map(({ id }) => id));
    const later = core.mirror.requests.filter(
      ({ id }) => !told.has(id) && (this.#fresh.get(id) ?? 0) >= asked,
    );
    for (const row of rows) this.#check(row, newest.get(row.id) ?? 0);
    this.#put([...later, ...rows.map((row) => this.#newer(row, asked))]);
  }

  /**
   * The server says that a request changed, which may be none of those that are drafted here; or
   * that of a consultation that somebody is to answer, who knows of no request.
   */
  rang(request: string): void {
    this.refreshSoon();
    for (const listener of this.#listeners) listener(request);
  }

  /** Be told of each request of which the server says so, until what is returned is called. */
  onRung(listener: (request: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something changed, as the server says; what it was, the list tells. */
  refreshSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    this.core.after(SOON_MS, () => {
      this.#soon = false;
      void this.refresh().catch((error) => {
        if (!isPassing(error)) return this.core.report(error);
        this.core.after(this.core.spread(...AGAIN_MS), () => this.refreshSoon());
      });
    });
  }

  /** Do an act on a request that answers with what it is like now. */
  async ask(act: () => Promise<RequestRow>, id?: string): Promise<RequestRow> {
    const newest = id === undefined ? 0 : this.#seen(id);
    this.#asked += 1;
    const asked = this.#asked;
    const row = await act();
    const { mirror } = this.core;
    this.#check(row, newest);
    // A list that was asked for meanwhile may be from before the act, or from after something else.
    const overtaken = this.#asked > asked;
    if (overtaken) this.refreshSoon();
    const known = mirror.request(row.id);
    if (!overtaken || known === undefined || known.version <= row.version) {
      this.#fresh.set(row.id, this.#asked);
      this.#watchTurn(row);
      this.#put([row, ...mirror.requests.filter((one) => one.id !== row.id)]);
    }
    return row;
  }

  #newer(row: RequestRow, asked: number): RequestRow {
    const known = this.core.mirror.request(row.id);
    if (known !== undefined && (this.#fresh.get(row.id) ?? 0) >= asked) return known;
    this.#fresh.set(row.id, asked);
    this.#watchTurn(row);
    return row;
  }

  #put(rows: RequestRow[]): void {
    const { mirror } = this.core;
    mirror.requests = rows.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
    mirror.changed();
    this.changed();
  }

  /** Nobody is told when a turn runs out. */
  #watchTurn({ id, turn }: RequestRow): void {
    this.#turnEnds.get(id)?.();
    if (turn === null) return;
    const left = Date.parse(turn.until) - this.core.deps.clock();
    const wait = Math.min(Math.max(left, 1_000), TURN_MS) + 1_000;
    this.#turnEnds.set(
      id,
      this.core.after(wait, () => this.refreshSoon()),
    );
  }

  #seen(id: string): number {
    const base = this.core.mirror.drafting.get(id)?.base ?? 0;
    return Math.max(base, this.#newest.get(id) ?? 0);
  }

  /** A version that was there is there for good. */
  #check(row: RequestRow, newest: number): void {
    if (row.version < newest) this.core.mirror.alarm = "draft-rolled-back";
    this.#newest.set(row.id, Math.max(row.version, this.#seen(row.id)));
  }

  /** There was such a version, whatever the server says. */
  proven(id: string, version: number): void {
    const row = this.core.mirror.request(id);
    if (row === undefined || row.version >= version) return;
    this.#newest.set(id, Math.max(version, this.#seen(id)));
    this.core.mirror.alarm = "draft-rolled-back";
    this.core.mirror.changed();
  }

  /** The server shows an older state of the request than it has shown before. */
  isRolledBack(row: RequestRow): boolean {
    return row.version < this.#seen(row.id);
  }
}
