/** How far a thread is read, where the host says so of entries that are not here. */

import { afterEach, describe, expect, it } from "vitest";
import { say } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const FAR = 1e9;
const called = (desk: Desk, circle: string) => {
  const thread = threadOf(desk.client, circle);
  return [thread?.unread, thread?.calls.length];
};

async function greetedAnew(world: World, desk: Desk, read: Record<string, number>): Promise<void> {
  const { reads, sockets } = world.service;
  for (const [circle, seq] of Object.entries(read)) reads.set(`${desk.person} ${circle}`, seq);
  // It would be back within a few milliseconds, before anybody looks.
  world.service.fault = (name, person) =>
    name === "connect" && person === desk.person ? "request" : undefined;
  sockets.cut(desk.person);
  await until("offline", () => desk.client.view().connection !== "online");
  world.service.fault = () => undefined;
  desk.client.network(true);
  await until("online", () => desk.client.view().connection === "online");
}

describe("a host that says of entries that nobody wrote yet that they are read", () => {
  it.each([0, FAR])("at one greeting (%i) hides nothing under another one", async (lie) => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const key = `${boris.person} ${circle}`;
    await greetedAnew(world, boris, { [circle]: lie });
    await say(ana, [ana, boris], circle, "uno");
    await greetedAnew(world, boris, { [circle]: 0 });
    const beside = { mentions: [boris.person], urgent: true };
    const seq = await say(ana, [ana, boris], circle, "¿Puede?", beside);
    for (const look of ["there", "after a greeting", "opened anew"]) {
      if (look === "after a greeting") await greetedAnew(world, boris, {});
      if (look === "opened anew") await boris.reopen();
      await until(`called, ${look}`, () => called(boris, circle)[1] === 1);
      expect(called(boris, circle)[0]).toBeGreaterThan(0);
      expect(world.service.reads.get(key) ?? 0).toBeLessThan(seq);
    }
    boris.client.markRead(circle);
    await until("read", () => called(boris, circle).join() === "0,0");
    await until("told", () => (world.service.reads.get(key) ?? 0) >= seq);
  });
});

describe("what another device has read that is not here yet", () => {
  it("is read once it comes, where the greeting said so", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    boris.kill();
    const seq = await say(ana, [ana], circle, "¿Puede?", { mentions: [boris.person] });
    await say(ana, [ana], circle, "dos", { urgent: true });
    world.service.reads.set(`${boris.person} ${circle}`, seq);
    await boris.reopen();
    await until("here", () => called(boris, circle).join() === "1,1");
    await boris.reopen();
    await until("connected", () => boris.client.view().connection === "online");
    expect(called(boris, circle)).toEqual([1, 1]);
  });

  it("is read once it comes, where it was told before, and what comes after it is not", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.service.silent = true;
    const seq = await say(ana, [ana], circle, "¿Puede?", { mentions: [boris.person] });
    for (const one of world.service.sockets.open) {
      if (one.person !== boris.person) continue;
      world.service.sockets.tell(one, { type: "read", thread: circle, seq });
    }
    world.service.silent = false;
    await say(ana, [ana, boris], circle, "dos", { urgent: true });
    await until("called", () => called(boris, circle).join() === "1,1");
    await boris.reopen();
    expect(called(boris, circle)).toEqual([1, 1]);
  });
});
