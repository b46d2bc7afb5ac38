/** A member whose program was changed, and a host that changes what passes through it. */

import type { Entry } from "../../src/api/schema";
import { makeEngine } from "../../src/crypto/engine";
import { openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import type { Deps } from "../../src/effects/deps";
import { nextChain } from "../../src/state/chain";
import { resealed, spoiltTag } from "../mls/spoil";
import { type Desk, talking, texts, threadOf, until, type World } from "./world";

export type Hostile = {
  engine: NonNullable<Deps["engine"]>;
  /** From now on its commits have a wrong confirmation tag under a right membership tag. */
  spoils: boolean;
  /** From now on its messages claim another history than there was. */
  lies: boolean;
};

export function hostile(): Hostile {
  const bad: Hostile = {
    spoils: false,
    lies: false,
    engine: async (check) => {
      const engine = await makeEngine(check);
      const { commit, encrypt } = engine;
      engine.commit = async (state, intent, aad) => {
        const made = await commit.call(engine, state, intent, aad);
        if (!bad.spoils) return made;
        return { ...made, commit: await resealed(spoiltTag(made.commit, "confirmation"), state) };
      };
      engine.encrypt = (state, plaintext, aad) => {
        if (!bad.lies) return encrypt.call(engine, state, plaintext, aad);
        const envelope = openEnvelope(plaintext);
        const chain = envelope.prev.chain.map((byte) => byte ^ 1);
        const prev = { ...envelope.prev, chain };
        return encrypt.call(engine, state, sealEnvelope({ ...envelope, prev }), aad);
      };
      return engine;
    },
  };
  return bad;
}

/** The last entry of a log becomes another; what follows from it is made to fit. */
export async function replaceLast(
  world: World,
  circle: string,
  change: (entry: Entry) => Partial<Entry>,
): Promise<Entry> {
  const group = world.service.group(circle);
  const last = group.log.pop();
  if (last === undefined) throw new Error("no entry");
  const changed = { ...last, ...change(last) };
  changed.chain = await nextChain(group.log.at(-1)?.chain ?? group.first, changed);
  group.log.push(changed);
  return changed;
}

export const frozen = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.frozen ?? null;

export function cutOff(world: World, desk: Desk): void {
  world.service.fault = (_name, person) => (person === desk.person ? "request" : undefined);
  world.service.sockets.cut(desk.person);
}

export function reconnect(world: World, desk: Desk): void {
  world.service.fault = () => undefined;
  desk.client.network(true);
}

/** Ana, Boris and Mala talk; Mala's program does what she wants. */
export async function withMala(world: World): Promise<{
  ana: Desk;
  boris: Desk;
  mala: Desk;
  bad: Hostile;
  circle: string;
  caseId: string;
}> {
  const { ana, boris, circle, caseId } = await talking(world);
  const bad = hostile();
  world.engine = bad.engine;
  const mala = await world.person();
  world.engine = undefined;
  await ana.client.addPerson(caseId, mala.person, [circle]);
  await until("mala is in", () => threadOf(mala.client, circle)?.status === "active");
  await mala.client.renewKeys(circle);
  await ana.client.send(circle, "antes del fallo");
  for (const desk of [boris, mala]) {
    await until("read", async () => (await texts(desk.client, circle)).length === 1);
  }
  return { ana, boris, mala, bad, circle, caseId };
}

/** Mala stops the thread for the others. */
export async function stoppedByMala(world: World) {
  const made = await withMala(world);
  const { ana, boris, mala, bad, circle } = made;
  bad.spoils = true;
  void mala.client.renewKeys(circle).catch(() => undefined);
  for (const desk of [ana, boris]) await until("stopped", () => frozen(desk, circle) !== null);
  return made;
}
