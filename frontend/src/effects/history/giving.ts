/** Giving earlier messages to somebody who came later: sealed to their devices, said in the thread. */

import type { Giving as Said } from "../../crypto/content";
import {
  type Device,
  type EpochFacts,
  type GivenList,
  MOST_DEVICES,
  MOST_LIST,
  type Opened,
  sealHistory,
} from "../../crypto/history";
import type { InnerSignature } from "../../crypto/innerSignature";
import { keys, type OutboxRecord, type ThreadRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible } from "../core";
import type { Sending } from "../sending";
import { type HistoryOffer, type HistoryRange, type Parcel, planned } from "./offer";

/** Who would receive it, and on how many devices. */
export type HistoryShown = HistoryOffer & { readonly devices: number };

export class Giving {
  constructor(
    private readonly core: Core,
    private readonly sending: Sending,
  ) {}

  /** What would be given to `to`, and what would not. @throws {NotPossible} `history-not-reader` */
  async offer(circle: string, to: string, range: HistoryRange): Promise<HistoryShown> {
    const { vault, person: giver } = this.core;
    const thread = await vault.read(keys.thread(circle));
    const devices = this.#devicesOf(requireActive(thread), to);
    const { offer } = await planned({ vault, circle, giver, to, range });
    return { ...offer, devices: devices.length };
  }

  /**
   * Give exactly what `digest` names of an {@link offer}; in as many acts as it takes. Resolves with
   * their ids when they are durably queued.
   *
   * @throws {NotPossible} `history-changed` if it is something else by now, `history-not-reader`,
   *   `thread-waiting`, `thread-left`, `thread-frozen`
   */
  async give(circle: string, to: string, range: HistoryRange, digest: string): Promise<string[]> {
    const { core } = this;
    const { vault, person: giver } = core;
    const ids = await core.exclusive(async (tx) => {
      const thread = requireActive(await tx.get(keys.thread(circle)));
      const devices = this.#devicesOf(thread, to);
      const { offer, parcels } = await planned({ vault, circle, giver, to, range });
      if (offer.digest !== digest || offer.more || parcels.length === 0) {
        throw new NotPossible("history-changed");
      }
      const queued: string[] = [];
      for (const part of partsOf(parcels)) {
        queued.push((await this.#queue(tx, circle, to, part, devices)).id);
      }
      return queued;
    });
    this.sending.submitted(circle);
    return ids;
  }

  async #queue(
    tx: Tx,
    circle: string,
    to: string,
    part: readonly Parcel[],
    devices: readonly Device[],
  ): Promise<OutboxRecord> {
    const seqs = part.map(({ seq }) => seq);
    const [first = 0, last = 0] = [seqs[0], seqs.at(-1)];
    const announced = { to, first, last, count: seqs.length };
    const { engine } = this.core;
    const grant = await sealHistory(engine, circle, announced, listOf(part), devices);
    const content: Said = { kind: "give-history", about: 0, id: circle, ...grant };
    return this.core.enqueue(tx, circle, content, undefined, { gives: seqs });
  }

  /** The devices of a person that stand in the group and may read on, but for this one. */
  #devicesOf({ roster }: ThreadRecord, person: string): Device[] {
    const { people, device } = this.core;
    const standing = new Set(
      roster.filter((one) => one.person === person).map((one) => one.device),
    );
    const found = people.devicesOf(person).filter((one) => standing.has(one.device));
    const others = found.filter((one) => one.device !== device.device).slice(0, MOST_DEVICES);
    if (others.length === 0) throw new NotPossible("history-not-reader");
    return others;
  }
}

function requireActive(thread: ThreadRecord | undefined): ThreadRecord {
  if (thread === undefined) throw new NotPossible("thread-waiting");
  if (thread.status !== "active") throw new NotPossible(`thread-${thread.status}`);
  return thread;
}

/** The messages in parts whose lists fit into one message each, in their order. */
export function partsOf(parcels: readonly Parcel[]): Parcel[][] {
  const parts: Parcel[][] = [];
  let size = Number.POSITIVE_INFINITY;
  let epochs = new Set<number>();
  for (const parcel of parcels) {
    const fresh = new Set(signaturesOf(parcel).map(([, { epoch }]) => epoch));
    const known = [...fresh].filter((epoch) => epochs.has(epoch)).length;
    const items = (1 + parcel.edits.length) * ITEM;
    const grown = items + (fresh.size - known) * EPOCH;
    if (size + grown > MOST_LIST) {
      parts.push([]);
      epochs = new Set();
      size = AROUND + items + fresh.size * EPOCH;
    } else size += grown;
    for (const epoch of fresh) epochs.add(epoch);
    parts.at(-1)?.push(parcel);
  }
  return parts;
}

/** Bytes of JSON, at most: of an entry, of an epoch, and of what is around them. */
const [ITEM, EPOCH, AROUND] = [16 + 10 + 38 + 7, 16 + 2 * 43 + 9, 64] as const;

function signaturesOf({ seq, own, edits }: Parcel): (readonly [number, InnerSignature])[] {
  return [[seq, own], ...edits];
}

export function listOf(part: readonly Parcel[]): GivenList {
  const epochs = new Map<number, EpochFacts>();
  for (const [, inner] of part.flatMap(signaturesOf)) {
    const { epoch, tree, transcript } = inner;
    epochs.set(epoch, { epoch, tree, transcript });
  }
  const edits = part.flatMap((one) => one.edits).sort(([a], [b]) => a - b);
  return {
    epochs: [...epochs.values()].sort((a, b) => a.epoch - b.epoch),
    messages: part.map(({ seq, own }) => opened(seq, own)),
    edits: edits.map(([seq, inner]) => opened(seq, inner)),
  };
}

function opened(seq: number, { leaf, opener }: InnerSignature): Opened {
  if (opener === undefined) throw new NotPossible("history-changed");
  return { seq, leaf, opener };
}
