/** Somebody without a network opens something, sees nothing happen, and presses again. */

import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, until, World } from "./world";

let world: World;
afterEach(() => world.close());

async function offline(ana: Desk): Promise<void> {
  world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
  world.service.sockets.cut(ana.person);
  await until("offline", () => ana.client.view().connection === "offline");
}

async function back(): Promise<void> {
  world.service.fault = () => undefined;
}

describe("what is begun without a network", () => {
  it("is one case, however often it is asked for", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    await offline(ana);
    for (let times = 0; times < 3; times += 1) {
      await expect(ana.client.openCase(["SV"], "Caso Lago")).rejects.toMatchObject({
        code: "unreachable",
      });
    }
    expect(ana.client.view().begun).toMatchObject([{ caseId: null, title: "Caso Lago" }]);
    await back();
    const lake = () => ana.client.view().cases.filter(({ title }) => title === "Caso Lago");
    await until("it is opened", () => lake().length > 0);
    await until("nothing waits", () => ana.client.view().begun.length === 0);
    expect(lake()).toHaveLength(1);
    expect(ana.client.view().cases).toHaveLength(2);
    expect(ana.errors).toEqual([]);
  });

  it("is one thread, also with its readers in another order", async () => {
    world = await World.make();
    const { ana, boris, caseId } = await talking(world);
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    await offline(ana);
    const people = [boris.person, carla.person];
    const first = ana.client.openThread(caseId, "Rutas", people);
    await expect(first).rejects.toMatchObject({ code: "unreachable" });
    const again = ana.client.openThread(caseId, "Rutas", people.toReversed());
    await expect(again).rejects.toMatchObject({ code: "unreachable" });
    expect(ana.client.view().begun).toMatchObject([{ caseId, title: "Rutas" }]);
    await back();
    const named = () =>
      ana.client
        .view()
        .cases.flatMap(({ threads }) => threads)
        .filter(({ name }) => name === "Rutas");
    await until("it is opened", () => named().length > 0);
    await until("nothing waits", () => ana.client.view().begun.length === 0);
    expect(named()).toHaveLength(1);
  });

  it("is two where two different things were asked for", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    await offline(ana);
    for (const title of ["Caso Lago", "Caso Mar"]) {
      await expect(ana.client.openCase(["SV"], title)).rejects.toThrow();
    }
    expect(ana.client.view().begun).toHaveLength(2);
    await back();
    await until("both are opened", () => ana.client.view().cases.length === 3);
  });
});
