/**
 * Bringing a draft to the server: sealed and stored here first, its key said in the drafting
 * circle and found in the log, then the body stored at the server under the same id. Whatever
 * breaks off in between goes on where it was; a key without a body harms nobody.
 */

import { ApiError, codeOf, isPassing, Unreachable } from "../../api/errors";
import { canonical } from "../../canonical";
import { DraftTooLong, type SealedDraft, sealDraft } from "../../crypto/draftSeal";
import { disclosed } from "../../rules/disclosed";
import { flawOf } from "../../rules/shape";
import { keys, type PendingVersion } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible } from "../core";
import type { Sending } from "../sending";
import { versionId } from "./lineage";
import { restAfter } from "./pace";
import type { Rows } from "./rows";
import type { Texts } from "./texts";

const QUIET_MS = 4_000;
/** However long somebody goes on writing. */
const AT_MOST_MS = 60_000;
const RETRY_MS = [4_000, 8_000] as const;
const ANNOUNCE_MS = 60_000;
const LOOK_MS = 1_000;
/** Of a request whose budget is used up: it does not come back by itself. */
const FULL_MS = 60 * 60_000;
/** A key that was lost with a store that was put back is said anew, but not for ever. */
const MOST_TRIES = 3;

export type SavingState = { saving: "idle" | "saving" | "failed"; error?: string };

type Run = { again: boolean; done: Promise<void> };

export class Saving {
  readonly #states = new Map<string, SavingState>();
  readonly #running = new Map<string, Run>();
  readonly #soon = new Map<string, { since: number; cancel: () => void }>();
  readonly #waiting = new Map<string, Set<() => void>>();
  /** Until when nothing is saved by itself, by request; "" is for all. */
  readonly #rests = new Map<string, number>();
  /** Called when the state of a draft's saving changed. */
  changed: (id: string) => void = () => undefined;

  constructor(
    private readonly core: Core,
    private readonly sending: Sending,
    private readonly rows: Rows,
    private readonly texts: Texts,
    private readonly isOffline: () => boolean,
  ) {}

  state(id: string): SavingState {
    return this.#states.get(id) ?? { saving: "idle" };
  }

  /** Somebody is writing: save when they pause. */
  soon(id: string, quiet = QUIET_MS): void {
    const now = this.core.deps.clock();
    const since = this.#soon.get(id)?.since ?? now;
    this.#soon.get(id)?.cancel();
    const rest = Math.max(this.#rests.get(id) ?? 0, this.#rests.get("") ?? 0) - now;
    const wait = Math.max(0, rest, Math.min(quiet, since + AT_MOST_MS - now));
    const cancel = this.core.after(wait, () => this.now(id));
    this.#soon.set(id, { since, cancel });
  }

  /** Save; what comes of it is shown beside the draft. */
  now(id: string): void {
    void this.save(id).catch(() => undefined);
  }

  /** Resolves when what stood here at the call is at the server. */
  save(id: string): Promise<void> {
    this.#soon.get(id)?.cancel();
    this.#soon.delete(id);
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const run: Run = { again: false, done: Promise.resolve() };
    this.#running.set(id, run);
    run.done = this.#run(id, run);
    return run.done;
  }

  /** Versions that an earlier moment left on their way. */
  resume(): void {
    for (const id of this.core.mirror.saving.keys()) {
      if (this.core.mirror.request(id) !== undefined) this.now(id);
    }
  }

  /** Entries were applied to a circle: a key may stand in its log now. */
  applied(circle: string): void {
    const waiting = this.#waiting.get(circle) ?? new Set();
    this.#waiting.delete(circle);
    for (const wake of waiting) wake();
  }

  async #run(id: string, run: Run): Promise<void> {
    this.#become(id, { saving: "saving" });
    try {
      do {
        run.again = false;
        await this.#toServer(id);
      } while (run.again);
      this.#become(id, { saving: "idle" });
    } catch (error) {
      this.#failed(id, error);
      throw error;
    } finally {
      this.#running.delete(id);
    }
  }

  #failed(id: string, error: unknown): void {
    if (this.core.over) return;
    const code = error instanceof NotPossible ? error.code : codeOf(error);
    this.#become(id, { saving: "failed", error: code });
    if (code === "unexpected" || code === "sign-in-needed") this.core.report(error);
    if (error instanceof ApiError) this.#restIfFull(id, error);
    if (isPassing(error)) this.soon(id, this.core.spread(...RETRY_MS));
    else if (error instanceof ApiError) this.rows.refreshSoon();
  }

  /** The text is on this device; what is written meanwhile goes along when there is room again. */
  #restIfFull(id: string, { code, params }: ApiError): void {
    const now = this.core.deps.clock();
    if (code === "version-share-full") this.#rests.set(id, now + FULL_MS);
    if (code !== "version-day-full") return;
    const minutes = Number(params.minutes);
    this.#rests.set("", now + (minutes > 0 ? minutes * 60_000 : FULL_MS));
    this.soon(id);
  }

  #become(id: string, state: SavingState): void {
    this.#states.set(id, state);
    this.changed(id);
  }

  async #toServer(id: string): Promise<void> {
    await this.texts.flush(id);
    // Its key would wait for ever to stand in the log.
    const { circle } = this.rows.get(id);
    if (this.core.mirror.threads.get(circle)?.status === "frozen") {
      throw new NotPossible("thread-frozen");
    }
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const known = await this.core.vault.read(keys.savingOf(id));
      if (known === undefined && !(await this.core.vault.read(keys.draftOf(id)))?.dirty) return;
      const pending = known ?? (await this.#prepare(id));
      try {
        // What was left from an earlier moment may say less than the text does now.
        if ((await this.#finish(id, pending)) && known === undefined) return;
      } catch (error) {
        if (!(await this.#isOutdated(id, pending, error))) throw error;
      }
    }
    const left = (await this.core.vault.read(keys.draftOf(id)))?.dirty;
    if (left) throw new Unreachable("the key of the version was lost on its way");
  }

  /** The version came too late, and its text goes on from a later one by now. */
  async #isOutdated(id: string, pending: PendingVersion, error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError) || error.code !== "version-behind") return false;
    const record = await this.core.vault.read(keys.draftOf(id));
    return record !== undefined && record.base > pending.base;
  }

  /** Seal the text, store it, and queue its key, all in one batch. */
  async #prepare(id: string): Promise<PendingVersion> {
    const row = this.rows.get(id);
    if (!this.rows.isMine(id)) throw new NotPossible(row.turn ? "turn-taken" : "turn-needed");
    const { circle } = row;
    // Without a book what no section describes is looked at all the same.
    const book = await this.core.deps.book?.().catch(() => undefined);
    const pending = await this.core.exclusive(async (tx) => {
      const [known, found, record] = [
        await tx.get(keys.savingOf(id)),
        await tx.get(keys.thread(circle)),
        await tx.get(keys.draftOf(id)),
      ];
      if (known !== undefined) return known; // another tab was quicker
      const thread = found && (await this.core.checkDrafting(tx, found));
      if (thread?.status !== "active") {
        throw new NotPossible(`thread-${thread?.status ?? "waiting"}`);
      }
      if (record === undefined) throw new NotPossible("not-found");
      const { draft, base, edit } = record;
      if (row.version > base) throw new NotPossible("version-behind");
      // As its readers will look at it: they would not be shown it.
      const flaw = flawOf(draft, this.core.device.state, book);
      if (flaw !== null) {
        throw new NotPossible(flaw.kind === "limits" ? "draft-too-long" : "draft-malformed");
      }
      const salt = this.core.deps.random.bytes(32);
      const client_id = await versionId(id, record.origin, salt);
      const { body, key, digest } = await sealed({ request: id, client_id }, canonical(draft));
      const made: PendingVersion = { client_id, base, edit, disclosed: disclosed(draft) };
      tx.put(keys.savingOf(id), made);
      tx.put(keys.sealed(id), body);
      const said = { kind: "version", request: id, client_id, base, key, digest, salt } as const;
      this.core.enqueue(tx, circle, said);
      return made;
    });
    this.sending.submitted(circle);
    return pending;
  }

  /** False when the key was lost, and the version with it. */
  async #finish(id: string, pending: PendingVersion): Promise<boolean> {
    const { circle } = this.rows.get(id);
    if (!(await this.#announced(id, circle, pending.client_id))) return false;
    const body = await this.core.vault.read(keys.sealed(id));
    if (body === undefined) return true; // another tab was quicker
    const { client_id, base } = pending;
    const version = { client_id, base, body, disclosed: pending.disclosed };
    try {
      await this.rows.ask(() => this.core.api.saveVersion(id, version), id);
    } catch (error) {
      if (error instanceof ApiError && !isPassing(error)) await this.#drop(id, client_id);
      throw error;
    }
    this.#rests.set(id, this.core.deps.clock() + restAfter(body.length));
    await this.core.exclusive(async (tx) => {
      if ((await tx.get(keys.savingOf(id)))?.client_id !== client_id) return;
      drop(tx, id);
      const record = await tx.get(keys.draftOf(id));
      if (record === undefined || record.base !== base) return;
      const dirty = record.edit !== pending.edit;
      tx.put(keys.draftOf(id), { ...record, base: base + 1, origin: client_id, dirty });
    });
    return true;
  }

  #drop(id: string, client_id: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      if ((await tx.get(keys.savingOf(id)))?.client_id === client_id) drop(tx, id);
    });
  }

  /** Wait until the log shows the key; false if it never will. */
  async #announced(id: string, circle: string, client_id: string): Promise<boolean> {
    let over = false;
    this.core.after(ANNOUNCE_MS, () => {
      over = true;
    });
    for (;;) {
      const stands = await this.#look(id, circle, client_id);
      if (stands !== "waiting") return stands === "said";
      if (over || this.isOffline())
        throw new Unreachable("the key of the version was not accepted yet");
      await this.#next(circle);
    }
  }

  async #look(id: string, circle: string, client_id: string): Promise<"said" | "waiting" | "lost"> {
    return this.core.exclusive(async (tx) => {
      if (await tx.get(keys.versionKey(circle, client_id))) return "said";
      for (const [key, { content, status, error }] of await tx.list(keys.outboxOf(circle))) {
        if (content.kind !== "version" || content.client_id !== client_id) continue;
        if (status !== "failed") return "waiting";
        tx.remove(key);
        drop(tx, id);
        await tx.persist();
        throw new NotPossible(error?.code ?? "unexpected");
      }
      drop(tx, id);
      return "lost";
    });
  }

  #next(circle: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(circle) ?? new Set();
      this.#waiting.set(circle, waiting.add(resolve));
      void this.core.sleep(LOOK_MS).then(resolve);
    });
  }
}

function drop(tx: Tx, id: string): void {
  tx.remove(keys.savingOf(id));
  tx.remove(keys.sealed(id));
}

async function sealed(
  place: { request: string; client_id: string },
  plain: Uint8Array,
): Promise<SealedDraft> {
  try {
    return await sealDraft(place, plain);
  } catch (error) {
    if (error instanceof DraftTooLong) throw new NotPossible("draft-too-long");
    throw error;
  }
}
