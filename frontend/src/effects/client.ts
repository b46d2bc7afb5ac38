/** The client as the screen and the headless program see it. */

import { ApiError, isPassing } from "../api/errors";
import type { DemoCode, DemoPerson, SessionInfo, StateName } from "../api/schema";
import { type AccountActs, accountActs } from "./account";
import { NotPossible } from "./core";
import type { Deps } from "./deps";
import { Desk } from "./desk";
import { type DirectoryActs, directoryActs } from "./directory/acts";
import { type FrozenActs, frozenActs } from "./frozen/acts";
import { Leaving } from "./leaving";
import { type LogActs, LogPart } from "./log/acts";
import { type LookActs, lookActs } from "./looks";
import { type OversightActs, oversightActs } from "./oversight";
import { type RequestActs, requestActs } from "./requests/acts";
import { requestViews } from "./requestViews";
import { ANONYMOUS, NOBODY, readsCases } from "./sessions";
import { type StoppingActs, stoppingActs } from "./stopping";
import { alarmOf, caseViews, type Line, type View, waiting } from "./views";

export type { Channel, Deps, Locks, Random, WebAuthn } from "./deps";
export type { FrozenView, Unsent } from "./frozen/view";
export type { Constancy, LogView } from "./log/acts";
export type { Listed as ListedVersion } from "./requests/versions";
export type { DraftComment, DraftView, RequestView } from "./requestViews";
export type { CaseView, Line, Message, ThreadView, View } from "./views";

type Mixed = AccountActs & RequestActs & FrozenActs & LogActs & LookActs;

export interface CaseHubClient extends Mixed {
  view(): View;
  subscribe(listener: (view: View) => void): () => void;
  /** Read the session; when it is full, unlock the store, go online and catch up. */
  start(): Promise<void>;
  readonly signIn: {
    password(account: string, password: string): Promise<void>;
    code(code: string): Promise<void>;
    passkey(): Promise<void>;
    out(): Promise<void>;
  };
  readonly demo: { people(): Promise<DemoPerson[]>; code(account: string): Promise<DemoCode> };
  readonly directory: DirectoryActs;
  readonly oversight: OversightActs;
  readonly stopping: StoppingActs;
  /** Somebody is at the page: the session lasts longer. @throws {ApiError} once it is over */
  stayActive(): Promise<void>;
  /** Ask the server how the session stands, e.g. whether another tab kept it awake. */
  askSession(): Promise<void>;
  /** Resolves with the case's id when its group is begun and its title queued. */
  openCase(states: string[], title: string): Promise<string>;
  /** Resolves with the circle. Persons without a device come in when they have one. */
  openThread(caseId: string, name: string, people: string[]): Promise<string>;
  addPerson(caseId: string, person: string, circles: string[]): Promise<void>;
  removePerson(caseId: string, person: string): Promise<void>;
  /** Take a person out of one thread only. */
  removeReader(circle: string, person: string): Promise<void>;
  /** Give a case its first title, or another. */
  nameCase(caseId: string, title: string): Promise<void>;
  nameThread(circle: string, name: string): Promise<void>;
  /** Renew this device's keys in a thread now. */
  renewKeys(circle: string): Promise<void>;
  /** The last lines (500 unless told), oldest first; what waits to be sent at the end. */
  lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]>;
  /** Told the last lines now and whenever they change. */
  onLines(circle: string, listener: (lines: Line[]) => void): () => void;
  /**
   * Resolves when the message is durably queued; its line tells how far it got. It goes to nobody
   * but `readers`, whom its author was shown: if others come in before it leaves, it is held.
   */
  send(circle: string, text: string, readers?: readonly string[]): Promise<string>;
  /** Send what failed again; what is held, only with the new `readers` agreed to. */
  resend(circle: string, id: string, readers?: readonly string[]): Promise<void>;
  resendAll(): Promise<void>;
  /** Take back a message that has not left. */
  discard(circle: string, id: string): Promise<void>;
  /** Kept on the device a second after its first unsaved key at the latest. */
  setDraft(circle: string, text: string): void;
  /** Write drafts down now: the page is about to go. */
  saveDrafts(): Promise<void>;
  markRead(circle: string): void;
  /** The browser says that the network came or went. */
  network(online: boolean): void;
  /** Stop without signing out: keys leave the memory, the session stays. */
  close(): Promise<void>;
}

export function openClient(deps: Deps): CaseHubClient {
  const client = new Client(deps);
  return Object.assign(client, client.account, client.acts, client.log.acts);
}

class Client implements Omit<CaseHubClient, keyof Mixed> {
  #session = ANONYMOUS;
  #desk: Desk | null = null;
  #states: StateName[] = [];
  #view: View | null = null;
  #told = true;
  readonly #listeners = new Set<(view: View) => void>();
  readonly #leaving: Leaving;
  readonly acts = this.#actsOf();
  readonly account: AccountActs;
  readonly log: LogPart;
  readonly directory: DirectoryActs;
  readonly oversight: OversightActs;
  readonly stopping: StoppingActs;

  constructor(private readonly deps: Deps) {
    this.#leaving = new Leaving(deps);
    const receipts = () => this.#desk?.receipts ?? null;
    this.log = new LogPart(deps, receipts, () => this.#changed());
    const whose = () => this.#session.person?.id ?? null;
    const replayed = async () => (await this.#desk?.core.people.replayed()) ?? null;
    this.directory = directoryActs(deps, (act) => this.#guarded(act), whose, replayed);
    this.oversight = oversightActs(deps, (act) => this.#guarded(act), whose);
    this.stopping = stoppingActs(
      deps,
      () => this.#session,
      (act) => this.#guarded(act),
      async () => this.#desk?.refresh("all"),
    );
    this.account = accountActs(
      deps,
      (act) => this.#guarded(act),
      async (session) => {
        this.#desk?.signedOut();
        await this.#leave(session);
      },
      (act) => this.log.letting(act),
    );
  }

  view(): View {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  subscribe(listener: (view: View) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    const { api } = this.deps;
    this.log.watch?.start();
    const [session] = await Promise.all([
      this.#leaving.settle().then((left) => left ?? api.session()),
      api.states().then(
        (states) => {
          this.#states = states;
        },
        () => undefined, // names of States are a nicety before sign-in
      ),
    ]);
    await this.#entered(session);
  }

  readonly signIn = {
    password: async (account: string, password: string) => {
      await this.#leaving.settle();
      await this.#entered(await this.deps.api.password(account, password));
    },
    code: async (code: string) => this.#entered(await this.deps.api.code(code)),
    passkey: async () => {
      const { api, webauthn } = this.deps;
      if (webauthn === undefined) throw new NotPossible("passkey-unavailable");
      await this.#leaving.settle();
      const { options } = await api.passkeyBegin();
      await this.#entered(await api.passkeyFinish(await webauthn.get(options)));
    },
    out: async () => {
      await this.saveDrafts();
      await this.#desk?.requests.leave();
      await this.#leaving.begin();
      this.#desk?.signedOut();
      await this.#leave({ ...this.#session, ...NOBODY });
      try {
        const session = await this.#leaving.settle();
        if (session !== null) await this.#leave(session);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
    },
  };

  readonly demo = {
    people: () => this.deps.api.demoPeople(),
    code: (account: string) => this.deps.api.demoCode(account),
  };

  stayActive(): Promise<void> {
    return this.#standing(() => this.deps.api.active());
  }

  askSession(): Promise<void> {
    return this.#standing(() => this.deps.api.session());
  }

  openCase(states: string[], title: string): Promise<string> {
    return this.#guarded(() => this.#at().intents.openCase(states, title));
  }

  openThread(caseId: string, name: string, people: string[]): Promise<string> {
    return this.#guarded(async () => {
      await this.log.watch?.requireSoundNow(); // there is nothing to read in it yet, so it waits for nothing
      return this.#at().intents.openThread(caseId, name, people);
    });
  }

  addPerson(caseId: string, person: string, circles: string[]): Promise<void> {
    return this.#letting((desk) => desk.intents.addPerson(caseId, person, circles));
  }

  nameCase(caseId: string, title: string): Promise<void> {
    return this.#guarded(() => this.#at().intents.nameCase(caseId, title));
  }

  nameThread(circle: string, name: string): Promise<void> {
    return this.#guarded(() => this.#at().intents.nameThread(circle, name));
  }

  removePerson(caseId: string, person: string): Promise<void> {
    return this.#shutting((desk) => desk.intents.removePerson(caseId, person));
  }

  removeReader(circle: string, person: string): Promise<void> {
    return this.#shutting((desk) => desk.intents.removeReader(circle, person));
  }

  renewKeys(circle: string): Promise<void> {
    return this.#guarded(async () => void (await this.#at().reconcile.renewNow(circle)));
  }

  async lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]> {
    return this.#at().lines.read(circle, window);
  }

  onLines(circle: string, listener: (lines: Line[]) => void): () => void {
    return this.#at().lines.on(circle, listener);
  }

  send(circle: string, text: string, readers?: readonly string[]): Promise<string> {
    return this.#guarded(() => this.#at().outbox.send(circle, text, readers));
  }

  resend(circle: string, id: string, readers?: readonly string[]): Promise<void> {
    return this.#guarded(() => this.#at().outbox.resend(circle, id, readers));
  }

  resendAll(): Promise<void> {
    return this.#guarded(() => this.#at().outbox.resendAll());
  }

  discard(circle: string, id: string): Promise<void> {
    return this.#guarded(() => this.#at().outbox.discard(circle, id));
  }

  setDraft(circle: string, text: string): void {
    this.#at().drafts.set(circle, text);
  }

  async saveDrafts(): Promise<void> {
    await Promise.all([this.#desk?.drafts.flush(), this.#desk?.requests.texts.flush()]);
  }

  markRead(circle: string): void {
    const { core, reads } = this.#at();
    void reads.mark(circle).catch((error) => core.report(error));
  }

  network(online: boolean): void {
    if (online) this.#desk?.link.wake();
    else this.#desk?.link.drop();
    if (online) void this.#leaving.settle().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.log.watch?.stop();
    await this.saveDrafts();
    await this.#leave(this.#session);
  }

  async #entered(session: SessionInfo): Promise<void> {
    const before = this.#desk?.core.person;
    if (session.state !== "full" || session.person?.id !== before) await this.#leave(session);
    if (session.state !== "full") this.deps.api.publicLog?.feed.forget();
    this.#session = session;
    this.#changed();
    if (session.state !== "full" || session.person === null || this.#desk !== null) return;
    void this.log.watch?.look();
    if (session.cut_off !== null || !readsCases(session.person.roles)) return;
    const events = {
      changed: () => this.#changed(),
      sessionOver: () => void this.#ended(),
      signedOut: () => void this.#leave({ ...this.#session, ...NOBODY }),
    };
    this.#desk = await Desk.open(this.deps, session.person, events, this.log.watch);
    this.#session = { ...session, device: this.#desk.core.device.device };
    this.#changed();
  }

  async #leave(session: SessionInfo): Promise<void> {
    const desk = this.#desk;
    this.#desk = null;
    this.#session = session;
    desk?.drafts.cancel();
    this.#changed(); // nothing is drawn any more, however long closing takes
    await Promise.all([desk?.close(), this.oversight.close()]);
    this.#changed();
  }

  /** Something says that the session is over: ask, and go on if it is not. */
  async #ended(): Promise<void> {
    const desk = this.#desk;
    const person = this.#session.person?.id;
    if (this.#session.state !== "full") return;
    // What was typed goes under its seal while the key is here, whyever the session is over.
    await this.saveDrafts().catch(() => undefined);
    let session: SessionInfo = { ...this.#session, ...NOBODY };
    try {
      session = await this.deps.api.session();
    } catch (error) {
      if (isPassing(error)) return desk?.link.restart();
    }
    if (this.#desk !== desk || this.#session.person?.id !== person) return;
    const same = session.state === "full" && session.person?.id === person;
    if (same) return desk?.link.restart();
    await this.#leave(session);
  }

  /** What the server says of the session now, unless this browser has left meanwhile. */
  #standing(ask: () => Promise<SessionInfo>): Promise<void> {
    return this.#guarded(async () => {
      const desk = this.#desk;
      const session = await ask();
      if (this.#desk !== desk || this.#session.state !== "full") return;
      await this.#entered(session);
    });
  }

  #letting<T>(act: (desk: Desk) => Promise<T>): Promise<T> {
    return this.#guarded(() => this.#at().letting(() => act(this.#at())));
  }

  #shutting<T>(act: (desk: Desk) => Promise<T>): Promise<T> {
    return this.#guarded(() => this.#at().shutting(() => act(this.#at())));
  }

  async #guarded<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "sign-in-needed") await this.#ended();
      throw error;
    }
  }

  #actsOf(): RequestActs & FrozenActs & LookActs {
    const door = [() => this.#at(), <T>(act: () => Promise<T>) => this.#guarded(act)] as const;
    return { ...requestActs(...door), ...frozenActs(...door), ...lookActs(() => this.#desk) };
  }

  #at(): Desk {
    if (this.#desk === null) throw new NotPossible("sign-in-needed");
    return this.#desk;
  }

  /** Told once for all that changes in one turn. */
  #changed(): void {
    this.#view = null;
    if (!this.#told) return;
    this.#told = false;
    queueMicrotask(() => {
      this.#told = true;
      const view = this.view();
      for (const listener of this.#listeners) listener(view);
    });
  }

  #makeView(): View {
    const desk = this.#desk;
    const log = this.log.view(desk?.core.mirror ?? null);
    const base = { session: this.#session, states: this.#states, log };
    if (desk === null) {
      const nothing = { people: [], cases: [], requests: [], outbox: 0, alarm: null };
      return { ...base, ...nothing, connection: "connecting", offlineSince: null };
    }
    const { mirror, person } = desk.core;
    return {
      ...base,
      connection: desk.link.shown,
      offlineSince: desk.link.offlineSince,
      people: mirror.people.map((one) => ({ ...one, ...desk.core.people.called(one.id, one) })),
      states: mirror.states.length > 0 ? mirror.states : this.#states,
      cases: caseViews(mirror, person),
      requests: requestViews(mirror, person),
      outbox: waiting(mirror),
      alarm: alarmOf(mirror),
    };
  }
}
