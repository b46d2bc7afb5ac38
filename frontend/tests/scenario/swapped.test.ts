/** A host that hands out one group's bytes under another thread's name gets nothing written into it. */

import { afterEach, describe, expect, it } from "vitest";
import { talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe("a host that swaps groups", () => {
  it("cannot make a device come back into another thread's group", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    const other = await ana.client.openThread(caseId, "Otro", [boris.person, carla.person]);
    await until("all in the other", () =>
      [boris, carla].every(({ client }) => threadOf(client, other)?.name === "Otro"),
    );
    const [here, there] = [world.service.group(circle), world.service.group(other)];
    const device = here.roster.find(({ person }) => person === boris.person)?.device;
    const length = here.log.length;
    Object.assign(here, { groupInfo: there.groupInfo, roster: there.roster, epoch: there.epoch });
    world.service.acks.set(`${device} ${circle}`, 999);
    boris.kill();
    await boris.reopen();
    await until("refused", () => threadOf(boris.client, circle)?.status === "frozen");
    expect(boris.client.view().alarm).not.toBeNull();
    await pause(200);
    expect(here.log.length).toBe(length);
  });

  it("cannot replace a thread by filing another group's welcome under it", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await ana.client.send(circle, "hola");
    await until("read", async () => (await texts(boris.client, circle)).includes("hola"));
    world.service.fault = (name, person) =>
      person === boris.person && name === "welcomes" ? "request" : undefined;
    const other = await ana.client.openThread(caseId, "Otro", [boris.person]);
    await until("welcome waits", () => world.service.welcomes.some((w) => w.thread === other));
    const row = world.service.welcomes.find((w) => w.thread === other);
    if (row)
      Object.assign(row, { thread: circle, seq: world.service.group(circle).log.length + 1 });
    world.service.fault = () => undefined;
    boris.kill();
    await boris.reopen();
    await until("taken", () => world.service.welcomes.length === 0);
    await boris.client.send(circle, "sigo aquí");
    await until("read", async () => (await texts(ana.client, circle)).includes("sigo aquí"));
  });
});
