import { afterEach, describe, expect, it } from "vitest";
import { talking, until, World } from "./world";

let world: World;
afterEach(() => world.close());

function looks(): string[] {
  return (world.service.seen ?? []).filter((one) => one.startsWith("openedCase"));
}

describe("a look into a case", () => {
  it("is said once a visit, whatever is redrawn or fetched meanwhile", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    world.service.seen = [];
    await ana.client.lookAt(caseId);
    expect(looks()).toHaveLength(1);
    await boris.client.send(circle, "hola");
    ana.client.lookAway(caseId);
    await ana.client.lookAt(caseId);
    expect(looks()).toHaveLength(1);
  });

  it("is said again after a quarter of an hour away", async () => {
    world = await World.make();
    const { caseId, ana } = await talking(world);
    let now = Date.now();
    const other = await ana.tab(() => now);
    world.service.seen = [];
    await other.lookAt(caseId);
    other.lookAway(caseId);
    now += 15 * 60_000 - 1;
    await other.lookAt(caseId);
    expect(looks()).toHaveLength(1);
    other.lookAway(caseId);
    now += 15 * 60_000;
    await other.lookAt(caseId);
    expect(looks()).toHaveLength(2);
    await other.close();
  });

  it("is said when the network is back, even by another page of this person", async () => {
    world = await World.make();
    const { ana, caseId } = await talking(world);
    world.service.seen = [];
    world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
    world.service.sockets.cut(ana.person);
    await until("offline", () => ana.client.view().connection === "offline");
    await ana.client.lookAt(caseId);
    world.service.fault = () => undefined;
    world.service.seen = [];
    await ana.reopen();
    await until("it is said", () => looks().length === 1);
  });
});
