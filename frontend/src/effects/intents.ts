/**
 * Acts of several steps: opening a case or a thread, letting a person in.
 *
 * The intent is stored first and its id is the client id at the server, so that every step can be
 * repeated; it is forgotten in the same batch that queues the title, its last step.
 */

import { ApiError, isPassing, Unreachable } from "../api/errors";
import type { CaseFile } from "../api/schema";
import { afterRefusal, isRefused, type SendNote } from "../store/intents";
import { type IntentRecord, keys } from "../store/records";
import type { Tx } from "../store/vault";
import { Beginning, type Opening } from "./beginning";
import { sameBegun } from "./begun";
import { type Core, NotPossible } from "./core";
import type { Reconcile } from "./reconcile";
import { dismissed, without } from "./returning";
import type { Sending } from "./sending";

/** The case or the request that an act was about, and its circle. */
export type Done = { id: string; circle: string };

type Answering = Extract<IntentRecord, { kind: "answer-consultation" }>;
type OnRequests = Extract<IntentRecord, { kind: "draft-request" | "add-drafter" }>;

export class Intents {
  /** Carries out the acts on requests. */
  requests: { carryOut(intent: OnRequests): Promise<Done> } | undefined;
  /** Sends first-line information, and asks about requests. */
  notes: { carryOut(intent: SendNote): Promise<Done> } | undefined;
  /** Answers what was asked about a request. */
  consulting: { carryOut(intent: Answering): Promise<Done> } | undefined;
  readonly #groups: Beginning;

  constructor(
    private readonly core: Core,
    private readonly reconcile: Reconcile,
    private readonly sending: Sending,
    /** The server's answer to an act: what the case is like now. */
    private readonly learn: (caseFile: CaseFile) => void,
  ) {
    this.#groups = new Beginning(core, sending);
  }

  /** Begin a circle's group: each step may be the second time. */
  start(intent: string, opening: Opening): Promise<void> {
    return this.#groups.start(intent, opening);
  }

  async openCase(
    states: string[],
    title: string,
    urgent = false,
    retention?: string,
  ): Promise<string> {
    const { clock, random } = this.core.deps;
    const said = { states, title, urgent, ...(retention !== undefined && { retention }) };
    const intent = { kind: "open-case", id: random.uuid(), at: clock(), ...said } as const;
    return (await this.begin(intent)).id;
  }

  async openThread(
    caseId: string,
    name: string,
    people: string[],
    continues?: string,
  ): Promise<string> {
    const { clock, random } = this.core.deps;
    const known = this.core.mirror.cases
      .filter(({ id }) => id === caseId)
      .flatMap(({ threads }) => threads.map(({ circle }) => circle));
    const intent = {
      kind: "open-thread",
      id: random.uuid(),
      at: clock(),
      caseId,
      name,
      people,
      known,
      ...(continues !== undefined && { continues }),
    } as const;
    return (await this.begin(intent)).circle;
  }

  async addPerson(caseId: string, person: string, circles: string[]): Promise<void> {
    const { clock, random } = this.core.deps;
    const intent = {
      kind: "add-person",
      id: random.uuid(),
      at: clock(),
      caseId,
      person,
      circles,
    } as const;
    await this.begin(intent);
  }

  /** Give a case its title: a new one, or the first, which begins the circle's group. */
  async nameCase(caseId: string, title: string): Promise<void> {
    const { clock, random } = this.core.deps;
    const intent = { kind: "name-case", id: random.uuid(), at: clock(), caseId, title } as const;
    await this.begin(intent);
  }

  async removePerson(caseId: string, person: string): Promise<void> {
    const caseFile = await this.core.api.removePerson(caseId, person);
    if (caseFile === null) return; // oneself: the socket tells what was lost
    this.learn(caseFile);
    const circles = [caseFile.circle, ...caseFile.threads.map(({ circle }) => circle)];
    await this.dismissed([...circles, ...this.#ended(caseId, person)], person);
    // What is left of this after a crash is done by any member's client.
    await this.followAll(circles);
  }

  /** Out of one thread; the case and its other threads stay theirs. */
  async removeReader(circle: string, person: string): Promise<void> {
    this.learn(await this.core.api.removeFromCircle(circle, person));
    await this.dismissed([circle], person);
    await this.followAll([circle]);
  }

  /**
   * What somebody leaves with a case whom their own State takes out of it: its drafts, and the notes
   * that they sent from it (docs/adr/0013, 0033). With people of another State nobody drafts, and a
   * note stays its sender's.
   */
  #ended(caseId: string, person: string): string[] {
    const { mirror, device } = this.core;
    const sent = mirror.notes.filter((one) => {
      return one.sender === person && one.sender_state === device.state;
    });
    const asked = mirror.consultations.filter((one) => {
      return one.asker === person && one.asker_state === device.state;
    });
    const all = [...mirror.requests, ...sent, ...asked].filter((one) => one.case === caseId);
    return all.map(({ circle }) => circle);
  }

  /** Whom a person takes out does not come back by themselves, also if a stop had come before. */
  dismissed(circles: readonly string[], person: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      for (const circle of circles) {
        const thread = await tx.get(keys.thread(circle));
        if (thread !== undefined) tx.put(keys.thread(circle), dismissed(thread, person));
      }
    });
  }

  /** Give a thread another name. @throws {NotPossible} while this device is not in it */
  async nameThread(circle: string, name: string): Promise<void> {
    const { core } = this;
    await core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread?.status !== "active") throw new NotPossible("thread-waiting");
      tx.put(keys.thread(circle), { ...thread, name });
      core.sayTitle(tx, thread, name);
    });
    this.sending.submitted(circle);
  }

  async begin(wanted: IntentRecord): Promise<Done> {
    const intent = sameBegun(wanted, this.core.mirror.intents.values()) ?? wanted;
    return this.#alone(intent, async () => {
      await this.core.intent(intent);
      return this.#steps(intent);
    });
  }

  /** Finish what an earlier moment began. */
  async resume(): Promise<void> {
    for (const [, intent] of await this.core.vault.list(keys.intents)) {
      try {
        await this.#alone(intent, async () => {
          // Whoever had begun it was at work, and is done with it.
          // What it is by now: it may have been said anew, or given up, while this one waited.
          const now = await this.core.vault.read(keys.intent(intent.id));
          if (now !== undefined && !isRefused(now)) await this.#steps(now);
        });
      } catch (error) {
        if (isPassing(error) || !(error instanceof ApiError)) throw error;
        this.core.report(error);
      }
    }
  }

  /**
   * Give up an act that waits for the network; what is on its way is let come to its end first.
   *
   * @throws {NotPossible} `already-sent` if it is done
   */
  async giveUp({ id }: IntentRecord): Promise<void> {
    await this.core.deps.locks.run(nameOf(id), () =>
      this.core.exclusive(async (tx) => {
        if ((await tx.get(keys.intent(id))) === undefined) throw new NotPossible("already-sent");
        tx.remove(keys.intent(id));
      }),
    );
  }

  /** One at a time for this person's tabs. */
  #alone<T>(intent: IntentRecord, work: () => Promise<T>): Promise<T> {
    return this.core.deps.locks.run(nameOf(intent.id), async () => {
      try {
        return await work();
      } catch (error) {
        // Refused for good: the person was told, and trying again would not help.
        if (error instanceof ApiError && !isPassing(error)) {
          await this.core.exclusive(async (tx) => {
            const left = afterRefusal(intent, error.code);
            if (left === null) tx.remove(keys.intent(intent.id));
            else tx.put(keys.intent(intent.id), left);
          });
        }
        throw error;
      }
    });
  }

  async #steps(intent: IntentRecord): Promise<Done> {
    const { api } = this.core;
    switch (intent.kind) {
      case "open-case": {
        const { id, states, urgent = false, retention } = intent;
        const caseFile = await api.openCase(id, states, urgent, retention);
        const { circle } = caseFile;
        this.learn(caseFile);
        await this.start(intent.id, { circle, title: intent.title, invited: [] });
        return { id: caseFile.id, circle };
      }
      case "open-thread": {
        const caseFile = await api.openThread(intent.caseId, intent.id, intent.people);
        const circle = this.#newCircle(caseFile, intent);
        this.learn(caseFile);
        const invited = intent.people.filter((person) => person !== this.core.person);
        const { name: title, continues } = intent;
        await this.start(intent.id, { circle, own: true, title, invited, continues });
        await this.followAll([circle]);
        return { id: caseFile.id, circle };
      }
      case "add-person":
        return this.#addPerson(intent);
      case "name-case":
        return this.#nameCase(intent);
      case "draft-request":
      case "add-drafter":
        if (this.requests === undefined) throw new NotPossible("not-found");
        return this.requests.carryOut(intent);
      case "send-note":
        if (this.notes === undefined) throw new NotPossible("not-found");
        return this.notes.carryOut(intent);
      case "answer-consultation":
        if (this.consulting === undefined) throw new NotPossible("not-found");
        return this.consulting.carryOut(intent);
    }
  }

  async #addPerson(intent: Extract<IntentRecord, { kind: "add-person" }>): Promise<Done> {
    const { id, person, circles } = intent;
    // Whoever was just taken out goes first: what took their leaf out later would not be undone.
    for (const circle of this.#leaving(intent)) await this.reconcile.run(circle);
    if (this.#leaving(intent).length > 0) throw new Unreachable("their leaf is still there");
    const caseFile = await this.#entitle(intent);
    this.learn(caseFile);
    const entered = [caseFile.circle, ...circles];
    await this.invited(id, entered, person);
    await this.followAll(entered);
    return { id: caseFile.id, circle: caseFile.circle };
  }

  /** Circles in whose group somebody still stands who may not read them any more. */
  #leaving({ caseId, person, circles }: Extract<IntentRecord, { kind: "add-person" }>): string[] {
    const { mirror } = this.core;
    const known = mirror.cases.find(({ id }) => id === caseId);
    return [...(known ? [known.circle] : []), ...circles].filter((circle) => {
      const inside = mirror.threads.get(circle)?.roster.some((one) => one.person === person);
      return inside && !mirror.circles().get(circle)?.people.includes(person);
    });
  }

  /** The last step of letting somebody in here; the rest follows from what is now stored. */
  invited(intent: string, circles: readonly string[], person: string): Promise<void> {
    return this.core.exclusive(async (tx) => {
      for (const circle of circles) await invite(tx, circle, person);
      tx.remove(keys.intent(intent));
    });
  }

  /** Somebody new enters the case; who is in it already enters the threads one by one. */
  async #entitle(intent: Extract<IntentRecord, { kind: "add-person" }>): Promise<CaseFile> {
    const { caseId, id, person, circles } = intent;
    const { api, mirror } = this.core;
    const known = mirror.cases.find((one) => one.id === caseId);
    if (!known?.people.some((member) => member.id === person)) {
      return api.addPerson(caseId, id, person, [...circles]);
    }
    let caseFile = known;
    for (const circle of circles) {
      try {
        caseFile = await api.addToCircle(circle, this.core.deps.random.uuid(), person);
      } catch (error) {
        // The step was done before a reload.
        if (!(error instanceof ApiError && error.code === "already-in")) throw error;
      }
    }
    return caseFile;
  }

  async #nameCase(intent: Extract<IntentRecord, { kind: "name-case" }>): Promise<Done> {
    const { core } = this;
    const caseFile = core.mirror.cases.find(({ id }) => id === intent.caseId);
    if (caseFile === undefined) throw new NotPossible("not-found");
    const { circle } = caseFile;
    const { title } = intent;
    if (core.mirror.threads.get(circle)?.status === "active") {
      await core.exclusive(async (tx) => {
        const thread = await tx.get(keys.thread(circle));
        if (thread) {
          tx.put(keys.thread(circle), { ...thread, name: title });
          core.sayTitle(tx, thread, title);
        }
        tx.remove(keys.intent(intent.id));
      });
      this.sending.submitted(circle);
      return { id: caseFile.id, circle };
    }
    const invited = caseFile.people.map(({ id }) => id).filter((id) => id !== core.person);
    await this.start(intent.id, { circle, title, invited });
    await this.followAll([circle]);
    return { id: caseFile.id, circle };
  }

  /** What can be done now is done now; the rest follows when the persons have devices. */
  async followAll(circles: string[]): Promise<void> {
    for (const circle of new Set(circles)) {
      try {
        await this.reconcile.run(circle);
      } catch (error) {
        this.core.report(error);
        this.reconcile.plan(circle);
      }
    }
  }

  /**
   * The answer of opening a thread is the whole case: the new circle is the one that bears our
   * client id, or else was not there, has exactly these readers, and is not ours already.
   */
  #newCircle(caseFile: CaseFile, intent: Extract<IntentRecord, { kind: "open-thread" }>): string {
    const named = caseFile.threads.find(({ client_id }) => client_id === intent.id);
    if (named) return named.circle;
    const known = new Set(intent.known);
    const readers = [...new Set([this.core.person, ...intent.people])].sort().join();
    const found = caseFile.threads.filter(
      ({ circle, people }) =>
        !known.has(circle) &&
        !this.core.mirror.threads.has(circle) &&
        [...people].sort().join() === readers,
    );
    const newest = found.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1))[0];
    if (newest === undefined) throw new NotPossible("thread-not-found");
    return newest.circle;
  }
}

const nameOf = (intent: string): string => `casehub-intent-${intent}`;

async function invite(tx: Tx, circle: string, person: string): Promise<void> {
  const thread = await tx.get(keys.thread(circle));
  if (thread?.status !== "active" || thread.invited.includes(person)) return;
  if (thread.roster.some((member) => member.person === person)) return;
  const invited = [...thread.invited, person];
  tx.put(keys.thread(circle), { ...without(thread, [person]), invited });
}
