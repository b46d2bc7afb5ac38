/** Scenes of a thread that somebody comes into later. */

import type { ActLine, HistoryShown, Message } from "../../src/effects/shapes";
import { type Desk, talking, threadOf, until, type World } from "./world";

export type Scene = { ana: Desk; boris: Desk; carla: Desk; circle: string; caseId: string };

/** Ana and Boris have a thread; `before` is said in it, and then Carla comes in. */
export async function late(
  world: World,
  before: (scene: Omit<Scene, "carla">) => Promise<void>,
): Promise<Scene> {
  const { ana, boris, circle, caseId } = await talking(world);
  await before({ ana, boris, circle, caseId });
  const carla = await world.person();
  await ana.client.addPerson(caseId, carla.person, [circle]);
  await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
  for (const desk of [ana, boris]) {
    await until("the others know", async () =>
      (await desk.client.historyLacking(circle)).includes(carla.person),
    );
  }
  return { ana, boris, carla, circle, caseId };
}

export function offer(by: Desk, { circle, carla }: Scene, range = {}): Promise<HistoryShown> {
  return by.client.historyOffer(circle, carla.person, range);
}

/** Give all of a range; resolves once Carla's device has taken it. */
export async function give(by: Desk, scene: Scene, range = {}): Promise<HistoryShown> {
  const { carla, circle } = scene;
  const shown = await offer(by, scene, range);
  const ids = await by.client.giveHistory(circle, carla.person, range, shown.digest);
  await until("it is taken", async () => {
    const done = await givings(carla, circle);
    return ids.every((id) => done.some((one) => one.id === id && one.giving?.taken));
  });
  return shown;
}

export async function messages(desk: Desk, circle: string): Promise<Message[]> {
  const lines = await desk.client.lines(circle, { limit: 10_000 });
  return lines.flatMap((line) => (line.kind === "message" ? [line.message] : []));
}

export async function givings(desk: Desk, circle: string): Promise<ActLine[]> {
  const lines = await desk.client.lines(circle, { limit: 10_000 });
  return lines.flatMap((line) => (line.kind === "act" && line.giving ? [line] : []));
}
