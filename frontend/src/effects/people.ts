/** Who may stand in a leaf: the chains of signed statements, fetched, verified and kept. */

import type { Api } from "../api/api";
import type { WireStatement } from "../api/schema";
import type { LeafCheck, Roster } from "../crypto/engine";
import { readStatement, type Statement, StatementMalformed } from "../crypto/statements";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import { type ChainReason, Directory, type Roots, type Verdict } from "../verify/chain";
import { identityOf } from "./roster";

/**
 * Reasons that did not hold when an older log entry was made, perhaps: the log is followed past
 * them, and such a leaf is taken out before anything more is sent to it.
 */
const SINCE_THEN: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "person-revoked",
  "device-revoked",
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

  /** Those of `people` about whom nothing was asked in this session. */
  unknown(people: readonly string[]): string[] {
    return people.filter((person) => !this.#fetched.has(person));
  }

  #judge(leaf: { credential: Uint8Array; signatureKey: Uint8Array }): Verdict {
    return this.#directory().leaf(leaf);
  }

  #directory(): Directory {
    const read = [...this.#statements.values()].map((statement) => statement.read);
    return new Directory(read, this.roots, this.clock());
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
