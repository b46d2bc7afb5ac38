/** The client as the screen and the headless program see it. */

import { ApiError, isPassing } from "../api/errors";
import type {
  DemoCode,
  DemoPerson,
  Factors,
  OwnDevice,
  SessionInfo,
  StateName,
} from "../api/schema";
import { keys } from "../store/records";
import { NotPossible } from "./core";
import type { Deps } from "./deps";
import { Desk } from "./desk";
import { alarmOf, caseViews, type Line, type View, waiting } from "./views";

export type {
  DemoCode,
  DemoPerson,
  Factors,
  OwnDevice,
  Person,
  SessionInfo,
  StateName,
} from "../api/schema";
export type { Channel, Deps, Locks, Random, WebAuthn } from "./deps";
export type { CaseView, Line, Message, ThreadView, View } from "./views";

export interface CaseHubClient {
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
  factors(): Promise<Factors>;
  addPasskey(name: string): Promise<Factors>;
  removePasskey(id: string | number): Promise<Factors>;
  /** Ten new codes, shown once. */
  recoveryCodes(): Promise<string[]>;
  devices(): Promise<OwnDevice[]>;
  /** Resolves with the case's id when its group is begun and its title queued. */
  openCase(states: string[], title: string): Promise<string>;
  /** Resolves with the circle. Persons without a device come in when they have one. */
  openThread(caseId: string, name: string, people: string[]): Promise<string>;
  addPerson(caseId: string, person: string, circles: string[]): Promise<void>;
  removePerson(caseId: string, person: string): Promise<void>;
  /** Give a case its first title, or another. */
  nameCase(caseId: string, title: string): Promise<void>;
  /** Renew this device's keys in a thread now. */
  renewKeys(circle: string): Promise<void>;
  /** The last lines (500 unless told), oldest first, with what waits to be sent at the end. */
  lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]>;
  /** Told the last lines now and whenever they change. */
  onLines(circle: string, listener: (lines: Line[]) => void): () => void;
  /** Resolves when the message is durably queued; its line tells how far it got. */
  send(circle: string, text: string): Promise<string>;
  resend(circle: string, id: string): Promise<void>;
  resendAll(): Promise<void>;
  setDraft(circle: string, text: string): void;
  markRead(circle: string): void;
  /** The browser says that the network came or went. */
  network(online: boolean): void;
  /** Stop without signing out: keys leave the memory, the session stays. */
  close(): Promise<void>;
}

const ANONYMOUS: SessionInfo = {
  state: "anonymous",
  demo: false,
  operator: "",
  person: null,
  device: null,
  factors: [],
  idle_seconds: null,
  ends_at: null,
};
const DRAFT_MS = 400;

export function openClient(deps: Deps): CaseHubClient {
  return new Client(deps);
}

class Client implements CaseHubClient {
  #session = ANONYMOUS;
  #desk: Desk | null = null;
  #states: StateName[] = [];
  #view: View | null = null;
  #told = true;
  readonly #listeners = new Set<(view: View) => void>();
  readonly #drafts = new Map<string, { text: string; cancel: () => void }>();

  constructor(private readonly deps: Deps) {}

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
    const [session] = await Promise.all([
      api.session(),
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
    password: async (account: string, password: string) =>
      this.#entered(await this.deps.api.password(account, password)),
    code: async (code: string) => this.#entered(await this.deps.api.code(code)),
    passkey: async () => {
      const { api, webauthn } = this.deps;
      if (webauthn === undefined) throw new NotPossible("passkey-unavailable");
      const { options } = await api.passkeyBegin();
      await this.#entered(await api.passkeyFinish(await webauthn.get(options)));
    },
    out: async () => {
      await this.#flushDrafts();
      const session = await this.deps.api.signOut();
      await this.#leave(session);
    },
  };

  readonly demo = {
    people: () => this.deps.api.demoPeople(),
    code: (account: string) => this.deps.api.demoCode(account),
  };

  factors(): Promise<Factors> {
    return this.#guarded(() => this.deps.api.factors());
  }

  addPasskey(name: string): Promise<Factors> {
    return this.#guarded(async () => {
      const { api, webauthn } = this.deps;
      if (webauthn === undefined) throw new NotPossible("passkey-unavailable");
      const { options } = await api.newPasskeyBegin();
      return api.newPasskeyFinish(name, await webauthn.create(options));
    });
  }

  removePasskey(id: string | number): Promise<Factors> {
    return this.#guarded(() => this.deps.api.removePasskey(id));
  }

  recoveryCodes(): Promise<string[]> {
    return this.#guarded(async () => (await this.deps.api.recoveryCodes()).codes);
  }

  devices(): Promise<OwnDevice[]> {
    return this.#guarded(() => this.deps.api.devices());
  }

  openCase(states: string[], title: string): Promise<string> {
    return this.#guarded(() => this.#at().intents.openCase(states, title));
  }

  openThread(caseId: string, name: string, people: string[]): Promise<string> {
    return this.#guarded(() => this.#at().intents.openThread(caseId, name, people));
  }

  addPerson(caseId: string, person: string, circles: string[]): Promise<void> {
    return this.#guarded(() => this.#at().intents.addPerson(caseId, person, circles));
  }

  nameCase(caseId: string, title: string): Promise<void> {
    return this.#guarded(() => this.#at().intents.nameCase(caseId, title));
  }

  removePerson(caseId: string, person: string): Promise<void> {
    return this.#guarded(() => this.#at().intents.removePerson(caseId, person));
  }

  renewKeys(circle: string): Promise<void> {
    return this.#guarded(async () => {
      await this.#at().reconcile.renewNow(circle);
    });
  }

  async lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]> {
    return this.#at().lines.read(circle, window);
  }

  onLines(circle: string, listener: (lines: Line[]) => void): () => void {
    return this.#at().lines.on(circle, listener);
  }

  send(circle: string, text: string): Promise<string> {
    return this.#guarded(async () => {
      const { core, sending } = this.#at();
      const record = await core.exclusive(async (tx) => {
        const thread = await tx.get(keys.thread(circle));
        if (thread === undefined) throw new NotPossible("thread-waiting");
        if (thread.status !== "active") throw new NotPossible(`thread-${thread.status}`);
        return core.enqueue(tx, circle, { kind: "text", text });
      });
      sending.submitted(circle);
      return record.id;
    });
  }

  resend(circle: string, id: string): Promise<void> {
    return this.#guarded(() =>
      this.#requeue((record) => record.circle === circle && record.id === id),
    );
  }

  resendAll(): Promise<void> {
    return this.#guarded(() => this.#requeue(() => true));
  }

  /** Written a moment after the last key, so that typing does not wait for the disk. */
  setDraft(circle: string, text: string): void {
    const desk = this.#at();
    this.#drafts.get(circle)?.cancel();
    const cancel = desk.core.after(DRAFT_MS, () => {
      void this.#writeDraft(desk, circle).catch((error) => desk.core.report(error));
    });
    this.#drafts.set(circle, { text, cancel });
  }

  markRead(circle: string): void {
    const { core, reads } = this.#at();
    void reads.mark(circle).catch((error) => core.report(error));
  }

  network(online: boolean): void {
    if (online) this.#desk?.link.wake();
    else this.#desk?.link.drop();
  }

  async close(): Promise<void> {
    await this.#flushDrafts();
    await this.#leave(this.#session);
  }

  async #requeue(wanted: (record: { circle: string; id: string }) => boolean): Promise<void> {
    const { core, sending } = this.#at();
    const circles = new Set<string>();
    await core.exclusive(async (tx) => {
      for (const [key, record] of await tx.list(keys.allOutbox)) {
        if (record.status !== "failed" || !wanted(record)) continue;
        const { error: _error, ...rest } = record;
        tx.put(key, { ...rest, status: "queued", tab: core.tab });
        circles.add(record.circle);
      }
    });
    for (const circle of circles) sending.submitted(circle);
  }

  async #writeDraft({ core }: Desk, circle: string): Promise<void> {
    const draft = this.#drafts.get(circle);
    if (draft === undefined) return;
    this.#drafts.delete(circle);
    await core.exclusive(async (tx) => {
      if (draft.text === "") tx.remove(keys.draft(circle));
      else tx.put(keys.draft(circle), draft.text);
    });
  }

  async #flushDrafts(): Promise<void> {
    const desk = this.#desk;
    if (desk === null) return;
    for (const [circle, { cancel }] of [...this.#drafts]) {
      cancel();
      await this.#writeDraft(desk, circle);
    }
  }

  async #entered(session: SessionInfo): Promise<void> {
    const before = this.#desk?.core.person;
    if (session.state !== "full" || session.person?.id !== before) await this.#leave(session);
    this.#session = session;
    this.#changed();
    if (session.state !== "full" || session.person === null || this.#desk !== null) return;
    this.#desk = await Desk.open(this.deps, session.person, {
      changed: () => this.#changed(),
      sessionOver: () => void this.#ended(),
    });
    this.#session = { ...session, device: this.#desk.core.device.device };
    this.#changed();
  }

  async #leave(session: SessionInfo): Promise<void> {
    const desk = this.#desk;
    this.#desk = null;
    this.#session = session;
    for (const { cancel } of this.#drafts.values()) cancel();
    this.#drafts.clear();
    await desk?.close();
    this.#changed();
  }

  /** Something says that the session is over: ask, and go on if it is not. */
  async #ended(): Promise<void> {
    const desk = this.#desk;
    if (desk === null) return;
    let session: SessionInfo = { ...ANONYMOUS, demo: this.#session.demo };
    try {
      session = await this.deps.api.session();
    } catch (error) {
      if (isPassing(error)) return desk.link.restart();
    }
    if (this.#desk !== desk) return;
    const same = session.state === "full" && session.person?.id === desk.core.person;
    if (same) return desk.link.restart();
    await this.#leave(session);
  }

  async #guarded<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "sign-in-needed") await this.#ended();
      throw error;
    }
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
    const base = { session: this.#session, states: this.#states };
    if (desk === null) {
      const nothing = { offlineSince: null, people: [], cases: [], outbox: 0, alarm: null };
      return { ...base, connection: "connecting", ...nothing };
    }
    const { mirror } = desk.core;
    return {
      session: this.#session,
      connection: desk.link.shown,
      offlineSince: desk.link.offlineSince,
      people: mirror.people,
      states: mirror.states.length > 0 ? mirror.states : this.#states,
      cases: caseViews(mirror),
      outbox: waiting(mirror),
      alarm: alarmOf(mirror),
    };
  }
}
