/**
 * Making the group follow who is entitled, as far as that is this device's to do.
 *
 * The server's word is enough to take a leaf out, and to let a further device of a member in, also
 * in the place of the only one. A new person comes in only by an act of this device's owner (`invited`); whom a signed stop had
 * taken out comes back once it is lifted by signatures (docs/adr/0024).
 */

import { ApiError, isPassing } from "../api/errors";
import type { ThreadInfo } from "../api/schema";
import { keys, type ThreadRecord } from "../store/records";
import type { Commits, Outcome } from "./commits";
import type { Core } from "./core";
import { awaited } from "./returning";
import { Strangers } from "./strangers";
import type { Sync } from "./sync";

const SOON_MS = [2_000, 6_000] as const;
const WEEK_MS = 7 * 24 * 3_600_000;
const RENEW_AFTER_MESSAGES = 500;

export class Reconcile {
  readonly #planned = new Set<string>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #strangers: Strangers;

  constructor(
    private readonly core: Core,
    private readonly sync: Sync,
    private readonly commits: Commits,
  ) {
    this.#strangers = new Strangers(core);
  }

  /** Look at a thread after a moment that differs from member to member. */
  plan(circle: string): void {
    if (this.#planned.has(circle)) return;
    this.#planned.add(circle);
    this.core.after(this.core.spread(...SOON_MS), () => {
      this.#planned.delete(circle);
      void this.look(circle).catch((error) => this.core.report(error));
    });
  }

  /** Look at it now, because it is time to. */
  look(circle: string): Promise<Outcome> {
    return this.byItself(circle, () => this.run(circle));
  }

  /** What nobody asked for: a thread that its person reads no more is no fault of it. */
  async byItself(circle: string, act: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await act();
    } catch (error) {
      if (await this.sync.isLost(circle, error)) return "nothing";
      throw error;
    }
  }

  /** Look at it now: the owner of this device has just acted. */
  async run(circle: string): Promise<Outcome> {
    const thread = this.core.mirror.threads.get(circle);
    if (thread?.status !== "active" || thread.rolledBack) return "nothing";
    const info = await this.core.api.thread(circle);
    return this.follow(circle, info);
  }

  /** One at a time per thread: two at once would claim key packages twice. */
  follow(circle: string, info: ThreadInfo): Promise<Outcome> {
    const turn = (this.#turns.get(circle) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#follow(circle, info));
    this.#turns.set(circle, turn);
    return turn;
  }

  async #follow(circle: string, info: ThreadInfo): Promise<Outcome> {
    const entitled = new Map(
      info.entitled.flatMap(({ person, devices }) => devices.map((device) => [device, person])),
    );
    await this.sync.catchUp(circle);
    const thread = this.core.mirror.threads.get(circle);
    if (thread?.status !== "active") return "nothing";
    if (this.#leaving(thread, entitled).length > 0) {
      // Why they go is noted as their commit is read: by what was signed until then.
      await this.core.people.refresh();
      await this.#remember(circle, entitled);
      await this.commits.change(circle, async (now) => {
        const devices = this.#leaving(now, entitled);
        return devices.length > 0 ? { kind: "remove", devices } : null;
      });
    }
    return this.#letIn(circle, entitled);
  }

  /** Leaves that must go: but never this device's own, which others take out. */
  #leaving(thread: ThreadRecord, entitled: ReadonlyMap<string, string>): string[] {
    const own = this.core.device.device;
    return thread.roster
      .filter(({ device, person }) => device !== own && entitled.get(device) !== person)
      .map(({ device }) => device);
  }

  /**
   * A member whose leaf goes while another device of theirs is entitled stays one: written down
   * before the leaf goes, for without it nothing in the group tells that they were in.
   */
  #remember(circle: string, entitled: ReadonlyMap<string, string>): Promise<void> {
    return this.core.exclusive(async (tx) => {
      const now = await tx.get(keys.thread(circle));
      if (now?.status !== "active") return;
      const able = new Set(entitled.values());
      const gone = new Set(this.#leaving(now, entitled));
      const staying = new Set(
        now.roster.filter(({ device }) => !gone.has(device)).map(({ person }) => person),
      );
      const moved = now.roster
        .filter(
          ({ device, person }) => gone.has(device) && able.has(person) && !staying.has(person),
        )
        .map(({ person }) => person);
      const invited = [...new Set([...now.invited, ...moved])];
      if (invited.length > now.invited.length) tx.put(keys.thread(circle), { ...now, invited });
    });
  }

  async #letIn(circle: string, entitled: ReadonlyMap<string, string>): Promise<Outcome> {
    const thread = this.core.mirror.threads.get(circle);
    if (thread?.status !== "active") return "nothing";
    if (awaited(thread, [...entitled.values()]).length > 0) await this.core.people.refresh();
    const wanted = this.#arriving(thread, entitled);
    if (wanted.length === 0) return "nothing";
    await this.core.people.untilKnown(wanted.map(({ device }) => device));
    await this.#claim(circle, wanted);
    try {
      return await this.commits.change(circle, async (now, tx) => {
        const still = new Set(this.#arriving(now, entitled).map(({ device }) => device));
        const claims = (await tx.get(keys.claim(circle))) ?? [];
        const devices = claims.filter(({ device }) => still.has(device));
        return devices.length > 0 ? { kind: "add", devices } : null;
      });
    } catch (error) {
      // Refused, here or there: one of the packages is bad or too old. Claim afresh next time.
      if (!isPassing(error)) {
        await this.core.exclusive(async (tx) => tx.remove(keys.claim(circle)));
      }
      throw error;
    }
  }

  #arriving(
    thread: ThreadRecord,
    entitled: ReadonlyMap<string, string>,
  ): { device: string; person: string }[] {
    const present = new Set(thread.roster.map(({ device }) => device));
    const inside = thread.roster.map(({ person }) => person);
    const back = this.#returning(thread, [...entitled.values()]);
    const welcome = new Set([...inside, ...thread.invited, ...back]);
    return [...entitled]
      .filter(([device, person]) => !present.has(device) && welcome.has(person))
      .map(([device, person]) => ({ device, person }));
  }

  /**
   * Whom a stop took out as this device saw it, if that stop was signed: a host can mark anybody's
   * removal as one. Whether it is lifted by signatures too, their leaf is asked like any other.
   */
  #returning({ cutOff = {}, roster }: ThreadRecord, entitled: readonly string[]): string[] {
    return awaited({ cutOff, roster }, entitled).filter((person) => {
      return this.core.people.stoppedSince([person], cutOff[person] ?? "").signed;
    });
  }

  /** Claims are kept until used: a commit that lost a race needs the same packages again. */
  async #claim(circle: string, wanted: { device: string; person: string }[]): Promise<void> {
    const held = new Set(
      ((await this.core.vault.read(keys.claim(circle))) ?? []).map(({ device }) => device),
    );
    const missing = wanted.filter(({ device }) => !held.has(device));
    if (missing.length === 0) return;
    const persons = new Map(missing.map(({ device, person }) => [device, person]));
    let packages: { device: string; package: Uint8Array }[];
    try {
      ({ packages } = await this.core.api.claim(circle, [...persons.keys()]));
    } catch (error) {
      // Somebody else has just let it in.
      if (error instanceof ApiError && error.code === "device-already-in-group") return;
      throw error;
    }
    const asked = packages.flatMap((claimed) => {
      const person = persons.get(claimed.device);
      return person === undefined ? [] : [{ ...claimed, person }];
    });
    const sound = await this.#strangers.sound(circle, asked);
    await this.core.exclusive(async (tx) => {
      const claims = (await tx.get(keys.claim(circle))) ?? [];
      const known = new Set(claims.map(({ device }) => device)); // another tab may have claimed too
      tx.put(keys.claim(circle), [...claims, ...sound.filter(({ device }) => !known.has(device))]);
    });
  }

  /** Renew this device's keys in the tree when that is due: soon after joining, then weekly. */
  renew(circle: string): Promise<Outcome> {
    return this.commits.change(circle, async (now) =>
      this.renewalDue(now) ? { kind: "update" } : null,
    );
  }

  /** Renew them now, due or not: whoever had the old ones reads nothing from here on. */
  renewNow(circle: string): Promise<Outcome> {
    return this.commits.change(circle, async () => ({ kind: "update" }));
  }

  renewalDue(thread: ThreadRecord): boolean {
    if (thread.status !== "active" || thread.roster.length < 2) return false;
    if (thread.sentSince >= RENEW_AFTER_MESSAGES) return true;
    return this.core.deps.clock() - thread.renewedAt >= WEEK_MS;
  }
}
