/**
 * The recovery kit and what it seals: what this person has found out about others and the log.
 *
 * Never a device's keys or MLS states, and no messages: those are in nobody's backup. The key of
 * the paper stays here only until it was proven to be on paper; then no more than what seals.
 */

import { ApiError } from "../api/errors";
import { hex, sha256, utf8 } from "../bytes";
import {
  groupsOf,
  markOf,
  newSecret,
  readGroup,
  readSecret,
  sealBackup,
  sealingOf,
} from "../crypto/recoveryKit";
import { type Backup, mergeNotes, mergeVerified, taken } from "../state/backup";
import { LogMemory } from "../store/log";
import type { KitRecord, VerifiedRecord } from "../store/own";
import { keys } from "../store/records";
import type { Deps, Preferences } from "./deps";
import { backupIn, KitProof } from "./kitProof";
import type { LogWatch } from "./log/watch";
import type { Opened } from "./opening";
import { NotPossible } from "./problems";

/** So often at once it is kept again because of other browsers; then at the next connection. */
const ROUNDS = 6;

export type KitView = {
  /** Eight groups to be printed; empty once they were proven to be on paper. */
  groups: readonly string[];
  madeAt: string | null;
  provenAt: string | null;
  keptAt: string | null;
  /** Whether the newest backup lacks what was verified since. */
  behind: boolean;
  /** Another browser has made another kit since: what this one has is kept no more. */
  replaced: boolean;
};

export class Kit {
  constructor(
    private readonly deps: Deps,
    private readonly opened: Opened,
    private readonly watch: LogWatch | null,
    private readonly preferences: Preferences | null,
  ) {}

  async view(): Promise<KitView> {
    const record = await this.opened.vault.read(keys.kit);
    const waits = waiting(record);
    return {
      groups: waits ? groupsOf(waits.secret) : [],
      madeAt: waits?.madeAt ?? record?.madeAt ?? null,
      provenAt: record?.provenAt ?? null,
      keptAt: record?.kept?.at ?? null,
      behind: record?.behind === true,
      replaced: record?.replaced === true,
    };
  }

  /** A kit to print: the one that waits to be proven, or a new one. */
  async make(anew = false): Promise<KitView> {
    await this.opened.inTurn(async (tx) => {
      const known = await tx.get(keys.kit);
      if (waiting(known) && !anew) return;
      const secret = newSecret();
      const sealing = await sealingOf(secret);
      const next = { secret, sealing, madeAt: new Date(this.deps.clock()).toISOString() };
      // One that is on paper goes on until the next one is: a sheet that nobody proves ends nothing.
      tx.put(keys.kit, known?.provenAt === undefined ? next : { ...known, next });
    });
    return this.view();
  }

  /**
   * The person typed these groups back from paper; true if they are the kit's. From then on only
   * the paper has the key, and what it seals is kept at the server, which takes a fresh proof of who
   * they are: until it has heard of this kit nothing changes, and the kit waits as it was.
   */
  async prove(typed: ReadonlyMap<number, string>): Promise<boolean> {
    const waits = waiting(await this.opened.vault.read(keys.kit));
    if (waits === null) throw new NotPossible("kit-gone");
    if (!isTyped(waits.secret, typed)) return false;
    await this.deps.api.makeKit(await markOf(waits.sealing));
    await this.opened.inTurn(async (tx) => {
      const now = await tx.get(keys.kit);
      // Another tab has made another one.
      if (now === undefined || waiting(now)?.madeAt !== waits.madeAt) {
        throw new NotPossible("kit-gone");
      }
      const { sealing, madeAt } = waits;
      const provenAt = new Date(this.deps.clock()).toISOString();
      const former = sealedBy(now);
      tx.put(keys.kit, { sealing, madeAt, provenAt, ...(former && { former }) });
    });
    await this.keep();
    await this.#tell();
    return true;
  }

  /** Bring the backup up to date; nothing if nothing is new, or there is no kit. */
  async keep(): Promise<void> {
    // Again while somebody is verified meanwhile, here or in another browser of the person's.
    for (let round = 0; round < ROUNDS; round += 1) {
      if (!(await this.#keepOnce())) return;
    }
  }

  /** Keep what was not kept yet: whom the backup does not know of, or all that a new kit seals. */
  async keepVerified(): Promise<void> {
    const record = await this.opened.vault.read(keys.kit);
    if (record?.behind === true || record?.kept?.marked !== true) await this.keep();
    await new KitProof(this.deps, this.opened).tell();
  }

  /** Answers whether it has to be kept once more. */
  async #keepOnce(): Promise<boolean> {
    const record = await this.opened.vault.read(keys.kit);
    if (record?.provenAt === undefined || record.replaced === true) return false;
    const backup = await this.#collect(record.kept?.notes ?? {});
    const plain = utf8.encode(JSON.stringify(backup));
    const digest = hex.encode(await sha256(plain));
    const { kept: before } = record;
    const isNew = before?.digest !== digest || before.marked !== true || record.behind === true;
    if (!isNew) return false;
    const body = await sealBackup(record.sealing, this.opened.person.id, plain);
    const mark = await markOf(record.sealing);
    let at: string;
    try {
      at = await this.deps.api.keepBackup(body, record.kept?.sealed ?? "", mark);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "";
      // The mark of one from before marks is told after the next sign-in, whose proof is fresh.
      if (code === "step-up-needed") return false;
      if (code === "kit-replaced") return this.#end(record);
      if (code === "backup-changed") return this.#takeOver(record);
      throw error;
    }
    const sealed = hex.encode(await sha256(body));
    return this.opened.inTurn(async (tx) => {
      const now = await tx.get(keys.kit);
      if (now?.madeAt !== record.madeAt) return false; // another kit seals the next one
      const behind = JSON.stringify(await this.#verified()) !== JSON.stringify(backup.verified);
      const { former: _, ...rest } = now;
      const { verified, notes } = backup;
      const kept = { digest, at, sealed, verified, notes, opens: true, marked: true };
      tx.put(keys.kit, { ...rest, kept, behind });
      return behind;
    });
  }

  /** Another kit is the person's: what this one seals is kept no more. */
  async #end(record: KitRecord): Promise<false> {
    await this.opened.inTurn(async (tx) => {
      const now = await tx.get(keys.kit);
      if (now?.madeAt === record.madeAt) tx.put(keys.kit, { ...now, replaced: true });
    });
    return false;
  }

  /**
   * Another browser of the person's has kept something since: take it over, to be kept with what is
   * here. Answers whether it is to be kept then.
   *
   * What neither this kit opens nor the one before is written over by a kit that was made just now;
   * a kit that did open what was there before has been replaced by another one, and is at its end.
   */
  async #takeOver(record: KitRecord): Promise<boolean> {
    const { body, made_at } = await this.deps.api.backup();
    const sealed = made_at === null ? "" : hex.encode(await sha256(body));
    const theirs = made_at === null ? null : await this.#openOwn(record, body);
    const notes = theirs?.backup.notes ?? {};
    return this.opened.inTurn(async (tx) => {
      const now = await tx.get(keys.kit);
      if (now?.madeAt !== record.madeAt) return false;
      const opened = now.kept !== undefined && now.kept.opens !== false;
      if (made_at !== null && theirs === null && opened) {
        tx.put(keys.kit, { ...now, replaced: true });
        return false;
      }
      const mine = await this.#verified();
      const there = theirs?.backup.verified ?? [];
      const { verified = [], notes: before = {}, at: since = now.madeAt } = now.kept ?? {};
      const all = taken({ verified, notes: before, at: since }, mine, theirs?.backup ?? null);
      const people = new Set(all.map(({ person }) => person));
      for (const { person } of mine) if (!people.has(person)) tx.remove(keys.verified(person));
      for (const one of all) tx.put(keys.verified(one.person), one);
      const at = made_at ?? now.kept?.at ?? now.madeAt;
      const opens = theirs?.by === "kit";
      const kept = { digest: "", at, sealed, verified: there, opens, notes };
      tx.put(keys.kit, { ...now, kept, behind: true });
      return true;
    });
  }

  /** What this kit has sealed, or the one before it; null if neither did. */
  async #openOwn(
    { sealing, former }: KitRecord,
    body: Uint8Array,
  ): Promise<{ backup: Backup; by: "kit" | "former" } | null> {
    for (const [by, key] of [["kit", sealing] as const, ["former", former] as const]) {
      if (key === undefined) continue;
      try {
        return { backup: await this.#open(key, body), by };
      } catch (error) {
        if (!(error instanceof NotPossible)) throw error;
      }
    }
    return null;
  }

  /**
   * Take what the kit on paper seals; answers how many people were verified.
   *
   * @throws {NotPossible} kit-wrong (a group is mistyped), kit-other, kit-empty
   */
  async restore(typed: readonly string[]): Promise<number> {
    const { secret } = readSecret(typed);
    if (secret === null) throw new NotPossible("kit-wrong");
    const { body, made_at } = await this.deps.api.backup();
    if (made_at === null) throw new NotPossible("kit-empty");
    const sealing = await sealingOf(secret);
    secret.fill(0);
    const backup = await this.#open(sealing, body);
    // A checkpoint that does not fit the log that is followed here is an alarm, not a restoration.
    for (const note of Object.values(backup.notes)) await this.watch?.agree(note);
    const now = new Date(this.deps.clock()).toISOString();
    await this.opened.inTurn(async (tx) => {
      for (const one of backup.verified) {
        const known = await tx.get(keys.verified(one.person));
        if (known === undefined || known.at < one.at) tx.put(keys.verified(one.person), one);
      }
      const sealed = hex.encode(await sha256(body));
      const { verified, notes } = backup;
      const kept = { digest: "", at: made_at, sealed, verified, opens: true, notes };
      const here = await this.#verified(); // whom this browser alone knows is kept, too
      const behind = JSON.stringify(mergeVerified([], here, verified)) !== sorted(verified);
      tx.put(keys.kit, { sealing, madeAt: now, provenAt: now, kept, behind });
    });
    await this.keepVerified().catch((error: unknown) => this.deps.report?.(error));
    await this.#tell();
    if (backup.preferences !== null) this.preferences?.write(backup.preferences);
    return backup.verified.length;
  }

  /** What was just typed from paper, and what it seals, are the person's: that is a proof too. */
  async #tell(): Promise<void> {
    const sealed = (await this.opened.vault.read(keys.kit))?.kept?.sealed;
    if (sealed) await new KitProof(this.deps, this.opened).passed(sealed);
  }

  #open(sealing: Uint8Array, body: Uint8Array): Promise<Backup> {
    return backupIn(sealing, this.opened.person.id, body);
  }

  /** What is to be sealed; `there`: checkpoints that another browser has kept. */
  async #collect(there: Readonly<Record<string, string>>): Promise<Backup> {
    const held = this.watch ? await new LogMemory(this.deps.store).load() : new Map();
    const notes = [...held].filter(([name]) => name.startsWith("note/"));
    return {
      v: 1,
      person: this.opened.person.id,
      notes: mergeNotes(Object.fromEntries(notes), there),
      verified: await this.#verified(),
      preferences: this.preferences?.read() ?? null,
    };
  }

  async #verified(): Promise<VerifiedRecord[]> {
    return (await this.opened.vault.list(keys.allVerified)).map(([, one]) => one);
  }
}

function sorted(verified: readonly VerifiedRecord[]): string {
  return JSON.stringify(mergeVerified([], verified, []));
}

type Waiting = NonNullable<KitRecord["next"]>;

/** The kit that is made and not proven to be on paper; null if there is none. */
function waiting(record: KitRecord | undefined): Waiting | null {
  if (record === undefined) return null;
  const { secret, sealing, madeAt, next } = record;
  return next ?? (secret ? { secret, sealing, madeAt } : null);
}

/** What sealed the backup that lies at the server, as far as this browser knows. */
function sealedBy(record: KitRecord): Uint8Array | undefined {
  if (record.replaced === true) return undefined;
  if (record.kept === undefined && record.former !== undefined) return record.former;
  return record.provenAt === undefined ? undefined : record.sealing;
}

function isTyped(secret: Uint8Array, typed: ReadonlyMap<number, string>): boolean {
  const groups = groupsOf(secret);
  const isRight = ([at, text]: [number, string]) => {
    const [read, group] = [readGroup(at, text), groups[at]];
    return read !== null && group !== undefined && same4(read, readGroup(at, group));
  };
  return typed.size > 0 && [...typed].every(isRight);
}

function same4(one: Uint8Array, other: Uint8Array | null): boolean {
  return other !== null && one.every((byte, at) => byte === other[at]);
}
