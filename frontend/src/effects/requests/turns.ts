/**
 * The editing turn: taken by an act, renewed while somebody writes and wherever in the app they
 * look something up meanwhile, given back by an act or at the end of the session.
 */

import { ApiError, isPassing } from "../../api/errors";
import type { Core } from "../core";
import { isWrittenOn } from "../dossiers/table";
import type { Rows } from "./rows";

const RENEW_MS = 60_000;
/** Who has not written for so long has gone away, and others may want to go on. */
const IDLE_MS = 10 * 60_000;

export class Turns {
  /** When somebody last wrote here, by request. */
  readonly #busy = new Map<string, number>();
  readonly #renewals = new Map<string, () => void>();
  /** Turns that this tab had and never gave back: one that is gone all the same was lost. */
  readonly #held = new Set<string>();

  constructor(
    private readonly core: Core,
    private readonly rows: Rows,
  ) {}

  /** Whether this tab has the turn and keeps it. */
  keeps(id: string): boolean {
    return this.#busy.has(id) && this.rows.isMine(id);
  }

  /** Whether a turn of this tab ended without an act of the person: it ran out, or was taken. */
  isLost(id: string): boolean {
    return this.#held.has(id) && !this.rows.isMine(id);
  }

  kept(): string[] {
    return [...this.#busy.keys()].filter((id) => this.rows.isMine(id));
  }

  async take(id: string): Promise<void> {
    const { api, deps } = this.core;
    await this.rows.ask(() => api.takeTurn(id, deps.random.uuid()), id);
    this.touch(id);
  }

  async give(id: string): Promise<void> {
    this.#stop(id);
    this.#held.delete(id);
    await this.rows.ask(() => this.core.api.giveTurn(id), id);
  }

  /** Somebody writes: the turn is kept, if it is theirs. */
  touch(id: string): void {
    if (!this.rows.isMine(id)) return;
    this.#busy.set(id, this.core.deps.clock());
    this.#held.add(id);
    if (!this.#renewals.has(id)) this.#renewLater(id);
  }

  #renewLater(id: string): void {
    this.#renewals.set(
      id,
      this.core.after(RENEW_MS, () => void this.#renew(id)),
    );
  }

  async #renew(id: string): Promise<void> {
    const idle = this.core.deps.clock() - (this.#busy.get(id) ?? 0);
    const isKept = this.rows.isMine(id) && isWrittenOn(this.rows.get(id).stage);
    if (!isKept || idle > IDLE_MS) return this.#stop(id);
    try {
      await this.rows.ask(() => this.core.api.renewTurn(id), id);
    } catch (error) {
      if (!isPassing(error)) {
        this.#stop(id);
        if (error instanceof ApiError) this.rows.refreshSoon();
        // Somebody moved it on meanwhile: the page shows where it stands.
        if (!(error instanceof ApiError && error.code === "stage-closed")) this.core.report(error);
        return;
      }
    }
    if (this.#renewals.has(id)) this.#renewLater(id);
  }

  #stop(id: string): void {
    this.#busy.delete(id);
    this.#renewals.get(id)?.();
    this.#renewals.delete(id);
  }
}
