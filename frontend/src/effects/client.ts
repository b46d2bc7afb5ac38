/** The client as the screen and the headless program see it. */

import { ApiError, isPassing } from "../api/errors";
import type { SessionInfo, StateName } from "../api/schema";
import { type AccountActs, accountActs } from "./account";
import { type AltaActs, altaActs } from "./alta";
import { type CaseActs, caseActs } from "./caseActs";
import { type ConsultingActs, consultingActs } from "./consulting";
import { NotPossible } from "./core";
import type { Deps } from "./deps";
import { type DesignationActs, designationActs } from "./designations/acts";
import { Desk } from "./desk";
import { type DeviceActs, deviceActs } from "./devices/acts";
import { Asking } from "./devices/asking";
import { type DirectoryActs, directoryActs } from "./directory/acts";
import { replayedBy } from "./directory/replayed";
import { type DossierActs, dossierActs } from "./dossiers/acts";
import { type FileActs, fileActs } from "./files/acts";
import { type FrozenActs, frozenActs } from "./frozen/acts";
import { type JoiningActs, joiningActs } from "./joinings";
import { Leaving } from "./leaving";
import { type LetterActs, letterActs } from "./letters/acts";
import { type LogActs, LogPart } from "./log/acts";
import { Aside } from "./log/aside";
import { type LookActs, lookActs } from "./looks";
import { type MessageActs, messageActs } from "./messageActs";
import { type NoteActs, noteActs } from "./notes";
import { type Opened, openPerson, openToSign, type Person, takeFictionalKey } from "./opening";
import { type OversightActs, oversightActs } from "./oversight";
import { type RequestActs, requestActs } from "./requests/acts";
import { type RetentionActs, retentionActs } from "./retention/acts";
import { type SearchActs, searchActs } from "./search/acts";
import { ANONYMOUS, keepsStore, NOBODY, readsCases, signsAlone } from "./sessions";
import { viewOf } from "./shown";
import { type StoppingActs, stoppingActs } from "./stopping";
import type { CaseHubClient } from "./surface";
import { type ThreadWordActs, threadWordActs } from "./threadWords";
import { Told } from "./told";
import type { Line, View } from "./views";

export type * from "./shapes";

export function openClient(deps: Deps): CaseHubClient {
  const client = new Client(deps);
  return Object.assign(client, client.account, client.alta, client.acts, client.log.acts);
}

type Read = LookActs & SearchActs & ThreadWordActs & FileActs;
type Acts = CaseActs &
  DeviceActs &
  RequestActs &
  FrozenActs &
  Read &
  JoiningActs &
  NoteActs &
  ConsultingActs &
  MessageActs;
type Parts = AccountActs & AltaActs & LogActs & Acts;

class Client implements Omit<CaseHubClient, keyof Parts> {
  #session = ANONYMOUS;
  #desk: Desk | null = null;
  /** The person's store, also while this browser is no device of theirs. */
  #opened: Opened | null = null;
  #opening: Promise<void> | null = null;
  /** From before anybody is told of a session until its store is open. */
  #entering: Promise<void> | null = null;
  #asking: Asking | null = null;
  #states: StateName[] = [];
  #view: View | null = null;
  readonly #told = new Told(() => this.view());
  readonly #leaving: Leaving;
  readonly #aside: Aside;
  readonly acts = this.#actsOf();
  readonly account: AccountActs;
  readonly alta: AltaActs;
  readonly log: LogPart;
  readonly designations: DesignationActs;
  readonly directory: DirectoryActs;
  readonly dossiers: DossierActs;
  readonly letters: LetterActs;
  readonly oversight: OversightActs;
  readonly retention: RetentionActs;
  readonly stopping: StoppingActs;

  constructor(private readonly deps: Deps) {
    this.#leaving = new Leaving(deps);
    if (deps.api.clocks) deps.api.clocks.changed = () => this.#changed();
    const receipts = () => this.#desk?.receipts ?? this.#aside.receipts;
    this.log = new LogPart(deps, receipts, () => this.#changed());
    this.#aside = new Aside(deps, this.log.watch, () => this.#changed());
    const whose = () => this.#session.person?.id ?? null;
    const session = () => this.#session;
    const replayed = replayedBy(deps, this.log.watch, session, () => this.#desk);
    const guarded = <T>(act: () => Promise<T>) => this.#guarded(act);
    const letting = <T>(act: () => Promise<T>) => this.log.letting(act);
    this.directory = directoryActs(deps, guarded, whose, replayed);
    this.oversight = oversightActs(deps, guarded, whose, this.log.watch);
    this.retention = retentionActs(deps, guarded, letting, () => this.#desk);
    this.stopping = stoppingActs(deps, {
      session,
      guarded,
      learned: async () => this.#desk?.refresh("all"),
      signer: () => this.#opened?.identity ?? null,
      opening: () => this.#entering,
    });
    const watch = () => this.log.watch;
    const opened = () => this.#opened;
    const waited = () => Promise.resolve(this.#entering).then(opened);
    const signing = { guarded, letting, opened: waited };
    this.designations = designationActs(deps, { ...signing, watch });
    this.dossiers = dossierActs(deps, {
      ...signing,
      state: () => session().person?.state ?? "",
      roles: () => session().person?.roles ?? [],
      desk: () => this.#desk,
      replayed,
    });
    this.letters = letterActs(deps, {
      ...{ ...signing, desk: () => this.#desk, replayed },
      makings: async (...of) => (await this.#desk?.requests.papers.carried(...of)) ?? [],
    });
    const entered = (session: SessionInfo) => this.#entered(session);
    this.alta = altaActs(deps, { session, opened, entered, guarded, watch: this.log.watch });
    const out = async (session: SessionInfo) => {
      this.#desk?.signedOut();
      await this.#leave(session);
    };
    this.account = accountActs(deps, guarded, out, letting);
  }

  view(): View {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  subscribe(listener: (view: View) => void): () => void {
    return this.#told.listen(listener);
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
      // Leaving waits for no disk: what it does not take is lost, and not left open.
      await this.saveDrafts().catch((error) => this.deps.report?.(error));
      await this.#desk?.requests.leave().catch((error) => this.deps.report?.(error));
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
    heard: () => this.#leaving.heard(),
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

  async lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]> {
    return this.#at().lines.read(circle, window);
  }

  onLines(circle: string, listener: (lines: Line[]) => void): () => void {
    return this.#at().lines.on(circle, listener);
  }

  setDraft(circle: string, text: string): void {
    this.#at().drafts.set(circle, text);
  }

  async saveDrafts(): Promise<void> {
    await Promise.all([
      this.#desk?.drafts.flush(),
      this.#desk?.requests.texts.flush(),
      this.designations.flush(),
      this.letters.flush(),
    ]);
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

  #entered(session: SessionInfo): Promise<void> {
    const entering = this.#enter(session).finally(() => {
      if (this.#entering === entering) this.#entering = null;
    });
    this.#entering = entering;
    return entering;
  }

  async #enter(session: SessionInfo): Promise<void> {
    const before = this.#desk?.core.person ?? this.#opened?.person.id; // also while it opens
    if (session.state !== "full" || session.person?.id !== before) await this.#leave(session);
    if (session.state !== "full") this.deps.api.publicLog?.feed.forget();
    this.#session = session;
    this.#changed();
    if (session.state !== "full" || session.person === null || this.#desk !== null) return;
    void this.log.watch?.look();
    const { person } = session;
    if (!keepsStore(person)) return this.#aside.begin(person.id, null);
    this.#opening ??= this.#open(person).finally(() => {
      this.#opening = null;
    });
    await this.#opening;
    // What waited since the last session; what cannot leave yet says so on its page.
    void this.letters.sendAll().catch(() => undefined);
  }

  /** Unlock the person's store, and work in it as their device if this browser is one. */
  async #open(person: Person): Promise<void> {
    if (this.#session.cut_off !== null) {
      this.#opened = await openToSign(this.deps, person, this.#opened);
      return this.#aside.begin(person.id, this.#opened);
    }
    this.#asking?.stop();
    const opened = this.#opened ? { ...this.#opened, person } : await openPerson(this.deps, person);
    this.#opened = opened;
    try {
      if (readsCases(person.roles)) await this.#work(opened);
      else if (signsAlone(person)) await takeFictionalKey(opened);
      if (this.#desk === null) await this.#aside.begin(person.id, opened);
    } catch (error) {
      this.#opened = null;
      await opened.vault.close();
      throw error;
    }
    this.#changed();
  }

  async #work(opened: Opened): Promise<void> {
    const events = {
      changed: () => this.#changed(),
      sessionOver: () => void this.#ended(),
      // What this tab has not written down yet goes under its seal first.
      signedOut: () =>
        void this.saveDrafts()
          .catch((error) => this.deps.report?.(error))
          .then(() => this.#leave({ ...this.#session, ...NOBODY })),
    };
    await this.#aside.handOver(opened);
    this.#desk = await Desk.open(this.deps, opened, events, this.log.watch);
    if (this.#desk !== null) {
      this.#asking = null;
      this.#session = { ...this.#session, device: this.#desk.core.device.device };
      return;
    }
    const named = () => this.#open(opened.person);
    this.#asking = new Asking(this.deps, opened, () => this.#changed(), named);
    await this.#asking.begin();
  }

  async #leave(session: SessionInfo): Promise<void> {
    const desk = this.#desk;
    const opened = this.#opened;
    this.#asking?.stop();
    this.#aside.end();
    this.#desk = this.#opened = this.#asking = null;
    this.#session = session;
    desk?.drafts.cancel();
    this.#changed(); // nothing is drawn any more, however long closing takes
    await Promise.all([desk ? desk.close() : opened?.vault.close(), this.oversight.close()]);
    this.#changed();
  }

  /** Something says that the session is over: ask, and go on if it is not. */
  async #ended(): Promise<void> {
    const desk = this.#desk;
    const person = this.#session.person?.id;
    if (this.#session.state !== "full") return;
    // What was typed goes under its seal while the key is here, whyever the session is over.
    await this.saveDrafts().catch((error) => this.deps.report?.(error));
    let session: SessionInfo = { ...this.#session, ...NOBODY };
    try {
      session = await this.deps.api.session();
    } catch (error) {
      if (isPassing(error)) return desk?.link.restart();
    }
    if (this.#desk !== desk || this.#session.person?.id !== person) return;
    if (session.state === "full" && session.person?.id === person) return desk?.link.restart();
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

  async #guarded<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "sign-in-needed") await this.#ended();
      throw error;
    }
  }

  #actsOf(): Acts {
    const door = [() => this.#at(), <T>(act: () => Promise<T>) => this.#guarded(act)] as const;
    return {
      ...caseActs(...door, () => this.log.watch),
      ...deviceActs(...door, () => this.#asking),
      ...requestActs(...door),
      ...frozenActs(...door),
      ...lookActs(() => this.#desk),
      ...threadWordActs(() => this.#desk),
      ...messageActs(...door),
      ...fileActs(() => this.deps, ...door),
      ...joiningActs(...door),
      ...noteActs(...door),
      ...consultingActs(...door),
      ...searchActs(...door),
    };
  }

  #at(): Desk {
    if (this.#desk === null) throw new NotPossible("sign-in-needed");
    return this.#desk;
  }

  #changed(): void {
    this.#view = null;
    this.#told.changed();
  }

  #makeView(): View {
    const log = this.log.view(this.#desk?.core.mirror ?? null);
    const asking = this.#asking?.view ?? null;
    const apart = this.deps.api.clocks?.apart ?? null;
    const base = { session: this.#session, states: this.#states, log, asking, apart };
    return viewOf(this.#desk, base);
  }
}
