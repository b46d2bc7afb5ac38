import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "./service";
import { accepted, type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}${at}`);

/** Everybody has every one of `all`, once, in one order. */
async function allAgree(desks: readonly Desk[], circle: string, all: string[]): Promise<void> {
  await until(
    "everybody has everything",
    async () => {
      for (const { client } of desks) {
        if ((await accepted(client, circle)).length < all.length) return false;
      }
      return true;
    },
    15_000,
  );
  const [first = [], ...others] = await Promise.all(
    desks.map(({ client }) => accepted(client, circle)),
  );
  expect([...first].sort()).toEqual([...all].sort());
  for (const other of others) expect(other).toEqual(first);
}

function sometimes(chance: number): (name: string) => Fault {
  return () => {
    const dice = Math.random();
    if (dice < chance / 2) return "request";
    return dice < chance ? "answer" : undefined;
  };
}

describe("a thread under strain", () => {
  it("keeps order and loses nothing while keys are renewed between the messages", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const all = [...numbered("a", 12), ...numbered("b", 12)];
    for (let at = 0; at < 12; at += 1) {
      await ana.client.send(circle, `a${at}`);
      await boris.client.send(circle, `b${at}`);
      if (at % 3 === 0) void ana.client.renewKeys(circle).catch(() => undefined);
      if (at % 4 === 1) void boris.client.renewKeys(circle).catch(() => undefined);
    }
    await allAgree([ana, boris], circle, all);
    expect((await accepted(boris.client, circle)).filter((text) => text.startsWith("a"))).toEqual(
      numbered("a", 12),
    );
  });

  it("survives lost requests and lost answers of every kind", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.service.fault = sometimes(0.3);
    for (let at = 0; at < 10; at += 1) {
      await ana.client.send(circle, `a${at}`);
      await boris.client.send(circle, `b${at}`);
      if (at % 3 === 0) await ana.client.renewKeys(circle).catch(() => undefined);
      if (at % 5 === 4) world.service.sockets.cut();
    }
    world.service.fault = () => undefined;
    world.service.sockets.cut();
    await allAgree([ana, boris], circle, [...numbered("a", 10), ...numbered("b", 10)]);
  });

  it("does not mind entries that come several times, or not at all", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.service.copies = 3;
    for (const text of numbered("x", 5)) await ana.client.send(circle, text);
    await until("five", async () => (await accepted(boris.client, circle)).length === 5);
    world.service.silent = true;
    for (const text of numbered("y", 5)) await ana.client.send(circle, text);
    await until("ana's are out", async () => (await accepted(ana.client, circle)).length === 10);
    world.service.tellHeads();
    await until(
      "caught up by heads",
      async () => (await accepted(boris.client, circle)).length === 10,
    );
    world.service.silent = false;
    world.service.copies = 1;
    await allAgree([ana, boris], circle, [...numbered("x", 5), ...numbered("y", 5)]);
  });

  it("sends what was written offline, in order, once the network is back", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
    world.service.sockets.cut(ana.person);
    await until("offline", () => ana.client.view().connection === "offline");
    expect(ana.client.view().offlineSince).not.toBeNull();
    for (const text of numbered("w", 4)) await ana.client.send(circle, text);
    expect(ana.client.view().outbox).toBe(4);
    expect(await texts(ana.client, circle)).toEqual(numbered("w", 4));
    world.service.fault = () => undefined;
    await allAgree([ana, boris], circle, numbered("w", 4));
    await until("empty", () => ana.client.view().outbox === 0);
  });
});

describe("membership", () => {
  it("shuts a removed person out of the next message", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await ana.client.send(circle, "antes");
    await until("boris reads", async () => (await texts(boris.client, circle)).includes("antes"));
    await ana.client.removePerson(caseId, boris.person);
    await ana.client.send(circle, "después");
    await until("sent", async () => (await accepted(ana.client, circle)).includes("después"));
    await until("boris has no case", () => boris.client.view().cases.length === 0);
    expect(await texts(boris.client, circle)).toEqual(["antes"]);
    expect(threadOf(ana.client, circle)?.readers.length).toBe(1);
    await expect(boris.client.send(circle, "no")).rejects.toMatchObject({ code: "thread-left" });
  });

  it("lets somebody in again who was taken out a moment ago, on a bad line", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    world.service.fault = (name) => (name === "commit" ? "request" : undefined);
    await ana.client.removePerson(caseId, boris.person).catch(() => undefined);
    world.service.fault = () => undefined;
    await until("he is told", () => boris.client.view().cases.length === 0);
    await ana.client.addPerson(caseId, boris.person, [circle]);
    await until("he is in", () => threadOf(boris.client, circle)?.status === "active");
    await ana.client.send(circle, "bienvenido");
    await until("he reads", async () => (await texts(boris.client, circle)).includes("bienvenido"));
    expect(threadOf(ana.client, circle)?.readers).toHaveLength(2);
  });

  it("lets a person in who gets a device only later, and tells them the name", async () => {
    world = await World.make();
    const ana = await world.person();
    const late = await world.authority.addPerson();
    const caseId = await ana.client.openCase(["SV"], "Caso Lago");
    await ana.client.addPerson(caseId, late, []);
    const circle = await ana.client.openThread(caseId, "Peritajes", [late]);
    await ana.client.send(circle, "solo para mí");
    const carla = await world.device(late);
    expect(threadOf(carla.client, circle)?.status).toBe("waiting");
    world.service.tellHeads();
    await until("carla is in", () => threadOf(carla.client, circle)?.name === "Peritajes");
    await ana.client.send(circle, "bienvenida");
    await until("read", async () => (await texts(carla.client, circle)).includes("bienvenida"));
    expect(await texts(carla.client, circle)).toEqual(["bienvenida"]);
  });

  it("lets a further device of a member in, and shows it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const second = await world.device(boris.person);
    await ana.reopen();
    await until("the device is in", () => threadOf(second.client, circle)?.name === "Traslado");
    await ana.client.send(circle, "a los dos");
    for (const { client } of [boris, second]) {
      await until("read", async () => (await texts(client, circle)).includes("a los dos"));
    }
    const events = (await ana.client.lines(circle)).flatMap((line) =>
      line.kind === "event" ? [line.what] : [],
    );
    expect(events).toContain("device-added");
  });

  it("comes back by itself when its store was put back to an older one", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const old = boris.disk.snapshot();
    await boris.client.send(circle, "olvidado");
    await ana.client.renewKeys(circle);
    await boris.client.renewKeys(circle);
    await ana.client.send(circle, "uno");
    await until("both", async () => (await accepted(boris.client, circle)).length === 2);
    boris.kill();
    boris.disk.restore(old);
    await boris.reopen();
    await until("resynced", async () =>
      (await ana.client.lines(circle)).some(
        (line) => line.kind === "event" && line.what === "resynced",
      ),
    );
    await ana.client.send(circle, "dos");
    await until("reads again", async () => (await texts(boris.client, circle)).includes("dos"));
    await boris.client.send(circle, "tres");
    await until("writes again", async () => (await texts(ana.client, circle)).includes("tres"));
  });
});

describe("a lying server", () => {
  it.each([
    ["changes a message", "frozen-chain"],
    ["shows two members different logs", "frozen-forked"],
  ])("that %s is found out", async (how, why) => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const group = world.service.group(circle);
    await until("quiet", () => threadOf(boris.client, circle)?.status === "active");
    world.service.fault = (_name, person) => (person === boris.person ? "request" : undefined);
    world.service.sockets.cut(boris.person);
    await ana.client.send(circle, "uno");
    await ana.client.send(circle, "dos");
    await until("sent", async () => (await accepted(ana.client, circle)).length === 2);
    const last = group.log.at(-1);
    if (last === undefined) throw new Error("no entry");
    if (how === "changes a message") last.body = last.body.with(20, (last.body[20] ?? 0) ^ 1);
    else await world.service.forge(circle, boris.person);
    world.service.fault = () => undefined;
    await until("frozen", () => threadOf(boris.client, circle)?.status === "frozen");
    expect(threadOf(boris.client, circle)?.frozenWhy).toBe(why);
    expect(boris.client.view().alarm).toBe("thread-frozen");
    expect(threadOf(ana.client, circle)?.status).toBe("active");
  });
});
