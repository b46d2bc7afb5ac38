/** The group of a new circle: made here, registered at the server, its title queued. */

import { equal, uuid } from "../bytes";
import { firstChain } from "../state/chain";
import { keys, type PendingCreation, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import { type Core, NotPossible } from "./core";
import { decided } from "./frozen/decided";
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

export class Beginning {
  constructor(
    private readonly core: Core,
    private readonly sending: Sending,
  ) {}

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
