/** A thread that is kept as unread: on all of one's devices, whatever is lost or crosses. */

import { afterEach, describe, expect, it } from "vitest";
import { say, withSecond } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Moments of a connection: each a few turns later than the one before. */
const MOMENTS = Array.from({ length: 24 }, (_, turns) => async () => {
  for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setTimeout(resolve, 0));
});

describe("a thread kept as unread", () => {
  it("is so on all of one's devices, for nobody else, until it is read again", async () => {
    world = await World.make();
    const { ana, boris, second, all, circle } = await withSecond(world);
    const unread = (desk: Desk) => threadOf(desk.client, circle)?.unread;
    const first = await say(ana, all, circle, "uno");
    await say(ana, all, circle, "dos");
    boris.client.markRead(circle);
    for (const desk of [boris, second]) await until("read", () => unread(desk) === 0);
    await boris.client.keepUnread(circle, first);
    for (const desk of [boris, second]) await until("unread", () => unread(desk) === 2);
    expect(unread(ana)).toBe(0);
    await second.reopen();
    expect(unread(second)).toBe(2);
    second.client.markRead(circle);
    for (const desk of [boris, second]) await until("read again", () => unread(desk) === 0);
    await boris.reopen();
    await until("connected", () => boris.client.view().connection === "online");
    expect(unread(boris)).toBe(0);
  });

  it("is read wherever it was marked so, at any moment of a connection that is being made", async () => {
    world = await World.make();
    const { boris, ana, second, all, circle } = await withSecond(world);
    const unread = (desk: Desk) => threadOf(desk.client, circle)?.unread;
    const seq = await say(ana, all, circle, "uno");
    boris.client.markRead(circle);
    for (const desk of [boris, second]) await until("read", () => unread(desk) === 0);
    for (const wait of MOMENTS) {
      await boris.client.keepUnread(circle, seq);
      for (const desk of [boris, second]) await until("unread", () => unread(desk) === 1);
      await second.reopen();
      await wait();
      second.client.markRead(circle);
      for (const desk of [boris, second]) await until("read", () => unread(desk) === 0);
    }
  });

  it("is read where news of both comes while something else is written", async () => {
    world = await World.make();
    const { boris, ana, second, all, circle } = await withSecond(world);
    const seq = await say(ana, all, circle, "uno");
    for (let times = 0; times < 10; times += 1) {
      await boris.client.keepUnread(circle, seq);
      boris.client.markRead(circle);
    }
    await say(boris, all, circle, "fin");
    // What was said on the one device is new on the other, which has not shown it.
    const unread = () => [boris, second].map((desk) => threadOf(desk.client, circle)?.unread);
    await until("read", () => unread().join() === "0,1");
  });

  it.each(["read", "unread"] as const)(
    "is told again where it was lost that it is %s",
    async (lost) => {
      world = await World.make();
      const { boris, ana, second, all, circle } = await withSecond(world);
      const unread = (desk: Desk) => threadOf(desk.client, circle)?.unread;
      const seq = await say(ana, all, circle, "uno");
      boris.client.markRead(circle);
      for (const desk of [boris, second]) await until("read", () => unread(desk) === 0);
      if (lost === "read") {
        await boris.client.keepUnread(circle, seq);
        for (const desk of [boris, second]) await until("unread", () => unread(desk) === 1);
      }
      // As it is said, and as the next greeting is answered.
      let losses = 0;
      world.service.sockets.taken = (_, frame) => frame.type === lost && ++losses > 0;
      if (lost === "read") boris.client.markRead(circle);
      else await boris.client.keepUnread(circle, seq);
      await until("it is lost", () => losses > 0);
      const before = losses;
      world.service.sockets.cut(boris.person);
      await until("it is lost again", () => losses > before);
      world.service.sockets.taken = () => false;
      world.service.sockets.cut(boris.person);
      for (const desk of [boris, second]) {
        await until("it is known", () => unread(desk) === (lost === "read" ? 0 : 1));
      }
      await until("all know", () => world.service.unread.size === (lost === "read" ? 0 : 1));
    },
  );
});

describe("a mention that was kept as unread", () => {
  it("calls no more once it is read, also where nobody can be told", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const calls = () => threadOf(boris.client, circle)?.calls.length;
    const seq = await say(ana, [ana, boris], circle, "¿Puede?", { mentions: [boris.person] });
    await boris.client.keepUnread(circle, seq);
    await until("named", () => calls() === 1);
    world.service.fault = (_name, person) => (person === boris.person ? "request" : undefined);
    world.service.sockets.cut(boris.person);
    await until("offline", () => boris.client.view().connection === "offline");
    boris.client.markRead(circle);
    await until("read", () => calls() === 0);
  });
});
