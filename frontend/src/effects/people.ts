/** Who may stand in a leaf: the chains of signed statements, fetched, verified and kept. */

import type { Api } from "../api/api";
import type { WireStatement } from "../api/schema";
import { b64u } from "../bytes";
import type { LeafCheck, Roster } from "../crypto/engine";
import { readStatement, type Statement, StatementMalformed } from "../crypto/statements";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import { type ChainReason, Directory, type Roots, type Verdict } from "../verify/chain";
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

/** Those of them that the statements date themselves. */
type DeviceKey = {
  readonly key: Uint8Array;
  readonly state: string;
  readonly roles: ReadonlySet<string>;
};

const LAPSED: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "designation-expired",
  "device-expired",
]);

/** Persons in one question; the server answers at most 200. */
const AT_ONCE = 150;

export class People {
  readonly #statements = new Map<string, { wire: WireStatement; read: Statement }>();
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

  save(tx: Tx): void {
    if (!this.#unsaved) return;
    this.#unsaved = false;
    tx.put(
      keys.statements,
      [...this.#statements.values()].map(({ wire }) => wire),
    );
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

  /**
   * The leaves whose time was over at `at` already, when the host took the commit that added them:
   * no honest host does. Revocations say when they were signed, not when they became known, so
   * that they came too late cannot be told here; what is sent is kept from such a leaf by `unfit`.
   *
   * @throws {Unreachable}
   */
  async lapsed(added: Roster, at: number): Promise<Roster> {
    if (this.#lapsed(added, at).length === 0) return [];
    // Perhaps it was prolonged since it was last asked for.
    await this.refresh(added.map((leaf) => identityOf(leaf.credential).person));
    return this.#lapsed(added, at);
  }

  #lapsed(added: Roster, at: number): Roster {
    const directory = this.#directory(at);
    return added.filter((leaf) => {
      const verdict = directory.leaf(leaf);
      return !verdict.ok && LAPSED.has(verdict.why);
    });
  }

  /**
   * The key under which a person's device signs, and their State, if the chain behind it holds or
   * held until its time was over; not if it was revoked.
   *
   * @throws {Unreachable}
   */
  async deviceKey(person: string, device: string): Promise<DeviceKey | null> {
    const known = this.#deviceKey(person, device);
    if (known !== null) return known;
    await this.refresh([person]);
    return this.#deviceKey(person, device);
  }

  #deviceKey(person: string, device: string): DeviceKey | null {
    const directory = this.#directory();
    for (const { read } of this.#statements.values()) {
      if (read.type !== "device") continue;
      const { fields } = read;
      if (fields.person !== person || fields.device !== device) continue;
      const { state, serial } = fields;
      const signatureKey = b64u.decode(fields.signature_key);
      const historyKey = b64u.decode(fields.history_key);
      const verdict = directory.device({ state, person, device, signatureKey, historyKey, serial });
      if (!verdict.ok && !LAPSED.has(verdict.why)) continue;
      return { key: signatureKey, state, roles: directory.rolesOf(person) };
    }
    return null;
  }

  /** Those of `people` about whom nothing was asked in this session. */
  unknown(people: readonly string[]): string[] {
    return people.filter((person) => !this.#fetched.has(person));
  }

  #judge(leaf: { credential: Uint8Array; signatureKey: Uint8Array }): Verdict {
    return this.#directory().leaf(leaf);
  }

  #directory(now = this.clock()): Directory {
    const read = [...this.#statements.values()].map((statement) => statement.read);
    return new Directory(read, this.roots, now);
  }

  async #learn(wires: readonly WireStatement[]): Promise<void> {
    for (const wire of wires) {
      const name = `${wire.type} ${wire.body} ${wire.signatures.map((s) => s.signature).join(" ")}`;
      if (this.#statements.has(name)) continue;
      try {
        this.#statements.set(name, { wire, read: await readStatement(wire) });
        this.#unsaved = true;
      } catch (error) {
        if (!(error instanceof StatementMalformed)) throw error;
      }
    }
  }
}
