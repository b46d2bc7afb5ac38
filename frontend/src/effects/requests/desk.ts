/** Everything about requests that runs for a signed-in person. */

import { isPassing } from "../../api/errors";
import type { Draft } from "../../rules/book";
import type { Core } from "../core";
import { NotPossible } from "../core";
import type { Drafts } from "../drafts";
import type { DraftView } from "../requestViews";
import type { Sending } from "../sending";
import type { Sync } from "../sync";
import { Attesting } from "./attesting";
import { Comments, commentsOf } from "./comments";
import { Papers } from "./papers";
import { Rows } from "./rows";
import { Saving } from "./saving";
import { Texts } from "./texts";
import { Turns } from "./turns";
import { DraftMalformed, type Malformed, type Opened, Versions } from "./versions";

/** After the last look at a draft: a walk to another of its pages is no reason to save. */
const LEAVE_MS = 5_000;
/** At the end of a session; what is not at the server by then is on the disk. */
const FAREWELL_MS = 3_000;

const AGAIN_MS = [4_000, 8_000] as const;

type Listener = (view: DraftView) => void;
type Watched = { listeners: Set<Listener>; told: DraftView | null };

export class RequestDesk {
  readonly rows: Rows;
  readonly turns: Turns;
  readonly texts: Texts;
  readonly saving: Saving;
  readonly versions: Versions;
  readonly comments: Comments;
  readonly attesting: Attesting;
  readonly papers: Papers;
  readonly #watched = new Map<string, Watched>();
  /** Drafts looked into in this session: the first look is an act, and logged. */
  readonly #looks = new Map<string, Promise<void>>();
  /** What somebody began at this desk, who stays in it: its first turn is theirs to give back. */
  readonly #begun = new Set<string>();
  /** Acts under way that open one. */
  readonly #openings = new Set<Promise<string>>();
  /** Why the newest version is not shown, by request. */
  readonly #wrong = new Map<string, string>();
  readonly #following = new Map<string, { again: boolean }>();
  #telling = false;

  constructor(
    private readonly core: Core,
    sync: Sync,
    sending: Sending,
    isOffline: () => boolean,
    drafts: Drafts,
  ) {
    this.rows = new Rows(core);
    this.turns = new Turns(core, this.rows);
    this.texts = new Texts(core);
    this.saving = new Saving(core, sending, this.rows, this.texts, isOffline);
    this.versions = new Versions(core, sync, this.rows);
    this.comments = new Comments(core, sending, this.rows, drafts);
    this.attesting = new Attesting(core, this.rows, this.saving, this.versions);
    this.papers = new Papers(core, this);
    this.rows.changed = () => this.#looked();
    this.texts.changed = () => this.#tellSoon();
    this.saving.changed = (id) => {
      this.#tellSoon();
      this.follow(id);
    };
    core.mirror.onChange(() => this.#tellSoon());
  }

  /** Told now, as soon as there is something to show, and whenever it changes. */
  on(id: string, listener: Listener): () => void {
    const watched = this.#watched.get(id) ?? { listeners: new Set(), told: null };
    this.#watched.set(id, watched);
    watched.listeners.add(listener);
    const view = this.view(id);
    if (view !== null) listener(view);
    void this.#look(id).catch((error) => {
      if (!isPassing(error)) this.core.report(error);
    });
    this.follow(id);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0 || this.#watched.get(id) !== watched) return;
      this.#watched.delete(id);
      this.#begun.delete(id);
      // The turn stays theirs: who looks something up in a thread comes back to write it down.
      if (this.turns.keeps(id)) this.core.after(LEAVE_MS, () => void this.#walked(id));
    };
  }

  edit(id: string, draft: Draft): void {
    this.texts.edit(id, draft);
    this.turns.touch(id);
    this.saving.soon(id);
  }

  async take(id: string): Promise<void> {
    await this.turns.take(id);
    if (this.texts.get(id)?.dirty) this.saving.soon(id);
  }

  async give(id: string): Promise<void> {
    await this.texts.flush(id);
    await this.turns.give(id);
  }

  /** The own text becomes the next version, on top of the one that came between. */
  async keepMine(id: string): Promise<void> {
    const { version } = this.rows.get(id);
    await this.texts.rebase(id, version, await this.versions.idOf(id, version));
    await this.saving.save(id);
  }

  /** Go on from the newest version; the own text is kept aside. */
  async takeTheirs(id: string): Promise<void> {
    const above = this.texts.get(id)?.base ?? 0;
    const { opened, malformed } = await this.versions.newest(id, above);
    this.#found(id, malformed);
    // The own text never gives way to what cannot be shown.
    if (opened === null && malformed !== null) throw new DraftMalformed(malformed);
    if (opened === null) throw new NotPossible("version-key-missing");
    await this.texts.giveWay(id, opened);
  }

  /**
   * The newest version that is at the server and can be read here, for another request to start
   * from; unsaved text is not in it, so that a number says what was taken.
   *
   * @throws {NotPossible} `version-key-missing`, `not-found`: nothing was ever saved.
   * @throws {DraftMalformed} none of those that can be read is a draft.
   */
  async newest(id: string): Promise<Opened> {
    if (this.rows.get(id).version === 0) throw new NotPossible("not-found");
    await this.#look(id);
    const { opened, malformed } = await this.versions.newest(id);
    if (opened !== null) return opened;
    // Nothing newer can be shown than what the text here goes on from.
    const base = this.texts.get(id)?.base ?? 0;
    const here = base > 0 ? await this.versions.open(id, base) : null;
    if (here !== null) return here;
    if (malformed !== null) throw new DraftMalformed(malformed);
    throw new NotPossible("version-key-missing");
  }

  /** Entries were applied to a circle. */
  applied(circle: string): void {
    this.saving.applied(circle);
    const request = this.core.mirror.requests.find((one) => one.circle === circle);
    if (request !== undefined) this.follow(request.id);
  }

  /** Go on with what an earlier moment began. */
  resume(): void {
    this.saving.resume();
    for (const { id, version, drafter, turn } of this.core.mirror.requests) {
      const record = this.core.mirror.drafting.get(id);
      if (!record?.dirty || this.core.mirror.saving.has(id)) continue;
      if (this.rows.isMine(id)) this.saving.now(id);
      else if (version === 0 && drafter === this.core.person && turn === null) {
        void this.#begin(id).then(() => this.#left(id));
      }
    }
  }

  /**
   * Somebody here opens a request, by an act of several steps; its first version is owed once they
   * are done.
   */
  async begin(opening: Promise<{ readonly id: string }>): Promise<string> {
    const opened = opening.then(({ id }) => {
      this.#begun.add(id);
      return id;
    });
    this.#openings.add(opened);
    try {
      const id = await opened;
      await this.#begin(id);
      return id;
    } finally {
      this.#openings.delete(opened);
    }
  }

  /** Save the first version, which the opening of the request owes. */
  async #begin(id: string): Promise<void> {
    try {
      await this.turns.take(id);
    } catch (error) {
      if (isPassing(error)) this.#again(() => void this.#begin(id));
      else this.core.report(error);
      return;
    }
    this.saving.now(id);
  }

  /** The session ends: the turns are others' to take. */
  async leave(): Promise<void> {
    await this.texts.flush();
    const away = this.turns.kept().map((id) => this.#away(id).catch(() => undefined));
    await Promise.race([Promise.all(away), this.core.sleep(FAREWELL_MS)]);
  }

  /** Colleagues see what was written so far. */
  async #walked(id: string): Promise<void> {
    if (this.#watched.has(id) || !this.turns.keeps(id)) return;
    if (this.texts.get(id)?.dirty) await this.saving.save(id).catch(() => undefined);
  }

  /** A first version was saved that nobody waits for: nobody is at the desk. */
  async #left(id: string): Promise<void> {
    const stays = () => this.#watched.has(id) || this.#begun.has(id);
    // Coming back may meet an act that opens it, and is still letting the others in.
    await Promise.allSettled(this.#openings);
    if (stays() || !this.turns.keeps(id)) return;
    if (this.texts.get(id)?.dirty) await this.saving.save(id).catch(() => undefined);
    // Back again while that took its time, or here all along: coming back met their opening it.
    if (stays()) return;
    await this.turns.give(id).catch((error) => this.core.report(error));
  }

  async #away(id: string): Promise<void> {
    if (this.texts.get(id)?.dirty) await this.saving.save(id).catch(() => undefined);
    await this.turns.give(id);
  }

  /** Logged the first time in a session, before anything is read. */
  #look(id: string): Promise<void> {
    const look =
      this.#looks.get(id) ??
      this.rows.ask(() => this.core.api.openedRequest(id), id).then(() => {});
    this.#looks.set(id, look);
    return look.catch((error) => {
      this.#looks.delete(id);
      throw error;
    });
  }

  #again(act: () => void): void {
    this.core.after(this.core.spread(...AGAIN_MS), act);
  }

  /** The server told what requests are like now. */
  #looked(): void {
    for (const id of this.#watched.keys()) this.follow(id);
    for (const id of this.core.mirror.drafting.keys()) {
      // The turn is there after all: its taking was not answered, or another device took it.
      const waits = this.saving.state(id).error?.startsWith("turn-");
      if (waits && this.rows.isMine(id)) this.saving.soon(id);
    }
  }

  /** Bring a draft that somebody looks at up to the newest version, if nothing here would be lost. */
  follow(id: string): void {
    if (!this.#watched.has(id)) return;
    const running = this.#following.get(id);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const run = { again: false };
    this.#following.set(id, run);
    void this.#follow(id, run).finally(() => this.#following.delete(id));
  }

  async #follow(id: string, run: { again: boolean }): Promise<void> {
    do {
      run.again = false;
      try {
        await this.#newest(id);
        if (this.core.mirror.request(id) !== undefined) await this.attesting.check(id);
      } catch (error) {
        this.#unfollowed(id, error);
      }
    } while (run.again && !this.core.over);
  }

  #unfollowed(id: string, error: unknown): void {
    if (isPassing(error)) {
      this.#again(() => this.follow(id));
    } else if (error instanceof NotPossible) {
      this.#wrong.set(id, error.code);
      this.core.mirror.changed();
    } else this.core.report(error);
  }

  async #newest(id: string): Promise<void> {
    const { mirror } = this.core;
    await this.#notRolledBack(id);
    const row = mirror.request(id);
    if (row === undefined || mirror.threads.get(row.circle)?.status !== "active") return;
    const here = this.texts.get(id);
    if (mirror.malformed.get(id)?.version !== row.version) this.#found(id, null);
    else return; // looked at before
    if (row.version === 0 || mirror.saving.has(id) || here?.dirty) return;
    if ((here?.base ?? 0) >= row.version) return void this.#wrong.delete(id);
    const { opened, missing, malformed } = await this.versions.newest(id, here?.base ?? 0);
    this.#found(id, malformed);
    if (opened !== null) await this.texts.replace(id, opened);
    if (missing) this.#wrong.set(id, "version-key-missing");
    else this.#wrong.delete(id);
    mirror.changed();
  }

  #found(id: string, malformed: Malformed | null): void {
    const { mirror } = this.core;
    if (malformed === null) mirror.malformed.delete(id);
    else mirror.malformed.set(id, malformed);
    mirror.changed();
  }

  /** What members said of versions, against what the server shows when asked after that. */
  async #notRolledBack(id: string): Promise<void> {
    const row = this.core.mirror.request(id);
    if (row === undefined || this.rows.isRolledBack(row)) return;
    const proven = await this.versions.proven(id, row.version);
    if (proven <= row.version) return;
    await this.rows.refresh();
    this.rows.proven(id, proven);
  }

  view(id: string): DraftView | null {
    const { mirror, person } = this.core;
    const row = mirror.request(id);
    const text = this.texts.get(id);
    if (row === undefined || text === undefined) return null;
    const { saving, error } = this.saving.state(id);
    const why = error ?? this.#whyNotShown(id);
    // A version of our own may be there whose answer has not come yet.
    const known = text.base + (mirror.saving.has(id) ? 1 : 0);
    return {
      draft: text.draft,
      base: text.base,
      dirty: text.dirty,
      saving,
      ...(why !== undefined && { error: why }),
      savedAt: row.saved_at,
      behind: row.version > known,
      turnLost: this.turns.isLost(id),
      comments: commentsOf(mirror, row.circle, person),
      attestation: this.attesting.verdict(row),
    };
  }

  #whyNotShown(id: string): string | undefined {
    const row = this.core.mirror.request(id);
    if (row !== undefined && this.rows.isRolledBack(row)) return "draft-rolled-back";
    return this.#wrong.get(id);
  }

  #tellSoon(): void {
    if (this.#telling || this.#watched.size === 0) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      for (const [id, watched] of [...this.#watched]) this.#tell(id, watched);
    });
  }

  #tell(id: string, watched: Watched): void {
    const view = this.view(id);
    if (view === null || (watched.told !== null && isSame(view, watched.told))) return;
    watched.told = view;
    for (const listener of watched.listeners) listener(view);
  }
}

function isSame(a: DraftView, b: DraftView): boolean {
  const { draft: one, ...rest } = a;
  const { draft: other, ...others } = b;
  return one === other && JSON.stringify(rest) === JSON.stringify(others);
}
