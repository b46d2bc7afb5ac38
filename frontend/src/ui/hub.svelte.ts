/** What every component may ask: the client, its latest view, and look-ups in it. */

import { createContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type {
  CaseHubClient,
  CaseView,
  RequestView,
  ShownPerson,
  Stopped,
  ThreadView,
  View,
} from "./client";
import { type ShownError, shown } from "./errors";
import { asked } from "./finder/asked.svelte";
import { type Locked, lock, lockedTogether } from "./locked.svelte";
import { notices } from "./notices.svelte";
import { preferences } from "./preferences.svelte";
import { isCoordinator, mayRead } from "./rights";
import { paths } from "./routes";
import { t } from "./words";

/** The part of a session's time after which its end, unasked, is the end of waiting. */
const AWAY = 0.9;

/** What a country is called in the language of the page; what is no code of one stands as it is. */
function countryName(code: string): string {
  try {
    return new Intl.DisplayNames([preferences.language], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export class Hub {
  readonly client: CaseHubClient;
  view: View;
  /** How the session that this page saw alive ended: signed out, unasked, or with its account. */
  ending: "none" | "left" | "lost" | "closed" | "locked" = $state("none");
  /** True once the page has read its first session: who comes in later signs in here. */
  started = false;
  /** True while the page of somebody who has just signed in here awaits the keyboard. */
  arrived = false;
  /** Set while an act waits for a fresh proof of who the person is; called with how it went. */
  stepUp: ((proven: boolean) => void) | null = $state.raw(null);
  /** Fetches what asks for that proof; rejects where it does not come. Given by the page. */
  fetchStepUp: () => Promise<void> = async () => undefined;
  /** The message that somebody asked to see, until its thread is drawn. */
  sought: { circle: string; seq: number } | null = null;
  /** Of the State of whoever was stopped here: whom to call. */
  coordinators: ShownPerson[] = $state.raw([]);
  /** Why the signed-in person's own store could not be opened, until it could. */
  beginFailure: ShownError | null = $state(null);
  /** References of case files that this page has shown and this person is no longer in. */
  readonly lost = new SvelteSet<string>();
  /** When a key or a pointer was last used here, milliseconds. */
  usedAt = Date.now();
  /** How the person is ending the session, so that its end is no surprise. */
  #leaving: "left" | "closed" | "locked" | null = null;
  #tabs = { tell: (_why: Locked["why"]): void => undefined, stop: (): void => undefined };
  readonly #people: ReadonlyMap<string, ShownPerson>;
  readonly #stops: ReadonlyMap<string, Stopped>;

  constructor(client: CaseHubClient) {
    this.client = client;
    this.view = $state.raw(client.view());
    this.#people = $derived(new Map(this.view.people.map((person) => [person.id, person])));
    this.#stops = $derived(
      new Map(
        this.view.cases
          .flatMap(({ people }) => people)
          .flatMap(({ id, stopped }) => (stopped === null ? [] : [[id, stopped] as const])),
      ),
    );
  }

  /** Follow the client; returns the way to stop. */
  follow(): () => void {
    this.#tabs = lockedTogether((why) => void this.#shut(why));
    const stop = this.client.subscribe((view) => {
      const was = this.view.session.state;
      if (was === "full" && view.session.state === "anonymous") {
        this.ending = this.#leaving ?? (this.#wasAway() ? "locked" : "lost");
        if (this.#leaving === null && this.ending === "locked") this.#forget("idle");
        const { person } = this.view.session;
        this.coordinators = this.view.people.filter(
          (one) =>
            one.id !== person?.id &&
            one.state === person?.state &&
            isCoordinator(one) &&
            one.stopped === null,
        );
      }
      if (was !== "full" && view.session.state === "full") {
        this.ending = "none";
        this.#leaving = null;
        this.usedAt = Date.now();
        lock.clear();
        this.arrived = this.started;
      }
      if (was !== view.session.state) {
        this.stepUp?.(false);
        notices.clear();
        asked.clear();
      }
      const back = this.view.connection !== "online" && view.connection === "online";
      if (back) notices.reconnected();
      if (view.log.unsettled > this.view.log.unsettled) notices.say(t("log.notYet"));
      this.#compare(this.view, view);
      this.view = view;
    });
    return () => {
      stop();
      this.#tabs.stop();
    };
  }

  #compare(was: View, now: View): void {
    if (now.session.person === null) {
      this.lost.clear();
      return;
    }
    const here = new Set(now.cases.map((item) => item.reference));
    for (const { reference } of was.cases) {
      if (was.session.person?.id !== now.session.person.id || here.has(reference)) continue;
      this.lost.add(reference);
      notices.say(t("case.lost", { reference }));
    }
    for (const reference of here) this.lost.delete(reference);
  }

  /**
   * Start, or sign in. What fails before the session is whole is thrown; what fails after it
   * (the store, the device, the network) stands on the page, with a way to try again.
   */
  async begin(act: () => Promise<void>): Promise<void> {
    this.beginFailure = null;
    try {
      await act();
    } catch (error) {
      const { session } = this.client.view();
      if (session.state !== "full") throw error;
      if (mayRead(session)) this.beginFailure = shown(error);
    }
  }

  /** True until what this person reads is known. */
  get opening(): boolean {
    return this.view.people.length === 0;
  }

  async signOut(): Promise<void> {
    this.#leaving = "left";
    // Whoever is still here after that may still lock.
    if (!(await this.attempt(() => this.client.signIn.out()))) this.#leaving = null;
  }

  /** Close the account for good. What goes wrong is thrown, also that no fresh proof was given. */
  async closeAccount(): Promise<void> {
    await this.proven(async () => {
      this.#leaving = "closed";
      try {
        await this.client.closeAccount();
      } catch (error) {
        this.#leaving = null;
        throw error;
      }
    });
  }

  /**
   * End the session, and have nothing decrypted left in this page or its other tabs. Drafts are
   * written under their seal first.
   */
  async lock(why: Locked["why"]): Promise<void> {
    this.#tabs.tell(why);
    await this.#shut(why);
  }

  async #shut(why: Locked["why"]): Promise<void> {
    if (this.view.session.state !== "full" || this.#leaving !== null) return;
    this.#leaving = "locked";
    const { connection, session } = this.view;
    const reachable = connection === "online" || (!mayRead(session) && navigator.onLine);
    const { person } = session;
    await this.attempt(() => this.client.signIn.out());
    this.#forget(why, person?.name, reachable);
  }

  /** The page begins anew, without a memory; where no page would come, what it can drop is gone. */
  #forget(why: Locked["why"], name = this.view.session.person?.name, reachable = true): void {
    lock.set({ name: name ?? "", at: new Date().toISOString(), why });
    let begun = false;
    const anew = () => {
      if (!begun) location.reload();
      begun = true;
    };
    if (reachable) anew();
    else {
      addEventListener("online", anew, { once: true });
      // Where only the site was away the browser's network never was, and no event says it is back.
      void this.client.signIn.heard().then(anew);
    }
  }

  /** Whether nobody has used this page for as long as a session lasts, by its own count. */
  #wasAway(): boolean {
    const lasts = (this.view.session.idle_seconds ?? Number.POSITIVE_INFINITY) * 1000;
    return Date.now() - this.usedAt >= lasts * AWAY;
  }

  get me(): string {
    return this.view.session.person?.id ?? "";
  }

  /** With what the case files say of stops since the directory was read. */
  person(id: string): ShownPerson | null {
    const found = this.#people.get(id) ?? null;
    const stopped = this.#stops.get(id);
    return found === null || stopped === undefined ? found : { ...found, stopped };
  }

  /** The persons of `ids` who are in the directory, each once. */
  people(ids: readonly string[]): ShownPerson[] {
    return [...new Set(ids)].map((id) => this.person(id)).filter((person) => person !== null);
  }

  /** One that is not in the directory may be asked all the same: it has the name that all know. */
  stateName(code: string): string {
    if (code === "") return t("state.regional");
    const state = this.view.states.find((item) => item.code === code);
    return state?.name[preferences.language] ?? countryName(code);
  }

  caseFile(reference: string): CaseView | null {
    return this.view.cases.find((item) => item.reference === reference) ?? null;
  }

  thread(circle: string): ThreadView | null {
    const threads = this.view.cases.flatMap((item) => item.threads);
    const all = [...threads, ...this.view.notes.map(({ thread }) => thread)];
    return all.find((item) => item.circle === circle) ?? null;
  }

  /** Where a thread is read; null where its case is none of this person's. */
  pathOf({ kind, caseId, circle }: ThreadView): string | null {
    if (kind === "note") return paths.note(circle);
    const found = this.view.cases.find((one) => one.id === caseId);
    if (found === undefined) return null;
    return kind === "case"
      ? paths.caseFile(found.reference)
      : paths.thread(found.reference, circle);
  }

  request(id: string): RequestView | null {
    return this.view.requests.find((item) => item.id === id) ?? null;
  }

  /**
   * Do what may ask for a fresh proof of who the person is: the proof is asked for in place, and
   * then the act is done. What goes wrong is thrown, also that no proof was given.
   */
  async proven<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (shown(error).code !== "step-up-needed") throw error;
      await this.fetchStepUp();
      const proven = await new Promise<boolean>((done) => {
        this.stepUp = done;
      });
      this.stepUp = null;
      if (!proven) throw error;
      return act();
    }
  }

  /** Do one thing for the person; what goes wrong is shown. Answers whether it was done. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      notices.fail(error);
      return false;
    }
  }
}

export const [useHub, provideHub] = createContext<Hub>();
