import { afterEach, describe, expect, it } from "vitest";
import { talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("taking a person out of one thread", () => {
  it("leaves them in the case and its other threads", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const other = await ana.client.openThread(caseId, "Peritajes", [boris.person]);
    await until("boris reads both", () => threadOf(boris.client, other)?.status === "active");
    await ana.client.removeReader(circle, boris.person);
    await until("he is out of it", () => threadOf(boris.client, circle)?.status !== "active");
    expect(threadOf(boris.client, other)?.status).toBe("active");
    expect(boris.client.view().cases.map((one) => one.id)).toEqual([caseId]);
    await ana.client.send(circle, "sin Boris");
    await ana.client.send(other, "con Boris");
    await until("he reads", async () => (await texts(boris.client, other)).length === 1);
  });
});

describe("naming", () => {
  it("a thread anew is read by its members", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await boris.client.nameThread(circle, "Traslado urgente");
    await until("ana sees it", () => threadOf(ana.client, circle)?.name === "Traslado urgente");
  });
});

describe("a new thread", () => {
  it("is new until it was opened, on any of one's devices", async () => {
    world = await World.make();
    const { boris, circle } = await talking(world);
    expect(threadOf(boris.client, circle)?.fresh).toBe(true);
    boris.client.markRead(circle);
    await until("opened", () => threadOf(boris.client, circle)?.fresh === false);
    await boris.reopen();
    expect(threadOf(boris.client, circle)?.fresh).toBe(false);
  });

  it("says whether there is a group, once the server was asked", async () => {
    world = await World.make();
    const { boris, circle } = await talking(world);
    const second = await world.device(boris.person);
    await until("asked", () => threadOf(second.client, circle)?.started === true);
  });
});
