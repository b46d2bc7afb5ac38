/** Who may stand in a leaf: as the directory's log says, replayed on this device. */

import { isPassing } from "../api/errors";
import type { Person, Stopped, WireStatement } from "../api/schema";
import { b64u } from "../bytes";
import type { LeafCheck, Member, Roster } from "../crypto/engine";
import type { FunctionCode } from "../crypto/functions";
import type { Tx, Vault } from "../store/vault";
import type { AsOf, ChainReason, Directory, Verdict } from "../verify/chain";
import { type DeviceInForce, devicesInForce } from "./directory/devices";
import type { DirectoryLog } from "./directory/log";
import { isBehind, type LastStated, requireAgreed, type Stated } from "./directory/stated";
import { isSigned, judgedStop, type StoppedSince } from "./directory/stops";
import { boundThen, functionsOf } from "./directory/then";
import { NotPossible } from "./problems";
import { identityOf } from "./roster";

/**
 * Reasons that did not hold when an older log entry was made, perhaps: the log is followed past
 * them, and such a leaf is taken out before anything more is sent to it. New leaves are judged more
 * strictly: {@link People.unfit} before this device adds one, {@link People.lapsed} for others' adds.
 */
const SINCE_THEN: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "person-revoked",
  "device-revoked",
  "state-stopped",
  "reads-no-more",
  "designation-expired",
  "device-expired",
]);

/** Those of them that a statement gives, by its place in the log. */
const REVOKED: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "person-revoked",
  "device-revoked",
  "state-stopped",
  "reads-no-more",
]);

/** Those of them that the statements date themselves. */
const LAPSED: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "designation-expired",
  "device-expired",
]);

/** For how long whoever's designation is over still reads their cases: casehub/directory/limits.py. */
const READING_MS = 7 * 24 * 3_600_000;

/** Whoever signed something at some moment, by the chain behind their device. */
export type Signer = {
  readonly key: Uint8Array;
  readonly state: string;
  /** The office that their designation at that moment names; "" if they were in none. */
  readonly office: string;
  /** What they were designated as at that moment; empty if they were not in office then. */
  readonly roles: ReadonlySet<string>;
  /** What they are designated as now, or were last. */
  readonly rolesNow: ReadonlySet<string>;
  /** What ended since, and when, in milliseconds; null while both are in force. */
  readonly lapsed: { readonly what: "designation" | "device"; readonly at: number } | null;
};

/** A leaf that may not come in, and why. */
export type Barred = { leaf: Member; why: ChainReason | "person-limited" };

/** Where a commit stands in time, as far as this device can tell. */
export type Moment = {
  /** When the host took it, in milliseconds: never before what it had taken before. */
  at: number;
  /** How much of the directory this device knew when the commit was not in the log yet. */
  size: number;
  /** How much of it the commit itself states; null where it states nothing. */
  stated: number | null;
  /** Whether it is of a case that several States read. */
  shared: boolean;
};

/** What somebody is called: signed, or only said by the server. */
export type Called = { name: string; post: string; verified: boolean };

type Leaf = { credential: Uint8Array; signatureKey: Uint8Array };

/** A device that was named a moment ago is in the log before long. */
const TRIES_MS = [250, 500, 1_000, 2_000] as const;

export class People {
  constructor(
    private readonly log: DirectoryLog,
    private readonly clock: () => number,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** How much of the directory's log is known here. */
  get size(): number {
    return this.log.size;
  }

  /** Which log is replayed here, and how far. */
  directoryHere(): { log: string; size: number } {
    return { log: this.log.origin, size: this.log.size };
  }

  /** What this device has replayed, to be stated in a commit; null where it follows no log. */
  async stated(): Promise<Stated | null> {
    const { origin, size } = this.log;
    const root = origin === "" ? null : await this.log.rootAt(size);
    return root && { log: origin, size, root };
  }

  isBehind(stated: Stated): boolean {
    return isBehind(this.log, stated);
  }

  /** Hold what a commit states against what is replayed here: {@link requireAgreed}. */
  requireAgreed(last: LastStated | undefined, stated: Stated | null, returning: boolean) {
    return requireAgreed(this.log, last, stated, returning);
  }

  /**
   * Follow the log as far as a commit states, `patient`ly or with one look; whether it came to that.
   *
   * @throws {Unreachable}
   */
  async reached({ log, size }: Stated, patient: boolean): Promise<boolean> {
    const there = () => this.log.origin === log && this.log.size >= size;
    for (const pause of patient ? TRIES_MS : [0]) {
      await this.log.refresh(log);
      if (there()) return true;
      await this.sleep(pause);
    }
    return false;
  }

  /** @throws {NotPossible} `log-unchecked`, if the directory here was cosigned a day ago. */
  requireFresh(): void {
    if (this.log.isOld(this.clock())) throw new NotPossible("log-unchecked");
  }

  load(vault: Vault): Promise<void> {
    return this.log.load(vault);
  }

  /** Keep what was learned, beside what other tabs have kept meanwhile. */
  save(tx: Tx): Promise<void> {
    return this.log.save(tx);
  }

  /** Take what any tab has kept. */
  recall(tx: Tx): Promise<void> {
    return this.log.recall(tx);
  }

  /** The statements about these persons, as they travel. */
  about(people: readonly string[]): WireStatement[] {
    return this.log.about(people);
  }

  /** Follow the log to its newest checkpoint. @throws {Unreachable} */
  refresh(): Promise<void> {
    return this.log.refresh();
  }

  /** All of it that is known, after a look; what is known, where that is not possible now. */
  async replayed(): Promise<Directory> {
    try {
      await this.log.refresh();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    return this.log.directory;
  }

  /** Follow it as far as the watch has looked, without another look. @throws {Unreachable} */
  advance(): Promise<void> {
    return this.log.advance();
  }

  /** Follow it until these devices stand in it, or a few seconds long. @throws {Unreachable} */
  async untilKnown(devices: readonly string[]): Promise<void> {
    const lacking = () => devices.some((one) => this.log.directory.deviceNamed(one) === null);
    await this.log.refresh();
    for (const pause of TRIES_MS) {
      if (!lacking()) return;
      await this.sleep(pause);
      await this.log.refresh();
    }
  }

  /** The engine's hook, for every leaf that a join or a commit brings. */
  readonly check: LeafCheck = async (leaf) => {
    let verdict = this.#judge(leaf);
    if (!verdict.ok && verdict.why !== "malformed" && !SINCE_THEN.has(verdict.why)) {
      await this.untilKnown([identityOf(leaf.credential).device]);
      verdict = this.#judge(leaf);
    }
    return verdict.ok || SINCE_THEN.has(verdict.why);
  };

  /** Those who, as far as is known now, must not be let in. */
  unfit(roster: Roster): Roster {
    return roster.filter((leaf) => !this.#judge(leaf).ok);
  }

  /**
   * The members who, as far as is known now, must not read what is sent next. Whose designation is
   * over reads on for a week, if nothing else is against them.
   */
  unfitToRead(roster: Roster): Roster {
    const now = this.clock();
    return roster.filter((leaf) => !this.#judge(leaf, { now, grace: READING_MS }).ok);
  }

  /** From when on all of them may be let into what several States read; null if they may now. */
  limitedUntil(roster: Roster, now = this.clock()): number | null {
    const waits = roster.flatMap((leaf) => {
      const { person } = identityOf(leaf.credential);
      const found = this.log.directory.standing(person, { now });
      return found.ok && found.bound.effective > now ? [found.bound.effective] : [];
    });
    return waits.length > 0 ? Math.max(...waits) : null;
  }

  /** What stands against a leaf now; null if nothing does. */
  whyNot(leaf: Leaf): ChainReason | null {
    const verdict = this.#judge(leaf);
    return verdict.ok ? null : verdict.why;
  }

  /**
   * Those whom no honest host lets in by a commit of that moment: whose time was over, who was not
   * to join several States yet, or whose end stood in the log as far as this device knew it before
   * the host took the commit. What is sent is kept from such a leaf by `unfit`.
   *
   * @throws {Unreachable}
   */
  async barred(added: Roster, moment: Moment): Promise<Barred[]> {
    if (this.#barred(added, moment).length === 0) return [];
    // Perhaps it was prolonged since it was last looked at.
    await this.log.refresh();
    return this.#barred(added, moment);
  }

  #barred(added: Roster, { at, size, stated, shared }: Moment): Barred[] {
    return added.flatMap((leaf): Barred[] => {
      if (stated !== null) {
        // Its author had replayed so much, and lets in whom that does not name, or stops.
        const named = this.#judge(leaf, { now: at, size: stated });
        if (!named.ok && !LAPSED.has(named.why)) return [{ leaf, why: named.why }];
      }
      // The host dates its entries itself: an end counts whether it is judged as of now or then.
      for (const now of [this.clock(), at]) {
        const before = this.#judge(leaf, { now, size });
        if (!before.ok && REVOKED.has(before.why)) return [{ leaf, why: before.why }];
      }
      const then = this.#judge(leaf, { now: at });
      if (!then.ok && LAPSED.has(then.why)) return [{ leaf, why: then.why }];
      const early = shared && this.limitedUntil([leaf], at) !== null;
      return early ? [{ leaf, why: "person-limited" }] : [];
    });
  }

  /**
   * Whoever signed with a device at `at` (milliseconds), if the chain behind it holds or held until
   * its time was over; not if it was revoked: then no date says which signatures are the person's.
   *
   * @throws {Unreachable}
   */
  async signer(person: string, device: string, at: number): Promise<Signer | null> {
    const known = this.#signer(person, device, at);
    // Perhaps it was prolonged since it was last looked at.
    if (known !== null && known.lapsed === null) return known;
    await this.log.refresh();
    return this.#signer(person, device, at);
  }

  /**
   * Whose device it is and its key, by what its person has signed; `stopped` if that was ended since,
   * or they were. Null where nobody vouched for it.
   */
  owner(device: string): { person: string; key: Uint8Array; stopped: boolean } | null {
    const { directory } = this.log;
    const fields = directory.deviceNamed(device);
    if (fields === null) return null;
    const { person, state, serial } = fields;
    const signatureKey = b64u.decode(fields.signature_key);
    const historyKey = b64u.decode(fields.history_key);
    const identity = { state, person, device, signatureKey, historyKey, serial };
    const verdict = directory.device(identity, { now: this.clock() });
    const stopped = !verdict.ok && REVOKED.has(verdict.why);
    if (!verdict.ok && !stopped && !LAPSED.has(verdict.why)) return null;
    return { person, key: signatureKey, stopped };
  }

  #signer(person: string, device: string, at: number): Signer | null {
    const { directory } = this.log;
    const fields = directory.deviceNamed(device);
    if (fields === null || fields.person !== person) return null;
    const { state, serial } = fields;
    const signatureKey = b64u.decode(fields.signature_key);
    const historyKey = b64u.decode(fields.history_key);
    const identity = { state, person, device, signatureKey, historyKey, serial };
    const now = { now: this.clock() };
    // What cannot be dated was not said while anybody was in office.
    const then = { now: Number.isNaN(at) ? Number.POSITIVE_INFINITY : at };
    const verdict = directory.device(identity, now);
    if (!verdict.ok && !LAPSED.has(verdict.why)) return null;
    // By the term that counted then: one that came later, whatever day it names, is no earlier one.
    const held = directory.device(identity, then).ok ? boundThen(directory, person, then.now) : [];
    const roles = new Set(held.flatMap((bound) => [...bound.roles]));
    const today = directory.standing(person, now);
    const rolesNow = today.ok ? today.bound.roles : new Set<string>();
    const lapsed = verdict.ok ? null : this.#lapse(verdict.why, person, fields.until, now);
    const office = held.at(-1)?.office ?? "";
    return { key: signatureKey, state, office, roles, rolesNow, lapsed };
  }

  #lapse(why: ChainReason, person: string, device: number, now: AsOf): Signer["lapsed"] {
    if (why === "device-expired") return { what: "device", at: device };
    const found = this.log.directory.standing(person, now);
    return { what: "designation", at: found.ok ? found.bound.until : 0 };
  }

  /** What somebody is called by signed statements; as the server says, where there are none. */
  called(person: string, said: { name: string; post: string }): Called {
    const named = this.log.directory.named(person);
    const { name, post } = named ?? said;
    return { name, post, verified: named !== null };
  }

  /** A person of the server's list: named and stopped, and what they do, as far as that is signed. */
  shown(person: Person): Person & Called {
    const functions = functionsOf(this.log.directory, person.id, this.clock());
    return { ...person, ...this.called(person.id, person), functions, ...this.stopped(person) };
  }

  /** Whether somebody's signed designation, in force now, carries a function. */
  carries(person: string, what: FunctionCode): boolean {
    return this.log.directory.carries(person, what, { now: this.clock() });
  }

  /**
   * Whether somebody's designation carried a function for a State at `at` (milliseconds), when the
   * server took what they said: by the log as it was then, whatever was given or taken since.
   */
  carried(person: string, state: string, what: FunctionCode, at: number): boolean {
    const { directory } = this.log;
    const found = directory.person(person, { now: at, size: directory.sizeAt(at) });
    return found.ok && found.bound.state === state && found.bound.functions.has(what);
  }

  /** What the server says that stops a person, and whether it is signed. */
  stopped<S extends Stopped | null>({ id, stopped }: { id: string; stopped: S }): { stopped: S } {
    return { stopped: judgedStop(this.log.directory, id, stopped) };
  }

  /** Of persons who were taken out for a stop that began then. */
  stoppedSince(people: readonly string[], at: string): StoppedSince {
    const { directory } = this.log;
    return { at, signed: people.every((person) => isSigned(directory, person, at)) };
  }

  /**
   * Since when persons had been stopped whose stop is lifted by now, but who have no device again:
   * what is taken out of a thread then is what the stop had ended. Null if that is not so of all.
   */
  endedByStop(people: readonly string[]): string | null {
    const since = people.flatMap((person) => {
      const last = Math.max(...this.log.directory.stops(person));
      return this.devicesOf(person).length === 0 && Number.isFinite(last) ? [last] : [];
    });
    if (since.length === 0 || since.length < people.length) return null;
    return new Date(Math.min(...since)).toISOString();
  }

  /** Of devices that were taken out for a stop of their own that began then. */
  devicesStopped(devices: readonly string[], at: string): StoppedSince {
    const { directory } = this.log;
    return { at, signed: devices.every((device) => directory.isEnded(device)) };
  }

  /** Who is of a State's coordination, as far as that is signed; `now` in milliseconds. */
  coordinatorsOf(state: string, now: number): string[] {
    return [...this.log.directory.hands(state, { now }).coordinators.keys()];
  }

  /** Whether one of these persons is in no statement that is known here. */
  lacks(people: readonly string[]): boolean {
    return people.some((person) => this.log.directory.named(person) === null);
  }

  #judge(leaf: Leaf, as: AsOf = { now: this.clock() }): Verdict {
    return this.log.directory.leaf(leaf, as);
  }

  /** The devices of a person that are in force now. */
  devicesOf(person: string): DeviceInForce[] {
    return devicesInForce(this.log.directory, person, this.clock());
  }
}
