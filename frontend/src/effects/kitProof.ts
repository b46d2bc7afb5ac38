/**
 * That a person still holds the paper of their recovery kit: shown to this browser alone, which
 * opens the newest backup with what is typed. The server hears that it did, never the key.
 */

import { ApiError, isPassing } from "../api/errors";
import { hex, sha256, utf8 } from "../bytes";
import { KitRefused, openBackup, readSecret, sealingOf } from "../crypto/recoveryKit";
import type { Backup } from "../state/backup";
import { type KitDue, kitDue, putOffFrom } from "../state/kitDue";
import { keys } from "../store/records";
import type { Deps } from "./deps";
import type { Opened } from "./opening";
import { NotPossible } from "./problems";

export type { KitDue } from "../state/kitDue";

/** So often the newest is fetched again because another browser keeps one meanwhile. */
const ROUNDS = 3;

/** What a kit opened. */
export type KitChecked = {
  /** When the backup was made. */
  madeAt: string;
  /** How many people are in it as verified, and how many logs with how far they were followed. */
  people: number;
  logs: number;
  /** False: the server hears of it at the next connection. */
  told: boolean;
};

/** @throws {NotPossible} kit-other, if something else sealed it */
export async function backupIn(
  sealing: Uint8Array,
  person: string,
  body: Uint8Array,
): Promise<Backup> {
  try {
    return JSON.parse(utf8.decode(await openBackup(sealing, person, body))) as Backup;
  } catch (error) {
    if (error instanceof KitRefused) throw new NotPossible("kit-other");
    throw error;
  }
}

export class KitProof {
  constructor(
    private readonly deps: Deps,
    private readonly opened: Opened,
  ) {}

  /** Whether to remind the person; a proof that nobody was told of is told first. */
  async due(): Promise<KitDue> {
    await this.tell();
    const [record, proof, there] = await Promise.all([
      this.opened.vault.read(keys.kit),
      this.opened.vault.read(keys.kitProof),
      this.deps.api.kit(),
    ]);
    return kitDue({
      kept: there.kept_at !== null,
      provenOn: there.proven_on,
      provenHere: record?.replaced === true ? null : (record?.provenAt ?? null),
      later: proof?.later ?? null,
      now: this.deps.clock(),
    });
  }

  async putOff(): Promise<void> {
    await this.opened.inTurn(async (tx) => {
      const later = putOffFrom(this.deps.clock());
      tx.put(keys.kitProof, { ...(await tx.get(keys.kitProof)), later });
    });
  }

  /**
   * Open the newest backup with the eight groups of the paper. Nothing that is kept here changes by
   * it, but for when the kit was proven.
   *
   * @throws {NotPossible} kit-wrong (a group is mistyped), kit-other, kit-empty
   */
  async check(typed: readonly string[]): Promise<KitChecked> {
    const { secret } = readSecret(typed);
    if (secret === null) throw new NotPossible("kit-wrong");
    const sealing = await sealingOf(secret);
    secret.fill(0);
    try {
      for (let round = 1; ; round += 1) {
        const { body, made_at } = await this.deps.api.backup();
        if (made_at === null) throw new NotPossible("kit-empty");
        const backup = await backupIn(sealing, this.opened.person.id, body);
        const gone = !(await this.passed(hex.encode(await sha256(body)), sealing));
        if (gone && round < ROUNDS) continue;
        const { untold } = (await this.opened.vault.read(keys.kitProof)) ?? {};
        const [people, logs] = [backup.verified.length, Object.keys(backup.notes).length];
        return { madeAt: made_at, people, logs, told: !gone && untold === undefined };
      }
    } finally {
      sealing.fill(0);
    }
  }

  /**
   * The kit opened, or has just sealed, the backup with this SHA-256 (hex); false if the server says
   * that it keeps another one. `sealing`: of what was typed, to be noted if it is this browser's kit.
   */
  async passed(backup: string, sealing?: Uint8Array): Promise<boolean> {
    await this.opened.inTurn(async (tx) => {
      tx.put(keys.kitProof, { untold: backup });
      const kit = await tx.get(keys.kit);
      if (kit === undefined || sealing === undefined || !isSame(kit.sealing, sealing)) return;
      tx.put(keys.kit, { ...kit, provenAt: new Date(this.deps.clock()).toISOString() });
    });
    return this.tell();
  }

  /**
   * Tell the server of a proof that it has not heard of; what fails is tried again later. One after
   * the other, in all tabs: each time it hears of one is an act in the log.
   */
  tell(): Promise<boolean> {
    return this.deps.locks.run(`casehub-kit-proof-${this.opened.person.id}`, () =>
      this.#tellOnce(),
    );
  }

  async #tellOnce(): Promise<boolean> {
    const proof = await this.opened.vault.read(keys.kitProof);
    if (proof?.untold === undefined) return true;
    let there = true;
    try {
      await this.deps.api.proveKit(proof.untold);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "kit-proof-other") {
        if (!isPassing(error)) this.deps.report?.(error);
        return true;
      }
      there = false;
    }
    await this.opened.inTurn(async (tx) => {
      const { untold, ...rest } = (await tx.get(keys.kitProof)) ?? {};
      if (untold === proof.untold) tx.put(keys.kitProof, rest);
    });
    return there;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
