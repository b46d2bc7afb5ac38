/** What is said in a thread, and a member whose program says something else. */

import { canonical } from "../../src/canonical";
import { dataOf } from "../../src/crypto/content";
import { makeEngine } from "../../src/crypto/engine";
import { type Opened, openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import type { ActLine, Message } from "../../src/effects/shapes";
import { type Desk, talking, threadOf, until, type World } from "./world";

export async function messages(desk: Desk, circle: string): Promise<Message[]> {
  const lines = await desk.client.lines(circle);
  return lines.flatMap((line) => (line.kind === "message" ? [line.message] : []));
}

export async function acts(desk: Desk, circle: string): Promise<ActLine[]> {
  const lines = await desk.client.lines(circle);
  return lines.flatMap((line) => (line.kind === "act" ? [line] : []));
}

/** Say something, and wait until it stands in everybody's record; its entry. */
export async function say(by: Desk, all: Desk[], circle: string, text: string, beside = {}) {
  const id = await by.client.send(circle, text, undefined, beside);
  let seq = 0;
  for (const desk of all) {
    await until(`read: ${text}`, async () => {
      const found = (await messages(desk, circle)).find((one) => one.id === id);
      seq = found?.seq ?? 0;
      return seq > 0;
    });
  }
  return seq;
}

export const at = async (desk: Desk, circle: string, seq: number): Promise<Message | undefined> =>
  (await messages(desk, circle)).find((one) => one.seq === seq);

export async function seen(
  all: Desk[],
  circle: string,
  seq: number,
  holds: (message: Message) => boolean,
): Promise<void> {
  for (const desk of all) {
    await until("it shows", async () => {
      const found = await at(desk, circle, seq);
      return found !== undefined && holds(found);
    });
  }
}

export type Forge = {
  /** What its owner says next becomes what this makes of it. */
  now: ((opened: Opened) => Opened) | null;
  /** Nothing in clear tells that it is an act. */
  silent: boolean;
};

/** The changed program of somebody. */
function forging(forge: Forge): World["engine"] {
  return async (check) => {
    const engine = await makeEngine(check);
    const { encrypt } = engine;
    engine.encrypt = (state, plaintext, aad) => {
      if (forge.now === null) return encrypt.call(engine, state, plaintext, aad);
      const forged = forge.now(openEnvelope(plaintext));
      const data = forge.silent ? aad : canonical(dataOf(forged.id, forged.content));
      return encrypt.call(engine, state, sealEnvelope(forged), data);
    };
    return engine;
  };
}

/** Ana and Boris talk; Mala's program says what `says` makes of her words. */
export async function withForger(world: World) {
  const { ana, boris, circle, caseId } = await talking(world);
  const forge: Forge = { now: null, silent: false };
  world.engine = forging(forge);
  const mala = await world.person();
  world.engine = undefined;
  await ana.client.addPerson(caseId, mala.person, [circle]);
  await until("mala is in", () => threadOf(mala.client, circle)?.status === "active");
  return { ana, boris, mala, circle, forge };
}

/** Two persons in a thread, one of them with two devices. */
export async function withSecond(world: World) {
  const ana = await world.person();
  const boris = await world.person();
  const second = await world.device(boris.person);
  const caseId = await ana.client.openCase(["SV"], "Caso Río");
  await ana.client.addPerson(caseId, boris.person, []);
  const circle = await ana.client.openThread(caseId, "Traslado", [boris.person]);
  const all = [ana, boris, second];
  for (const desk of all) {
    await until("in", () => threadOf(desk.client, circle)?.status === "active");
  }
  return { ana, boris, second, all, circle };
}
