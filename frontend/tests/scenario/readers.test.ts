import { afterEach, describe, expect, it } from "vitest";
import type { Message } from "../../src/effects/client";
import { accepted, type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

async function message(desk: Desk, circle: string, id: string): Promise<Message | undefined> {
  const lines = await desk.client.lines(circle);
  const found = lines.find((line) => line.kind === "message" && line.message.id === id);
  return found?.kind === "message" ? found.message : undefined;
}

function cutOff(desk: Desk): void {
  world.service.fault = (_name, person) => (person === desk.person ? "request" : undefined);
  world.service.sockets.cut(desk.person);
}

function reconnect(desk: Desk): void {
  world.service.fault = () => undefined;
  desk.client.network(true);
}

/** Ana writes while her network is away; meanwhile Boris lets Carla in. */
async function writtenBeforeCarla() {
  world = await World.make();
  const { ana, boris, circle, caseId } = await talking(world);
  const carla = await world.person();
  cutOff(ana);
  await until("ana is offline", () => ana.client.view().connection === "offline");
  const id = await ana.client.send(circle, "solo para Boris");
  await boris.client.addPerson(caseId, carla.person, [circle]);
  await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
  reconnect(ana);
  await until("ana's message is held", async () => {
    return (await message(ana, circle, id))?.status === "held";
  });
  return { ana, boris, carla, circle, id };
}

describe("a message that waited while somebody came in", () => {
  it("is not sent to whom its author never agreed to, and says who that is", async () => {
    const { ana, boris, carla, circle, id } = await writtenBeforeCarla();
    expect((await message(ana, circle, id))?.newReaders).toEqual([carla.person]);
    expect(threadOf(ana.client, circle)?.held).toBe(1);
    expect(ana.client.view().outbox).toBe(0);
    await ana.client.send(circle, "para todos");
    await until("carla reads", async () => (await texts(carla.client, circle)).length === 1);
    expect(await texts(carla.client, circle)).toEqual(["para todos"]);
    await until("boris reads", async () => (await accepted(boris.client, circle)).length > 0);
    expect(await accepted(boris.client, circle)).toEqual(["para todos"]);
  });

  it("is sent when its author agrees to the new reader", async () => {
    const { ana, carla, circle, id } = await writtenBeforeCarla();
    await ana.client.resend(circle, id, [carla.person]);
    await until("carla reads", async () =>
      (await texts(carla.client, circle)).includes("solo para Boris"),
    );
    expect((await message(ana, circle, id))?.newReaders).toBeUndefined();
  });

  it("is not sent again by resending everything that failed", async () => {
    const { ana, boris, circle, id } = await writtenBeforeCarla();
    await ana.client.resendAll();
    await ana.client.send(circle, "después");
    await until("boris reads", async () => (await texts(boris.client, circle)).includes("después"));
    expect((await message(ana, circle, id))?.status).toBe("held");
  });

  it("is gone when its author discards it", async () => {
    const { ana, boris, circle, id } = await writtenBeforeCarla();
    await ana.client.discard(circle, id);
    await ana.client.send(circle, "después");
    await until("boris reads", async () => (await texts(boris.client, circle)).includes("después"));
    expect(await texts(boris.client, circle)).toEqual(["después"]);
    expect(await texts(ana.client, circle)).toEqual(["después"]);
  });
});

describe("a message that waits", () => {
  it("can be taken back before it leaves", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    cutOff(ana);
    await until("ana is offline", () => ana.client.view().connection === "offline");
    const id = await ana.client.send(circle, "mejor no");
    await ana.client.discard(circle, id);
    reconnect(ana);
    await ana.client.send(circle, "esto sí");
    await until("boris reads", async () => (await texts(boris.client, circle)).length > 0);
    expect(await texts(boris.client, circle)).toEqual(["esto sí"]);
  });

  it("cannot be taken back once it has left", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    world.service.fault = (name) => (name === "post" ? "answer" : undefined);
    const id = await ana.client.send(circle, "ya salió");
    await until("it has left", async () => {
      const found = await message(ana, circle, id);
      return found?.status === "sent" || found?.status === "received";
    });
    await expect(ana.client.discard(circle, id)).rejects.toThrow("already-sent");
  });

  it("is sent to a new device of somebody who reads already", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    cutOff(ana);
    await until("ana is offline", () => ana.client.view().connection === "offline");
    await ana.client.send(circle, "igual");
    const second = await world.device(boris.person);
    await boris.reopen();
    await until("the device is in", () => threadOf(second.client, circle)?.status === "active");
    reconnect(ana);
    await until("it arrives", async () => (await texts(second.client, circle)).includes("igual"));
  });
});

describe("a program that acts by itself in a thread as its person stops reading it", () => {
  /** They are no longer in the case as their next call of this kind arrives, and nothing tells them. */
  function stopsAt(call: string, desk: Desk, circle: string): () => boolean {
    let stopped = false;
    world.service.fault = (name, person) => {
      if (name !== call || person !== desk.person) return undefined;
      stopped = true;
      for (const file of world.service.cases) {
        file.people = file.people.filter(({ id }) => id !== person);
        for (const thread of file.threads) {
          thread.people = thread.people.filter((one) => one !== person);
        }
      }
      return undefined;
    };
    return () => stopped && threadOf(desk.client, circle)?.status !== "active";
  }

  it("learns it from the refusal of its new keys, and blames nobody", async () => {
    world = await World.make();
    const ana = await world.person();
    const boris = await world.person();
    const caseId = await ana.client.openCase(["SV"], "Caso Río");
    const circle = await ana.client.openThread(caseId, "Traslado", []);
    const lost = stopsAt("commit", boris, circle); // whoever comes in renews at once
    await ana.client.addPerson(caseId, boris.person, [circle]);
    await until("boris has lost it", lost);
    expect(boris.errors).toEqual([]);
  });

  it("learns it when it looks whether those whom they let in have come", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const dora = await world.authority.addPerson(); // and no device
    await boris.client.addPerson(caseId, dora, [circle]);
    const lost = stopsAt("thread", boris, circle);
    world.service.tellHeads();
    await until("boris has lost it", lost);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });
});
