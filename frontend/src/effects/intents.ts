/**
 * Acts of several steps: opening a case or a thread, letting a person in.
 *
 * The intent is stored first and its id is the client id at the server, so that every step can be
 * repeated; it is forgotten in the same batch that queues the title, its last step.
 */

import { ApiError, isPassing } from "../api/errors";
import type { CaseFile } from "../api/schema";
import { equal, uuid } from "../bytes";
import { firstChain } from "../state/chain";
import { afterRefusal, isRefused, type SendNote } from "../store/intents";
import { type IntentRecord, keys, type PendingCreation, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import { type Core, NotPossible } from "./core";
import { decided } from "./frozen/decided";
import type { Reconcile } from "./reconcile";
import { dismissed, without } from "./returning";
import { membersOf } from "./roster";
import type { Sending } from "./sending";

export type Opening = {
  circle: string;
  /** Of a request's draft: known from the first moment, whatever the server calls it later. */
  drafting?: true;
  title: string;
  invited: string[];
  /** Only what this very act begins will do, not a group that is there: the host names the circle. */
  own?: true;
  /** More is to be done once it is begun: whoever asked forgets the intent. */
  goesOn?: true;
  /** The stopped circle that it goes on from. */
  continues?: string | undefined;
  /** What is stored in the same batch as the group. */
  also?: (tx: Tx) => Promise<void>;
};

/** The case or the request that an act was about, and its circle. */
export type Done = { id: string; circle: string };

type OnRequests = Extract<IntentRecord, { kind: "draft-request" | "add-drafter" }>;

export class Intents {
  /** Carries out the acts on requests. */
  requests: { carryOut(intent: OnRequests): Promise<Done> } | undefined;
  /** Sends first-line information. */
  notes: { carryOut(intent: SendNote): Promise<Done> } | undefined;

  constructor(
    private readonly core: Core,
    private readonly reconcile: Reconcile,
    private readonly sending: Sending,
    /** The server's answer to an act: what the case is like now. */
    private readonly learn: (caseFile: CaseFile) => void,
  ) {}

  async openCase(states: string[], title: string, urgent = false): Promise<string> {
    const { clock, random } = this.core.deps;
    const said = { states, title, urgent };
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
    await this.#dismissed(circles, person);
    // What is left of this after a crash is done by any member's client.
    await this.followAll(circles);
  }

  /** Out of one thread; the case and its other threads stay theirs. */
  async removeReader(circle: string, person: string): Promise<void> {
    this.learn(await this.core.api.removeFromCircle(circle, person));
    await this.#dismissed([circle], person);
    await this.followAll([circle]);
  }

  /** Whom a person takes out does not come back by themselves, also if a stop had come before. */
  #dismissed(circles: readonly string[], person: string): Promise<void> {
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

  async begin(intent: IntentRecord): Promise<Done> {
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
          const open = (await this.core.vault.read(keys.intent(intent.id))) !== undefined;
          if (open && !isRefused(intent)) await this.#steps(intent);
        });
      } catch (error) {
        if (isPassing(error) || !(error instanceof ApiError)) throw error;
        this.core.report(error);
      }
    }
  }

  /** One at a time for this person's tabs. */
  #alone<T>(intent: IntentRecord, work: () => Promise<T>): Promise<T> {
    return this.core.deps.locks.run(`casehub-intent-${intent.id}`, async () => {
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
        const caseFile = await api.openCase(intent.id, intent.states, intent.urgent ?? false);
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
    }
  }

  async #addPerson(intent: Extract<IntentRecord, { kind: "add-person" }>): Promise<Done> {
    const { id, person, circles } = intent;
    const caseFile = await this.#entitle(intent);
    this.learn(caseFile);
    const entered = [caseFile.circle, ...circles];
    await this.invited(id, entered, person);
    await this.followAll(entered);
    return { id: caseFile.id, circle: caseFile.circle };
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

  /** Make the group, register it, and queue its title: each step may be the second time. */
  async start(intent: string, opening: Opening): Promise<void> {
    const { circle, also, own, goesOn } = opening;
    const known = await this.core.vault.read(keys.thread(circle));
    if (known) {
      if (own && known.begunBy !== intent) throw new NotPossible("thread-not-found");
      await this.core.exclusive(async (tx) => {
        await also?.(tx);
        if (!goesOn) tx.remove(keys.intent(intent));
      });
      return;
    }
    const creation = await this.#creation(circle);
    const { api } = this.core;
    const answer = await api.createThread(circle, creation.client_id, creation.groupInfo);
    const chain = await firstChain(circle);
    if (!equal(answer.chain, chain)) throw new NotPossible("chain-mismatch");
    await this.core.exclusive(async (tx) => {
      await this.#begun(tx, intent, opening, creation, chain);
      await also?.(tx);
      if (!goesOn) tx.remove(keys.intent(intent));
    });
    this.sending.ready(circle); // begun here and now: there is nothing it could be behind
  }

  #creation(circle: string): Promise<PendingCreation> {
    return this.core.exclusive(async (tx) => {
      const known = await tx.get(keys.creation(circle));
      if (known) return known;
      const { engine, device, deps } = this.core;
      const { state, groupInfo } = await engine.create(uuid.toBytes(circle), device);
      const client_id = deps.random.uuid();
      const creation = { client_id, groupInfo, state: engine.serialise(state) };
      tx.put(keys.creation(circle), creation);
      return creation;
    });
  }

  async #begun(
    tx: Tx,
    intent: string,
    { circle, title, invited, drafting, continues }: Opening,
    creation: PendingCreation,
    chain: Uint8Array,
  ): Promise<void> {
    const { core } = this;
    const state = core.engine.deserialise(creation.state);
    const thread: ThreadRecord = {
      circle,
      status: "active",
      seq: 0,
      chain,
      epoch: 0,
      since: { seq: 0, chain },
      roster: membersOf(core.engine.info(state).roster),
      name: title,
      counter: 0,
      others: 0,
      lastAt: null,
      invited,
      stateRevision: 0,
      renewedAt: core.deps.clock(),
      sentSince: 0,
      begunBy: intent,
      ...(drafting && { drafting }),
      ...(continues !== undefined && { continues }),
    };
    tx.put(keys.thread(circle), core.groups.put(tx, thread, state));
    tx.remove(keys.creation(circle));
    const { person } = core;
    const at = { seq: 0, chain, at: core.now(), others: 0 };
    const what = "created";
    tx.put(keys.line(circle, 0), { ...at, kind: "event", what, people: [person], by: person });
    core.sayTitle(tx, thread, title);
    if (continues !== undefined) await decided(tx, continues, circle);
  }
}

async function invite(tx: Tx, circle: string, person: string): Promise<void> {
  const thread = await tx.get(keys.thread(circle));
  if (thread?.status !== "active" || thread.invited.includes(person)) return;
  if (thread.roster.some((member) => member.person === person)) return;
  const invited = [...thread.invited, person];
  tx.put(keys.thread(circle), { ...without(thread, [person]), invited });
}
