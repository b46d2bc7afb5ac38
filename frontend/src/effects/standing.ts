/** Where this device stands in each thread, compared with what the server says, and what to do. */

import { ApiError, isExpected, isOver, isPassing } from "../api/errors";
import type { ThreadInfo } from "../api/schema";
import { keys } from "../store/records";
import type { Commits } from "./commits";
import type { Core } from "./core";
import { refillKeyPackages } from "./device";
import type { Reconcile } from "./reconcile";
import type { Rejoin } from "./rejoin";
import { awaited } from "./returning";
import type { Sending } from "./sending";
import type { Sync } from "./sync";
import { pool } from "./turns";
import { takeWelcomes } from "./welcomes";

const RENEW_MS = [1_000, 6_000] as const;
/** Key packages used before the stock is looked at between connections. */
const PACKAGES_USED = 10;

/** Threads that are looked at side by side. */
const AT_ONCE = 4;
/** Threads of which the server may tell that are in no list here yet. */
const MEANWHILE = 300;

/** The parts of the desk that are needed here. */
type Parts = {
  readonly core: Core;
  readonly sync: Sync;
  readonly sending: Sending;
  readonly commits: Commits;
  readonly rejoin: Rejoin;
  readonly reconcile: Reconcile;
  readonly online: boolean;
};

export class Standing {
  readonly #renewing = new Set<string>();
  /** Key packages that others used up since the stock was last looked at. */
  #used = 0;

  constructor(private readonly parts: Parts) {}

  /** Join what waits to be joined, and leave enough key packages. */
  async takeWelcomes(all: boolean): Promise<void> {
    const { core, sync } = this.parts;
    const joined = await takeWelcomes(core, sync);
    this.#used += joined.length;
    for (const circle of joined) {
      await sync.catchUp(circle);
      this.#ready(circle);
      this.renewSoon(circle);
    }
    if (!all && this.#used < PACKAGES_USED) return;
    this.#used = 0;
    try {
      await refillKeyPackages(core);
    } catch (error) {
      if (!isOver(error)) throw error; // nobody is to add this device any more
    }
  }

  /**
   * Ask how all threads stand, at once for hundreds: the way to look at one of them whole. What is
   * not among them was opened meanwhile, or is read no more, and is asked for by itself; so is what
   * would stand on pages that do not come, or that are none.
   */
  async #survey(): Promise<(circle: string) => Promise<void>> {
    const { core } = this.parts;
    const held = core.people.size;
    const found = new Map<string, ThreadInfo>();
    // A server that says "more" for ever is not believed, and fills no memory.
    const most = 2 * core.mirror.circles().size + MEANWHILE;
    try {
      for (let after: string | null = null, more = true; more && found.size < most; ) {
        const page = await core.api.threads(after);
        for (const { thread, ...info } of page.threads) found.set(thread, info);
        const last = page.threads.at(-1)?.thread ?? "";
        more = page.more && last > (after ?? "");
        after = last;
      }
    } catch (error) {
      // Nobody would answer for one thread, either.
      if (isPassing(error) || isExpected(error) || isOver(error)) throw error;
      core.report(error);
    }
    return (circle) => this.examine(circle, found.get(circle), held);
  }

  /**
   * Look at threads whole, all of which this person has or some. Whether all was done, by `attempt`:
   * one that fails does not keep the others from being looked at.
   */
  async examineAll(
    circles: readonly string[],
    all: boolean,
    attempt: (act: () => Promise<unknown>) => Promise<boolean>,
  ): Promise<boolean> {
    const good: boolean[] = [];
    const asked = await attempt(async () => {
      const look = all ? await this.#survey() : (circle: string) => this.examine(circle);
      await pool(AT_ONCE, circles, async (circle) => {
        good.push(await attempt(() => look(circle)));
      });
    });
    return asked && !good.includes(false);
  }

  /** Look at one thread whole; `told` is how it stands, if the server has just said so. */
  async examine(
    circle: string,
    told?: ThreadInfo,
    held = this.parts.core.people.size,
  ): Promise<void> {
    const { core } = this.parts;
    try {
      const info = told ?? (await core.api.thread(circle));
      if (core.mirror.begun.get(circle) !== info.started) {
        core.mirror.begun.set(circle, info.started);
        core.mirror.changed();
      }
      if (!info.started) return;
      const thread = core.mirror.threads.get(circle);
      if (thread?.status === "active") await this.#active(circle, info, held);
      else if (thread?.status !== "frozen") await this.#outside(circle, info);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return;
      throw error;
    }
  }

  /** What was once listed as a drafting circle is one for good: the list is the server's word. */
  async rememberDrafting(): Promise<void> {
    const { core } = this.parts;
    const fresh = [...core.mirror.threads.values()].filter(
      ({ circle, drafting }) => !drafting && core.mirror.isDrafting(circle),
    );
    for (const { circle } of fresh) {
      await core.exclusive(async (tx) => {
        const thread = await tx.get(keys.thread(circle));
        if (thread !== undefined) await core.checkDrafting(tx, thread);
      });
    }
  }

  async #active(circle: string, info: ThreadInfo, held: number): Promise<void> {
    const { core, sync, reconcile } = this.parts;
    await this.#noticeRollback(circle, info.acknowledged ?? 0);
    await sync.readTo(circle, info.head, held);
    await this.#settle(circle);
    const thread = core.mirror.threads.get(circle);
    if (thread?.status !== "active") return;
    // Looked at is enough: in a thread that was put back nothing is encrypted until it came back.
    this.#ready(circle);
    if (thread.rolledBack) await this.comeBack(circle);
    // Asked again: what all stood at may be seconds old, and whoever came in since must not go.
    if (thread.invited.length > 0) await reconcile.run(circle);
    else if (this.#differs(circle, info)) reconcile.plan(circle);
    this.renewSoon(circle);
  }

  /** A commit that is refused for good is discarded, and does not hold up the messages. */
  async #settle(circle: string): Promise<void> {
    try {
      await this.parts.commits.settle(circle);
    } catch (error) {
      if (isPassing(error) || !(error instanceof ApiError)) throw error;
      this.parts.core.report(error);
    }
  }

  /** In the group as the server has it, but without a state of our own: come back. */
  async #outside(circle: string, info: ThreadInfo): Promise<void> {
    const { core, sync, rejoin } = this.parts;
    const own = core.device.device;
    if (!info.roster.some(({ device }) => device === own)) return;
    // Not lost, but about to be: begun here a moment ago, or a welcome has just come.
    if (await core.vault.read(keys.creation(circle))) return;
    await this.takeWelcomes(false);
    if (core.mirror.threads.get(circle)?.status === "active") return;
    await rejoin.run(circle);
    if (core.mirror.threads.get(circle)?.status !== "active") return;
    await sync.catchUp(circle);
    this.#ready(circle);
  }

  /** Read what the old state can still read, and only then put a new one in its place. */
  async comeBack(circle: string): Promise<void> {
    const { core, sync, rejoin } = this.parts;
    await sync.catchUp(circle);
    if (!core.mirror.threads.get(circle)?.rolledBack) return;
    await rejoin.run(circle);
    if (core.mirror.threads.get(circle)?.rolledBack) return;
    await sync.catchUp(circle);
    this.#ready(circle);
  }

  /** The server remembers that this device was further on: the store was put back. */
  #noticeRollback(circle: string, acknowledged: number): Promise<void> {
    return this.parts.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active" || thread.rolledBack) return;
      if (acknowledged <= thread.seq) return;
      tx.put(keys.thread(circle), { ...thread, rolledBack: "behind" });
    });
  }

  #ready(circle: string): void {
    if (this.parts.online) this.parts.sending.ready(circle);
  }

  #differs(circle: string, info: ThreadInfo): boolean {
    const thread = this.parts.core.mirror.threads.get(circle);
    const roster = thread?.roster ?? [];
    const able = info.entitled.filter(({ devices }) => devices.length > 0);
    const people = able.map(({ person }) => person);
    const entitled = new Set(info.entitled.flatMap(({ devices }) => devices));
    const persons = new Set(roster.map(({ person }) => person));
    const present = new Set(roster.map(({ device }) => device));
    return (
      (thread !== undefined && awaited(thread, people).length > 0) ||
      roster.some(({ device }) => !entitled.has(device)) ||
      info.entitled.some(
        ({ person, devices }) => persons.has(person) && devices.some((one) => !present.has(one)),
      )
    );
  }

  renewSoon(circle: string): void {
    const { core, reconcile } = this.parts;
    const thread = core.mirror.threads.get(circle);
    if (!thread || this.#renewing.has(circle) || !reconcile.renewalDue(thread)) return;
    this.#renewing.add(circle);
    core.after(core.spread(...RENEW_MS), () => {
      void reconcile
        .byItself(circle, () => reconcile.renew(circle))
        .catch((error) => core.report(error))
        .finally(() => this.#renewing.delete(circle));
    });
  }
}
