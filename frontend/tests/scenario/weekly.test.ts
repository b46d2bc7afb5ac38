/** Each device renews its keys in a thread by itself once a week: what was stolen once goes stale. */

import { afterEach, describe, expect, it } from "vitest";
import { texts, threadOf, until, World } from "./world";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

let world: World;
afterEach(() => world.close());

/** Ana, whose clock goes ahead as told, and Boris in a thread of two, both with fresh keys. */
async function aheadOfTime() {
  world = await World.make();
  const clock = { ahead: 0 };
  const person = await world.authority.addPerson();
  const ana = await world.device(person, undefined, () => Date.now() + clock.ahead);
  const boris = await world.person();
  const caseId = await ana.client.openCase(["SV"], "Caso Río");
  await ana.client.addPerson(caseId, boris.person, []);
  const circle = await ana.client.openThread(caseId, "Traslado", [boris.person]);
  await until("both are in", () => threadOf(boris.client, circle)?.name === "Traslado");
  const epoch = () => world.service.group(circle).epoch;
  // Whoever comes in renews at once: the keys of their first leaf lay on the server.
  await until("boris has renewed", () => epoch() > 1); // 0 it began with, 1 let him in
  const says = async (text: string) => {
    await ana.client.send(circle, text);
    await until("boris reads", async () => (await texts(boris.client, circle)).includes(text));
  };
  const later = async (ms: number) => {
    clock.ahead += ms;
    await ana.reopen();
    await until("she is in", () => threadOf(ana.client, circle)?.status === "active");
  };
  return { ana, boris, epoch, says, later };
}

describe("a device's keys in a thread", () => {
  it("are renewed by itself a week after the last time, once, and never before", async () => {
    const { ana, boris, epoch, says, later } = await aheadOfTime();
    await says("uno");
    const fresh = epoch();
    await later(WEEK_MS - DAY_MS);
    await says("a los seis días");
    expect(epoch()).toBe(fresh);

    await later(DAY_MS);
    await until("she has renewed", () => epoch() === fresh + 1);
    await says("a la semana");

    await later(DAY_MS);
    await says("al día siguiente");
    expect(epoch()).toBe(fresh + 1);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });
});
