import { afterEach, describe, expect, it } from "vitest";
import { accepted, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("two people", () => {
  it("talk both ways, in the same order, knowing the title", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await ana.client.send(circle, "uno");
    await until("boris reads", async () => (await texts(boris.client, circle)).includes("uno"));
    await boris.client.send(circle, "dos");
    await until("ana reads", async () => (await texts(ana.client, circle)).includes("dos"));
    expect(await accepted(ana.client, circle)).toEqual(["uno", "dos"]);
    await until(
      "boris has the answer",
      async () => (await accepted(boris.client, circle)).length === 2,
    );
    expect(await accepted(boris.client, circle)).toEqual(["uno", "dos"]);
    expect(boris.client.view().cases[0]?.title).toBe("Caso Río");
    expect(threadOf(boris.client, circle)?.unread).toBe(1);
    boris.client.markRead(circle);
    await until("read", () => threadOf(boris.client, circle)?.unread === 0);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });
});
