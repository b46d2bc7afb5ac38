/** What is urgent, what was refused for it, and what is sent again. */

import { afterEach, describe, expect, it } from "vitest";
import { messages, say } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** How a thread calls somebody. */
const calls = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.calls ?? [];

describe("an urgent message", () => {
  it("says so to its readers, stands among what calls them, and is done with once read", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "Salen a las 5", { urgent: true });
    const [found] = await messages(boris, circle);
    expect(found?.urgent).toBe(true);
    expect(calls(boris, circle)).toMatchObject([{ seq, by: ana.person, urgent: true }]);
    expect(calls(ana, circle)).toEqual([]);
    boris.client.markRead(circle);
    await until("it calls no more", () => calls(boris, circle).length === 0);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });

  it("that is one too many keeps its text, and goes as not urgent", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.service.refusing = "message-urgent-many";
    const id = await ana.client.send(circle, "Salen a las 6", undefined, { urgent: true });
    await until("it is refused", () => threadOf(ana.client, circle)?.failed === 1);
    const [failed] = await messages(ana, circle);
    expect(failed).toMatchObject({
      id,
      text: "Salen a las 6",
      urgent: true,
      status: "failed",
      error: "message-urgent-many",
    });
    world.service.refusing = null;
    await ana.client.resendPlain(circle, id);
    await until("boris reads", async () => (await messages(boris, circle)).length === 1);
    const [plain] = await messages(boris, circle);
    expect([plain?.text, plain?.urgent]).toEqual(["Salen a las 6", undefined]);
    expect(threadOf(ana.client, circle)?.failed).toBe(0);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });
});

describe("what failed", () => {
  it("is sent again in one thread alone, or in all of them", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const other = await ana.client.openThread(caseId, "Otro", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, other)?.status === "active");
    world.service.refusing = "message-too-long";
    for (const into of [circle, circle, other]) await ana.client.send(into, "Algo");
    const failed = (into: string) => threadOf(ana.client, into)?.failed;
    await until("all are refused", () => failed(circle) === 2 && failed(other) === 1);
    world.service.refusing = null;
    await ana.client.resendAll(circle);
    await until("one thread's arrive", async () => (await messages(boris, circle)).length === 2);
    expect([failed(circle), failed(other)]).toEqual([0, 1]);
    await ana.client.resendAll();
    await until("all arrive", async () => (await messages(boris, other)).length === 1);
    expect(failed(other)).toBe(0);
  });
});
