/**
 * Watching the public log from this browser: each checkpoint must extend the one believed before.
 *
 * The policy says whose signatures count. It is compiled into the bundle (ADR 5) or, where none is, the
 * first one seen is kept and may only grow. Either learns of another key of a log by the statement that the
 * key believed before has signed. What is believed outlives a reload and a sign-out. Anything that
 * contradicts it is an alarm on every page, and acts that change trust wait for a person to have looked.
 */

import { isPassing } from "../../api/errors";
import type { LogApi } from "../../api/log";
import { isBehind, isOverdue, isTooLong, timeOf, type Unchecked } from "../../state/logCheck";
import type { LogMemory } from "../../store/log";
import { checkpointIn } from "../../verify/tlog/checkpoint";
import type { Evidence } from "../../verify/tlog/evidence";
import { Forked, follow } from "../../verify/tlog/follow";
import { learnedFrom, statementsIn } from "../../verify/tlog/grown";
import { type Opened, Policy } from "../../verify/tlog/policy";
import { originsOf } from "../../verify/tlog/promise";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import { NotPossible } from "../core";
import { type Deps, systemTimers } from "../deps";
import { type Alarm, alarmText, evidenceOf, parseAlarm, sizeOf, stronger } from "./alarm";
import {
  type Accusation,
  accusing,
  type Believed,
  type BelievedDirectory,
  believedDirectory,
  type Changes,
  grownBy,
  isDirectory,
  type Look,
  notesIn,
  raise,
  readPolicy,
  refusalOf,
  type Watched,
  watchedBy,
} from "./believed";
import { LogFiles } from "./files";

const EVERY_MS = 60_000;
/** After a look that cannot be finished. */
const AGAIN_MS = 10_000;
const LOCK = "casehub-log";

/** What is looked at: everything, or the directory's log alone between two looks at everything. */
type Extent = "all" | "directory";

export class LogWatch {
  alarm: Alarm | null = null;
  /** What contradicted once and no longer does. */
  past: Alarm | null = null;
  /** When everything was last found to hold, in milliseconds. */
  checked: number | null = null;
  /** The first look ever, where nothing was found to hold yet. */
  #began: number | null = null;
  /** The last look was not finished, or not everything held. */
  failing = false;
  /** What witnesses had cosigned a day ago is handed out still. */
  behind = false;
  logs: Watched[] = [];
  policy: Policy | null = null;
  /** Acts that wait for their proofs now, and how many have done so in vain. */
  settling = 0;
  unsettled = 0;
  /** An alarm that the disk has not taken yet. */
  #unwritten: string | null = null;
  readonly #files: LogFiles;
  readonly #looking = new Map<Extent, Promise<void>>();
  #cancel: () => void = () => undefined;
  #over = false;

  constructor(
    private readonly deps: Deps,
    private readonly api: LogApi,
    private readonly memory: LogMemory,
    private readonly changed: () => void,
  ) {
    this.#files = new LogFiles(api);
  }

  followed: () => void = () => undefined;

  /** What may be read of the directory's log now; null before anything was believed. */
  async directory(): Promise<BelievedDirectory | null> {
    const held = await this.memory.load();
    return believedDirectory(held, this.policy, (one) => this.#files.reader(one));
  }

  /** What the directory's log is said to hold does not fit it; null when it does again. */
  async accuse(found: Accusation): Promise<void> {
    if (found === null && this.alarm?.evidence.opening === undefined) return;
    await this.#locked(async ({ text: policy }, changes) => {
      const known = { policy, seen: new Date(this.deps.clock()).toISOString() };
      accusing(found, await this.memory.load(), known, changes);
    });
    this.changed();
  }

  /** From now on, until {@link stop}. */
  start(): void {
    void this.look();
  }

  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  get pinned(): boolean {
    return this.deps.logPolicy != null;
  }

  /**
   * Look now; calls meanwhile share it. Never rejects: what is found is in the fields.
   *
   * Whoever waits for an entry of the directory looks at its log alone, while everything was found
   * to hold within the minute: that is no such finding itself, and ends no alarm. Where the
   * directory does not hold, everything is looked at at once.
   */
  look(asked: Extent = "all"): Promise<void> {
    const extent = this.#isFresh ? asked : "all";
    const looking = this.#looking.get("all") ?? this.#looking.get(extent);
    if (looking !== undefined) return looking;
    const look = this.#lookOnce(extent).finally(() => this.#looking.delete(extent));
    this.#looking.set(extent, look);
    return look;
  }

  get #isFresh(): boolean {
    if (this.policy === null || this.failing || this.alarm !== null) return false;
    return this.checked !== null && this.deps.clock() - this.checked < EVERY_MS;
  }

  /** For so long nothing was found to hold; `since` is null before the first look. */
  get unchecked(): Unchecked {
    return { since: this.checked ?? this.#began, now: this.deps.clock() };
  }

  /**
   * Nobody is let in: unlooked at for a day, or nothing but what was cosigned a day ago was ever
   * seen here. Whoever shows a frozen log shows it to the browser that has nothing to compare.
   */
  get tooLong(): boolean {
    return isTooLong(this.unchecked) || (this.behind && this.checked === null);
  }

  /** @throws {NotPossible} while something contradicts what was believed, or too long unlooked at. */
  requireSound(): void {
    if (this.alarm !== null) throw new NotPossible(this.alarm.code);
    if (this.tooLong) throw new NotPossible("log-unchecked");
  }

  /** The same, after a look where the last is not of now: a device may have been off for days. */
  async requireSoundNow(): Promise<void> {
    if (this.checked === null || isOverdue(this.unchecked)) await this.look();
    this.requireSound();
  }

  /**
   * That a checkpoint handed out elsewhere is of the history that is followed here.
   *
   * @throws {Malformed} if it is none.
   * @throws {Unproven} if it is not; then there is an alarm, if signatures show it.
   */
  async agree(note: string): Promise<Opened> {
    return this.#locked(async (believed, changes) => {
      const { origin, size } = checkpointIn(note);
      const kept = believed.notes.get(origin) ?? null;
      const sizeKept = kept === null ? 0 : sizeOf(kept);
      const older = size < sizeKept ? await believed.policy.open(note) : null;
      const [before, after] = older === null ? [kept, note] : [note, kept ?? note];
      try {
        const newest = await this.#files.judged(origin, (read) =>
          follow(believed.policy, origin, before, after, read),
        );
        if (size > sizeKept) changes.set(`note/${origin}`, note);
        return older ?? newest;
      } catch (error) {
        if (error instanceof Forked) {
          const look = { believed, changes, sound: false };
          raise(look, evidenceOf(error, origin, this.#seen(look)));
        }
        throw error;
      }
    });
  }

  /** Forget everything and begin with what the server says now: only a person decides that. */
  async startAnew(): Promise<void> {
    if (this.pinned) throw new NotPossible("log-pinned");
    await this.deps.locks.run(LOCK, async () => {
      const names = [...(await this.memory.load()).keys()];
      await this.memory.write(new Map(names.map((name) => [name, null])));
      this.alarm = this.#unwritten = null;
      this.#began = null;
    });
    await this.look();
  }

  async #lookOnce(extent: Extent): Promise<void> {
    const isAll = extent === "all";
    if (isAll) this.#cancel();
    let whole = false;
    this.#began ??= this.deps.clock();
    try {
      whole = await this.#locked((believed, changes) =>
        isAll ? this.#followAll(believed, changes) : this.#followDirectory(believed, changes),
      );
    } catch (error) {
      if (!isPassing(error)) this.deps.report?.(error);
    }
    if (!isAll && !whole) return this.look();
    this.failing = !whole;
    this.changed();
    if (this.#over) return;
    this.followed();
    if (!isAll) return;
    const timers = this.deps.timers ?? systemTimers;
    this.#cancel = timers.after(whole ? EVERY_MS : AGAIN_MS, () => void this.look());
  }

  /**
   * What is believed is read, compared and written with no other tab between: one that was given a
   * newer checkpoint meanwhile must not make an older answer look like a rollback.
   */
  #locked<T>(task: (believed: Believed, changes: Changes) => Promise<T>): Promise<T> {
    return this.deps.locks.run(LOCK, async () => {
      const held = await this.memory.load();
      const changes: Changes = new Map();
      const [kept, unwritten] = [parseAlarm(held.get("alarm")), parseAlarm(this.#unwritten)];
      if (unwritten !== null && (kept === null || stronger(unwritten, kept))) {
        held.set("alarm", alarmText(unwritten));
        changes.set("alarm", alarmText(unwritten));
      }
      this.#show(held);
      if (!held.has("began")) changes.set("began", String(this.#began ?? this.deps.clock()));
      try {
        return await task(await this.#believe(held, changes), changes);
      } finally {
        for (const [key, text] of changes) {
          if (text === null) held.delete(key);
          else held.set(key, text);
        }
        // Before it is written: a disk that is full must not silence it.
        this.#show(held);
        this.#unwritten = held.get("alarm") ?? null;
        await this.memory.write(changes);
        this.#unwritten = null;
      }
    });
  }

  #show(held: ReadonlyMap<string, string>): void {
    const was = this.alarm;
    const now = this.deps.clock();
    this.alarm = parseAlarm(held.get("alarm")) ?? parseAlarm(held.get("directory"));
    this.past = parseAlarm(held.get("past"));
    this.checked = timeOf(held.get("checked"), now);
    this.#began = timeOf(held.get("began"), now) ?? this.#began;
    if (was?.code !== this.alarm?.code) this.changed();
  }

  async #believe(held: ReadonlyMap<string, string>, changes: Changes): Promise<Believed> {
    const notes = notesIn(held);
    let alarm = parseAlarm(held.get("alarm"));
    const text = this.deps.logPolicy ?? held.get("policy") ?? (await this.api.policy());
    const pinnedAnew = this.pinned && held.get("policy") !== text;
    if (pinnedAnew && alarm !== null) {
      // The keepers' word came with the bundle: the log that was in alarm is begun anew.
      changes.set("past", alarmText(alarm)).set("alarm", null);
      changes.set(`note/${alarm.origin}`, null);
      notes.delete(alarm.origin);
      alarm = null;
    }
    await readPolicy(text, changes, this.deps.clock());
    if (held.get("policy") !== text) changes.set("policy", text);
    const known = this.pinned ? await learnedFrom(text, held.get("rotations") ?? "") : text;
    this.policy = await Policy.parse(known ?? text);
    return { policy: this.policy, text: known ?? text, notes, alarm };
  }

  /** Answers whether every log could be judged, and holds. */
  async #followAll(given: Believed, changes: Changes): Promise<boolean> {
    const look: Look = { believed: given, changes, sound: true };
    await this.#comparePolicy(look);
    await this.#files.learnNames();
    const logs: Watched[] = [];
    for (const origin of originsOf(look.believed.policy)) {
      const watched = await this.#judge(look, origin, await this.#files.newest(origin));
      if (watched !== null) logs.push(watched);
    }
    this.logs = logs;
    const now = this.deps.clock();
    const shown = logs.map(({ origin }) => origin);
    this.behind = logs.some(({ origin, at }) => isBehind(origin, at, now, shown));
    const { alarm } = look.believed;
    if (look.sound && alarm !== null && !alarm.lasting) {
      changes.set("past", alarmText(alarm)).set("alarm", null);
    }
    // Where there is nothing to be seen, nothing was found to hold.
    const whole = look.sound && !this.behind && logs.length > 0;
    if (whole) changes.set("checked", String(now));
    return whole;
  }

  /** Answers whether the directory's log holds, which alone is looked at. */
  async #followDirectory(believed: Believed, changes: Changes): Promise<boolean> {
    const look: Look = { believed, changes, sound: true };
    for (const origin of originsOf(believed.policy).filter(isDirectory)) {
      const note = await this.#files.newest(origin);
      // A key that followed, or a witness that came, is in a policy that was not asked for yet.
      const refused = note && (await refusalOf(look.believed.policy, note, this.#seconds));
      if (refused !== null) await this.#comparePolicy(look);
      const now = await this.#judge(look, origin, note);
      this.logs = this.logs.map((one) => (one.origin === now?.origin ? now : one));
    }
    return look.sound;
  }

  /** What a log comes to by its newest checkpoint, which is kept then; null if by none. */
  async #judge(look: Look, origin: string, note: string | null): Promise<Watched | null> {
    const kept = look.believed.notes.get(origin) ?? null;
    if (note === null) {
      // What a signed checkpoint was handed out of does not become nothing.
      if (kept !== null) this.#find(look, "gone", origin, kept, null);
      return null;
    }
    const opened = await this.#followOne(look, origin, kept, note);
    if (opened === null) return null;
    if (note !== kept) look.changes.set(`note/${origin}`, note);
    return watchedBy(look.believed.policy, opened);
  }

  /** Null if it does not hold, or cannot be judged: each log's files accuse that log alone. */
  async #followOne(
    look: Look,
    origin: string,
    kept: string | null,
    note: string,
  ): Promise<Opened | null> {
    const { policy } = look.believed;
    const refused = look.sound ? await refusalOf(policy, note, this.#seconds) : null;
    if (refused instanceof Unproven) this.#find(look, "unproven", origin, kept, note);
    look.sound &&= refused === null;
    try {
      return await this.#files.judged(origin, (read) =>
        follow(policy, origin, kept, note, read, this.#seconds),
      );
    } catch (error) {
      look.sound = false;
      if (error instanceof Forked) raise(look, evidenceOf(error, origin, this.#seen(look)));
      if (error instanceof Unproven || error instanceof Malformed) return null;
      throw error;
    }
  }

  /** In seconds since 1970. */
  get #seconds(): number {
    return Math.floor(this.deps.clock() / 1_000);
  }

  /** The server's policy may only grow; from it a bundle's own only learns which key follows. */
  async #comparePolicy(look: Look): Promise<void> {
    const { believed } = look;
    const served = await this.api.policy();
    const grown = await grownBy(believed, served, this.pinned);
    if (grown === null) {
      this.#find(look, "policy", originsOf(believed.policy)[0] ?? "", null, served);
    } else if (grown.text !== believed.text) {
      if (this.pinned) look.changes.set("rotations", statementsIn(grown.text));
      else look.changes.set("policy", grown.text);
      this.policy = grown.policy;
      look.believed = { ...believed, ...grown };
    }
  }

  #seen({ believed }: Look): Pick<Evidence, "policy" | "seen"> {
    return { policy: believed.text, seen: new Date(this.deps.clock()).toISOString() };
  }

  #find(
    look: Look,
    why: Evidence["why"],
    origin: string,
    before: string | null,
    note: string | null,
  ): void {
    look.sound = false;
    raise(look, { why, origin, before, after: note, path: null, ...this.#seen(look) });
  }
}
