/** Who may stand in a leaf: the chains of signed statements, fetched, verified and kept. */

import type { Api } from "../api/api";
import type { WireStatement } from "../api/schema";
import { b64u, hex, sha256, utf8 } from "../bytes";
import type { LeafCheck, Member, Roster } from "../crypto/engine";
import { readStatement, type Statement, StatementMalformed } from "../crypto/statements";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import type { ChainReason, Roots } from "../verify/chain";
import { Directory, type Verdict } from "../verify/chain/unordered";
import { identityOf } from "./roster";

/**
 * Reasons that did not hold when an older log entry was made, perhaps: the log is followed past
 * them, and such a leaf is taken out before anything more is sent to it. New leaves are judged more
 * strictly: {@link People.unfit} before this device adds one, {@link People.lapsed} for others' adds.
 */
const SINCE_THEN: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "person-revoked",
  "device-revoked",
  "designation-expired",
  "device-expired",
]);

/** Those of them that a revocation gives. */
const REVOKED: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "person-revoked",
  "device-revoked",
]);

/** Those of them that the statements date themselves. */
const LAPSED: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "designation-expired",
  "device-expired",
]);

/** Whoever signed something at some moment, by the chain behind their device. */
export type Signer = {
  readonly key: Uint8Array;
  readonly state: string;
  /** What they were designated as at that moment; empty if they were not in office then. */
  readonly roles: ReadonlySet<string>;
  /** What they are designated as now, or were last. */
  readonly rolesNow: ReadonlySet<string>;
  /** What ended since, and when, in milliseconds; null while both are in force. */
  readonly lapsed: { readonly what: "designation" | "device"; readonly at: number } | null;
};

/** A device in force, as its person's signed statement says. */
export type DeviceInForce = {
  device: string;
  serial: string;
  /** Ed25519 and X25519, 32 bytes each. */
  signatureKey: Uint8Array;
  historyKey: Uint8Array;
  /** Milliseconds since 1970. */
  until: number;
};

/** A leaf that may not come in, and why. */
export type Barred = { leaf: Member; why: ChainReason };

/** Where a commit stands in time, as far as this device can tell. */
export type Moment = {
  /** When the host took it, in milliseconds: never before what it had taken before. */
  at: number;
  /** Names of the revocations that this device held when the commit was not in the log yet. */
  held: ReadonlySet<string>;
};

type Known = { wire: WireStatement; read: Statement; name: string };

/** Persons in one question; the server answers at most 200. */
const AT_ONCE = 150;

export class People {
  readonly #statements = new Map<string, Known>();
  readonly #fetched = new Set<string>();
  #unsaved = false;

  constructor(
    private readonly api: Api,
    private readonly roots: Roots,
    private readonly clock: () => number,
  ) {}

  /** Take the statements kept on this device; their signatures are verified again. */
  async load(vault: Vault): Promise<void> {
    await this.#learn(((await vault.read(keys.statements)) ?? []) as WireStatement[]);
    this.#unsaved = false;
  }

  /** Keep what was learned, beside what other tabs have kept meanwhile. */
  async save(tx: Tx): Promise<void> {
    if (!this.#unsaved) return;
    await this.recall(tx);
    this.#unsaved = false;
    const all = [...this.#statements.values()];
    tx.put(
      keys.statements,
      all.map(({ wire }) => wire),
    );
    const held = { ...(await tx.get(keys.held)) };
    for (const { read, name } of all) {
      if (read.type === "revocation") held[name] ??= tx.nextRevision;
    }
    tx.put(keys.held, held);
  }

  /** Take what any tab has kept. */
  async recall(tx: Tx): Promise<void> {
    const unsaved = this.#unsaved;
    await this.#learn(((await tx.get(keys.statements)) ?? []) as WireStatement[]);
    this.#unsaved = unsaved;
  }

  /** The statements about these persons, as they travel. */
  about(people: readonly string[]): WireStatement[] {
    return [...this.#statements.values()]
      .filter(({ read }) => "person" in read.fields && people.includes(read.fields.person))
      .map(({ wire }) => wire);
  }

  /** Fetch what there is about `people` now, revocations included. @throws {Unreachable} */
  async refresh(people: readonly string[]): Promise<void> {
    const asked = [...new Set(people)];
    for (let at = 0; at < asked.length; at += AT_ONCE) {
      const some = asked.slice(at, at + AT_ONCE);
      await this.#learn(await this.api.chains(some));
      for (const person of some) this.#fetched.add(person);
    }
  }

  /** The engine's hook, for every leaf that a join or a commit brings. */
  readonly check: LeafCheck = async (leaf) => {
    let verdict = this.#judge(leaf);
    if (!verdict.ok && verdict.why !== "malformed") {
      const { person } = identityOf(leaf.credential);
      if (!this.#fetched.has(person) || verdict.why === "no-device") {
        await this.refresh([person]);
        verdict = this.#judge(leaf);
      }
    }
    return verdict.ok || SINCE_THEN.has(verdict.why);
  };

  /** The members who, as far as is known now, must not read what is sent next. */
  unfit(roster: Roster): Roster {
    const directory = this.#directory();
    return roster.filter((leaf) => !directory.leaf(leaf).ok);
  }

  /** What stands against a leaf now; null if nothing does. */
  whyNot(leaf: { credential: Uint8Array; signatureKey: Uint8Array }): ChainReason | null {
    const verdict = this.#judge(leaf);
    return verdict.ok ? null : verdict.why;
  }

  /**
   * Those whom no honest host lets in by a commit of that moment: whose time was over, or whose
   * revocation the host itself had given to this device before it took the commit. When a
   * revocation was *signed* says nothing here: it may have become known long after, and then who
   * catches up must not be stopped. What is sent is kept from such a leaf by `unfit`.
   *
   * @throws {Unreachable}
   */
  async barred(added: Roster, moment: Moment): Promise<Barred[]> {
    if (this.#barred(added, moment).length === 0) return [];
    // Perhaps it was prolonged since it was last asked for.
    await this.refresh(added.map((leaf) => identityOf(leaf.credential).person));
    return this.#barred(added, moment);
  }

  #barred(added: Roster, { at, held }: Moment): Barred[] {
    const then = this.#directory(at);
    const of = ({ read, name }: Known) => read.type !== "revocation" || held.has(name);
    // The host dates its entries itself: a revocation counts whether it is judged as of now or then.
    const stopping = [this.#directory(this.clock(), of), this.#directory(at, of)];
    return added.flatMap((leaf): Barred[] => {
      for (const verdict of stopping.map((directory) => directory.leaf(leaf))) {
        if (!verdict.ok && REVOKED.has(verdict.why)) return [{ leaf, why: verdict.why }];
      }
      const verdict = then.leaf(leaf);
      return !verdict.ok && LAPSED.has(verdict.why) ? [{ leaf, why: verdict.why }] : [];
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
    // Perhaps it was prolonged since it was last asked for.
    if (known !== null && known.lapsed === null) return known;
    await this.refresh([person]);
    return this.#signer(person, device, at);
  }

  #signer(person: string, device: string, at: number): Signer | null {
    const directory = this.#directory();
    // What cannot be dated was not said while anybody was in office.
    const then = this.#directory(Number.isNaN(at) ? Number.POSITIVE_INFINITY : at);
    for (const { read } of this.#statements.values()) {
      if (read.type !== "device") continue;
      const { fields } = read;
      if (fields.person !== person || fields.device !== device) continue;
      const { state, serial } = fields;
      const signatureKey = b64u.decode(fields.signature_key);
      const historyKey = b64u.decode(fields.history_key);
      const identity = { state, person, device, signatureKey, historyKey, serial };
      const verdict = directory.device(identity);
      if (!verdict.ok && !LAPSED.has(verdict.why)) continue;
      const roles = then.device(identity).ok ? then.rolesOf(person) : new Set<string>();
      const rolesNow = directory.rolesOf(person);
      const lapsed = verdict.ok
        ? null
        : verdict.why === "device-expired"
          ? ({ what: "device", at: fields.until } as const)
          : ({ what: "designation", at: directory.designatedUntil(person) } as const);
      return { key: signatureKey, state, roles, rolesNow, lapsed };
    }
    return null;
  }

  /**
   * The devices of a person that are in force now, each once: of several statements under one
   * serial the one that ends last.
   */
  devicesOf(person: string): DeviceInForce[] {
    const directory = this.#directory();
    const found = new Map<string, DeviceInForce>();
    for (const { read } of this.#statements.values()) {
      if (read.type !== "device" || read.fields.person !== person) continue;
      const { device, serial, state, from, until } = read.fields;
      const signatureKey = b64u.decode(read.fields.signature_key);
      const historyKey = b64u.decode(read.fields.history_key);
      const identity = { state, person, device, signatureKey, historyKey, serial };
      if (!directory.device(identity).ok) continue;
      if (from > this.clock() || until <= (found.get(device)?.until ?? this.clock())) continue;
      found.set(device, { device, serial, signatureKey, historyKey, until });
    }
    return [...found.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
  }

  /** Those of `people` about whom nothing was asked in this session. */
  unknown(people: readonly string[]): string[] {
    return people.filter((person) => !this.#fetched.has(person));
  }

  #judge(leaf: { credential: Uint8Array; signatureKey: Uint8Array }): Verdict {
    return this.#directory().leaf(leaf);
  }

  #directory(now = this.clock(), counts: (one: Known) => boolean = () => true): Directory {
    const read = [...this.#statements.values()].filter(counts).map((known) => known.read);
    return new Directory(read, this.roots, now);
  }

  async #learn(wires: readonly WireStatement[]): Promise<void> {
    for (const wire of wires) {
      const whole = `${wire.type} ${wire.body} ${wire.signatures.map((s) => s.signature).join(" ")}`;
      if (this.#statements.has(whole)) continue;
      try {
        const read = await readStatement(wire);
        const name = hex.encode(await sha256(utf8.encode(whole)));
        this.#statements.set(whole, { wire, read, name });
        this.#unsaved = true;
      } catch (error) {
        if (!(error instanceof StatementMalformed)) throw error;
      }
    }
  }
}
