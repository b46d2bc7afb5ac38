import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const wordsOf = async (desk: Desk, circle: string) =>
  (await desk.client.threadWords(circle))?.words ?? null;

/** That all of them see the same words, once each has followed. */
const agree = (desks: readonly Desk[], circle: string) =>
  until("all see the same words", async () => {
    const seen = await Promise.all(desks.map((desk) => wordsOf(desk, circle)));
    return seen[0] !== null && new Set(seen.map((words) => words?.join(" "))).size === 1;
  });

describe("the eight words of a thread", () => {
  it("are the same for its readers, and others once somebody came in", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await agree([ana, boris], circle);
    const before = await wordsOf(ana, circle);
    expect(before).toHaveLength(8);
    const carla = await world.person();
    expect(await wordsOf(carla, circle)).toBeNull();
    await boris.client.addPerson(caseId, carla.person, [circle]);
    await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
    await agree([ana, boris, carla], circle);
    expect(await wordsOf(ana, circle)).not.toEqual(before);
  });

  it("leave the thread as it is: messages go on", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await wordsOf(ana, circle);
    await ana.client.send(circle, "uno");
    await wordsOf(ana, circle);
    await ana.client.send(circle, "dos");
    await until("boris reads both", async () => (await boris.client.lines(circle)).length >= 2);
    await agree([ana, boris], circle);
  });
});
