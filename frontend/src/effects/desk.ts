/** Everything that runs for a signed-in person: opened once, closed at the end of the session. */

import { isPassing, Unreachable } from "../api/errors";
import type { DirectoryFrame, ServerFrame } from "../api/schema";
import { makeEngine } from "../crypto/engine";
import { behind } from "../state/sync";
import { Commits } from "./commits";
import { Consulting } from "./consulting";
import { Core } from "./core";
import { type Deps, systemTimers } from "./deps";
import { ensureDevice } from "./device";
import { OwnDevices } from "./devices/own";
import { DirectoryLog } from "./directory/log";
import { Drafts } from "./drafts";
import { rereading } from "./elsewhere";
import { FrozenDesk } from "./frozen/desk";
import { Taking } from "./history/take";
import { Intents } from "./intents";
import { Joinings } from "./joinings";
import { Lines } from "./lines";
import { Link } from "./link";
import { Receipts } from "./log/receipts";
import type { LogWatch } from "./log/watch";
import { Looks } from "./looks";
import { Mirror } from "./mirror";
import { Notes } from "./notes";
import type { Opened } from "./opening";
import { Outbox } from "./outbox";
import { People } from "./people";
import { Reads } from "./reads";
import { Reconcile } from "./reconcile";
import { Rejoin } from "./rejoin";
import { RequestDesk } from "./requests/desk";
import { RequestSteps } from "./requests/steps";
import { Keeping } from "./retention/keeping";
import { awaited } from "./returning";
import { SearchDesk } from "./search/desk";
import { Sending } from "./sending";
import { Standing } from "./standing";
import { Sync } from "./sync";
import { Tabs } from "./tabs";
import { Typing } from "./typing";
import { keepVerified } from "./verified";

type Events = { changed: () => void; sessionOver: () => void; signedOut: () => void };
const [LOOK_ROUND, LATER_MS] = [8, [2_000, 5_000]] as const; // 8 × 15 s

export class Desk {
  readonly sync: Sync;
  readonly sending: Sending;
  readonly commits: Commits;
  readonly rejoin: Rejoin;
  readonly reconcile: Reconcile;
  readonly intents: Intents;
  readonly lines: Lines;
  readonly link: Link;
  readonly reads: Reads;
  readonly typing: Typing;
  readonly looks: Looks;
  readonly standing: Standing;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly requests: RequestDesk;
  readonly requestSteps: RequestSteps;
  readonly frozen: FrozenDesk;
  readonly devices: OwnDevices;
  readonly joinings: Joinings;
  readonly notes: Notes;
  readonly consulting: Consulting;
  readonly search: SearchDesk;
  readonly history: Taking;
  readonly keeping: Keeping;
  /** For whoever shows the directory: something to look at. */
  onDirectory: ((frame: DirectoryFrame) => void) | null = null;
  readonly #tabs: Tabs;
  #later = false;
  #everything = false;
  #heartbeats = 0;
  /** Circles from whose groups somebody must go, as the server said, not looked at yet. */
  readonly #stale = new Set<string>();
  #refreshing: { again: boolean; done: Promise<void> } | null = null;

  private constructor(
    readonly core: Core,
    /** Null where there is no log to ask. */
    readonly receipts: Receipts | null,
    readonly opened: Opened,
    events: Events,
  ) {
    const { mirror } = core;
    this.sync = new Sync(core);
    this.sending = new Sending(core, this.sync);
    this.commits = new Commits(core, this.sync);
    this.rejoin = new Rejoin(core, this.commits);
    this.commits.rejoin = this.rejoin;
    this.reconcile = new Reconcile(core, this.sync, this.commits);
    this.intents = new Intents(core, this.reconcile, this.sending, (one) => mirror.learn(one));
    this.standing = new Standing(this);
    this.lines = new Lines(core);
    this.reads = new Reads(core);
    const isReady = (circle: string) => this.sending.isReady(circle);
    this.typing = new Typing(core, isReady, () => this.online);
    this.sending.looked = (circle) => this.typing.looked(circle);
    this.drafts = new Drafts(core);
    this.outbox = new Outbox(core, this.sending, this.drafts);
    const isOffline = () => this.link.shown === "offline";
    this.requests = new RequestDesk(core, this.sync, this.sending, isOffline, this.drafts);
    this.looks = new Looks(core, isOffline);
    this.requestSteps = new RequestSteps(core, this.intents, this.requests);
    this.frozen = new FrozenDesk(this);
    this.devices = new OwnDevices(core, opened.identity, events.changed);
    this.joinings = new Joinings(core);
    this.notes = new Notes(core, this.intents, this.sending);
    this.consulting = new Consulting(
      core,
      this.intents,
      this.sending,
      this.requests.rows,
      this.lines,
    );
    this.search = new SearchDesk(core);
    this.history = new Taking(core);
    this.keeping = new Keeping(core);
    this.link = new Link(core, {
      frame: (frame) => void this.#frame(frame).catch((error) => core.report(error)),
      changed: () => mirror.changed(),
      disconnected: () => this.sending.disconnected(),
      sessionOver: events.sessionOver,
    });
    core.sessionOver = events.sessionOver;
    this.sync.applied = (circle) => this.#applied(circle);
    this.sending.removalPending = (circle) => this.reconcile.plan(circle);
    mirror.onChange(events.changed);
    this.#tabs = new Tabs(core, { changed: rereading(this), left: events.signedOut });
  }

  /**
   * Make sure of a device, read what is there, and go online. Null if this browser has to ask
   * first; what was opened is then the caller's to close, as it is when this throws.
   */
  static async open(
    deps: Deps,
    opened: Opened,
    events: Events,
    watch: LogWatch | null,
  ): Promise<Desk | null> {
    const { api, clock } = deps;
    const { vault, inTurn, person } = opened;
    const receipts =
      api.publicLog && watch
        ? new Receipts(deps, api.publicLog, watch, vault, person.id, inTurn, events.changed)
        : null;
    try {
      const log = new DirectoryLog(api, watch, deps.roots);
      const timers = deps.timers ?? systemTimers;
      const people = new People(log, clock, (ms) => new Promise((done) => timers.after(ms, done)));
      await people.load(vault);
      const engine = await (deps.engine ?? makeEngine)(people.check);
      const device = await ensureDevice(deps, opened, engine, (act) =>
        receipts ? receipts.changeTrust(act) : act(),
      );
      if (device === null) {
        receipts?.close();
        return null;
      }
      const mirror = new Mirror(vault);
      await mirror.load();
      const core = new Core(deps, vault, engine, device, mirror, people);
      const desk = new Desk(core, receipts, opened, events);
      if (watch !== null) watch.followed = () => void desk.followed();
      await desk.#begin();
      desk.link.start();
      return desk;
    } catch (error) {
      receipts?.close();
      throw error;
    }
  }

  /** The watch has looked: the directory follows, and what it says is kept. */
  async followed(): Promise<void> {
    await this.#attempt(async () => {
      const { people } = this.core;
      const before = people.size;
      await people.advance();
      if (people.size === before) return;
      await this.core.exclusive((tx) => people.save(tx));
      this.sync.directoryGrew();
    });
  }

  /** The person signs out: on the other tabs too. */
  readonly signedOut = (): void => this.#tabs.tellLeft();

  async close(): Promise<void> {
    if (this.receipts) this.receipts.watch.followed = () => undefined;
    this.link.stop();
    this.receipts?.close();
    this.core.end();
    this.#tabs.close();
    await this.core.vault.close();
  }

  /** What lets somebody read, or a key count. */
  letting<T>(act: () => Promise<T>): Promise<T> {
    return this.receipts ? this.receipts.changeTrust(act) : act();
  }

  /** What shuts somebody out. */
  shutting<T>(act: () => Promise<T>): Promise<T> {
    return this.receipts ? this.receipts.settle(act) : act();
  }

  get online(): boolean {
    return this.link.shown === "online";
  }

  /** What can be shown before the socket is open; its hello brings the rest. */
  async #begin(): Promise<void> {
    await this.#attempt(() => this.#refreshCases(true));
    await this.#attempt(() => this.standing.takeWelcomes(true));
  }

  /** Learn anew what the server knows of us; calls meanwhile share one further run. */
  refresh(how: "all" | "changes" = "all"): Promise<void> {
    if (how === "all") this.#everything = true;
    if (this.#refreshing) {
      this.#refreshing.again = true;
      return this.#refreshing.done;
    }
    const run = { again: false, done: Promise.resolve() };
    run.done = this.#refreshWhile(run).finally(() => {
      this.#refreshing = null;
    });
    this.#refreshing = run;
    return run.done;
  }

  async #refreshWhile(run: { again: boolean }): Promise<void> {
    do {
      run.again = false;
      const all = this.#everything;
      this.#everything = false;
      await this.#refreshOnce(all);
    } while (run.again && !this.core.over);
  }

  async #refreshOnce(all: boolean): Promise<void> {
    const { core } = this;
    const before = core.mirror.circles();
    if (!(await this.#attempt(() => this.#refreshCases(all)))) return this.#refreshLater();
    const good = [
      await this.#attempt(() => this.keeping.look()),
      all ? await this.#attempt(() => this.devices.look()) : true,
      await this.#attempt(() => this.standing.takeWelcomes(all)),
      all ? await this.#attempt(() => this.#resume()) : true,
    ];
    const circles = [...core.mirror.circles()].flatMap(([circle, { people }]) =>
      all || this.#changed(circle, before.get(circle)?.people, people) ? [circle] : [],
    );
    good.push(await this.standing.examineAll(circles, all, this.#attempt));
    if (good.includes(false)) this.#refreshLater();
  }

  async #resume(): Promise<void> {
    await (this.receipts?.onward(() => this.intents.resume()) ?? this.intents.resume());
    this.requests.resume();
    void keepVerified(this);
    await this.looks.resume();
    await this.outbox.tidy();
    void this.#attempt(() => this.history.take());
  }

  #changed(circle: string, were: readonly string[] | undefined, are: readonly string[]): boolean {
    const thread = this.core.mirror.threads.get(circle);
    if (thread === undefined || thread.rolledBack || this.#stale.delete(circle)) return true;
    if (were === undefined || awaited(thread, are).length > 0) return true;
    return [...were].sort().join() !== [...are].sort().join();
  }

  /** One failing step does not keep the others from being done. */
  readonly #attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Unreachable)) this.core.report(error);
      return !isPassing(error);
    }
  };

  #refreshLater(): void {
    if (this.#later) return;
    this.#later = true;
    this.core.after(this.core.spread(...LATER_MS), () => {
      this.#later = false;
      if (this.online) void this.refresh("all");
    });
  }

  async #refreshCases(all: boolean): Promise<void> {
    const { api, mirror, people } = this.core;
    if (all) [mirror.people, mirror.states] = await Promise.all([api.people(), api.states()]);
    mirror.cases = await api.cases();
    await this.notes.look();
    if (all) await this.joinings.look();
    await this.requests.rows.refresh();
    const circles = mirror.circles();
    await this.standing.rememberDrafting();
    for (const { circle, status } of [...mirror.threads.values()]) {
      // The log answers whoever may still read: what was begun meanwhile is in no list yet.
      if (status === "active" && !circles.has(circle)) await this.sync.catchUp(circle);
    }
    const readers = [...circles.values()].flatMap((circle) => circle.people);
    if (all || people.lacks(readers)) await people.refresh();
    await this.core.exclusive((tx) => people.save(tx));
  }

  #applied(circle: string): void {
    this.sending.applied(circle);
    this.requests.applied(circle);
    void this.#attempt(() => this.notes.say(circle));
    void this.#attempt(() => this.outbox.tidy());
    void this.#attempt(() => this.history.take());
    // Letting somebody in queues the title for them.
    if (this.core.mirror.outboxOf(circle).length > 0) this.sending.submitted(circle);
    const thread = this.core.mirror.threads.get(circle);
    if (thread?.rolledBack) void this.#attempt(() => this.standing.comeBack(circle));
    else this.standing.renewSoon(circle);
  }

  async #frame(frame: ServerFrame): Promise<void> {
    switch (frame.type) {
      case "hello":
        this.core.mirror.reachAll(frame.heads);
        await this.reads.merge(frame.reads, frame.unread);
        return this.refresh("all");
      case "accepted":
        if (!(await this.sending.accepted(frame))) return;
        return this.receipts?.accepted(frame, this.sending.actOf(frame));
      case "refused":
        return this.sending.refused(frame);
      case "entries":
        return this.sync.receive(frame.thread, frame.entries);
      case "heads":
        return this.#heads(frame.heads);
      case "left":
        await this.sync.lose(frame.thread);
        return this.refresh("changes");
      case "look":
        this.#stale.add(frame.thread);
        return this.refresh("changes");
      case "joined":
        return this.refresh("changes");
      case "request":
        return this.requests.rows.rang(frame.request);
      case "consultation":
        return this.requests.rows.rang(frame.consultation);
      case "devices":
        return void (await this.#attempt(() => this.devices.lookTwice()));
      case "joining":
      case "export":
        return void (await this.#attempt(() => this.joinings.look()));
      case "notice":
      case "designation":
        return this.onDirectory?.(frame);
      case "read":
      case "unread":
        return this.reads.told(frame.type, frame.thread, frame.seq);
      case "typing":
        return this.typing.heard(frame.thread, frame.person);
    }
  }

  /** What changes without a doorbell, or with one that was lost: look now and then. */
  async #lookRound(): Promise<void> {
    await this.#attempt(() => this.devices.look());
    await this.#attempt(() => this.joinings.look());
    await this.#attempt(() => this.requests.rows.refresh());
    await this.#attempt(async () => {
      await this.notes.look();
      this.core.mirror.changed();
    });
    await this.standing.examineAll([...this.core.mirror.circles().keys()], true, this.#attempt);
  }

  async #heads(heads: Readonly<Record<string, number>>): Promise<void> {
    this.core.mirror.reachAll(heads);
    const active = [...this.core.mirror.threads.values()].filter((one) => one.status === "active");
    const cursors = new Map(active.map(({ circle, seq }) => [circle, seq]));
    const late = behind(heads, cursors);
    for (const circle of late) await this.#attempt(() => this.sync.catchUp(circle));
    // Whom this person let in, and who had no device then, may have one now.
    for (const { circle, invited } of active) {
      if (invited.length > 0) await this.#attempt(() => this.reconcile.look(circle));
    }
    this.#heartbeats += 1;
    if (this.#heartbeats % LOOK_ROUND === 0) await this.#lookRound();
  }
}
