/** That somebody writes: said to those who read the thread, and to nobody where they do not want it. */

import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** How often this person's clients have said that they write. */
function counting(desk: Desk): () => number {
  let said = 0;
  const before = world.service.fault;
  world.service.fault = (name, person) => {
    if (name === "typing" && person === desk.person) said += 1;
    return before(name, person);
  };
  return () => said;
}

/** Everything that was shown of who writes, the newest last. */
function watching({ client }: Pick<Desk, "client">, circle: string): (readonly string[])[] {
  const shown: (readonly string[])[] = [];
  client.onTyping(circle, (people) => shown.push(people));
  return shown;
}

const quiet = (client: Desk["client"], circle: string) => threadOf(client, circle)?.quiet;

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("whoever writes", () => {
  it("is shown to the others for a while, and to no page of their own", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const own = watching({ client: await ana.tab() }, circle);
    const shown = watching(boris, circle);
    ana.client.tellTyping(circle);
    await until("boris sees it", () => shown.at(-1)?.[0] === ana.person);
    await until("it is over by itself", () => shown.at(-1)?.length === 0);
    expect(shown).toEqual([[], [ana.person], []]);
    expect(own).toEqual([[]]);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });

  it("says so once, however fast they type", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const said = counting(ana);
    for (let key = 0; key < 40; key += 1) ana.client.tellTyping(circle);
    await until("it is said", () => said() === 1);
    await settled();
    expect(said()).toBe(1);
  });

  it("says nothing without a network, nor when it is back", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const shown = watching(boris, circle);
    ana.client.network(false);
    ana.client.tellTyping(circle);
    ana.client.network(true);
    await until("ana is back", () => ana.client.view().connection === "online");
    await settled();
    expect(shown).toEqual([[]]);
  });

  it("says nothing where nobody else is in yet, and in what is no thread", async () => {
    world = await World.make();
    const { ana, caseId } = await talking(world);
    const alone = await ana.client.openThread(caseId, "Notas", []);
    await until("it is open", () => threadOf(ana.client, alone)?.status === "active");
    const said = counting(ana);
    ana.client.tellTyping(alone);
    const title = ana.client.view().cases[0]?.threads.find(({ kind }) => kind === "case");
    ana.client.tellTyping(title?.circle ?? "");
    ana.client.tellTyping(crypto.randomUUID());
    await settled();
    expect(said()).toBe(0);
  });
});

describe("a host that names somebody as writing", () => {
  it("is believed of nobody who does not stand in the thread", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const mala = await world.person();
    const shown = watching(boris, circle);
    for (const socket of world.service.sockets.open) {
      if (socket.person !== boris.person) continue;
      for (const person of [mala.person, boris.person, ana.person])
        world.service.sockets.tell(socket, { type: "typing", thread: circle, person });
    }
    await until("ana is shown", () => shown.length > 1);
    expect(shown[1]).toEqual([ana.person]);
    expect(shown.flat()).not.toContain(mala.person);
  });
});

describe("whoever does not want it said in a thread", () => {
  it("is told of in no tab of this device, until they want it again", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const tab = await ana.tab();
    const said = counting(ana);
    expect(quiet(ana.client, circle)).toBe(false);
    await ana.client.keepQuiet(circle, true);
    await until("the other tab knows", () => quiet(tab, circle) === true);
    for (const client of [ana.client, tab]) client.tellTyping(circle);
    await settled();
    expect(said()).toBe(0);
    await tab.keepQuiet(circle, false);
    await until("the first tab knows", () => quiet(ana.client, circle) === false);
    ana.client.tellTyping(circle);
    await until("it is said again", () => said() === 1);
    expect(ana.errors).toEqual([]);
  });

  it("is told of in other threads, and not in this one after a reload either", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const other = await ana.client.openThread(caseId, "Otro", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, other)?.status === "active");
    await ana.client.keepQuiet(circle, true);
    await ana.reopen();
    await until("ana is online", () => ana.client.view().connection === "online");
    expect(quiet(ana.client, circle)).toBe(true);
    const said = counting(ana);
    ana.client.tellTyping(circle);
    ana.client.tellTyping(other);
    await until("it is said in the other", () => said() === 1);
    await settled();
    expect(said()).toBe(1);
  });
});

describe("whose store was put back", () => {
  it("says nothing before they have come back in sight of all, and then only when they want it again", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await boris.client.renewKeys(circle);
    const old = boris.disk.snapshot();
    await boris.client.keepQuiet(circle, true);
    await boris.client.send(circle, "olvidado");
    await until("read", async () => (await texts(ana.client, circle)).includes("olvidado"));
    boris.kill();
    boris.disk.restore(old);
    const said = counting(boris);
    let [held, tried] = [true, false];
    const counted = world.service.fault;
    world.service.fault = (name, person) => {
      const fault = counted(name, person);
      if (!held || name !== "commit" || person !== boris.person) return fault;
      tried = true;
      return "request";
    };
    await boris.reopen();
    await until("it was noticed", () => tried);
    boris.client.tellTyping(circle);
    held = false;
    world.service.sockets.cut(boris.person);
    await until("he is back", async () => {
      const lines = await ana.client.lines(circle);
      return lines.some((line) => line.kind === "event" && line.what === "resynced");
    });
    await boris.client.send(circle, "aquí estoy");
    await until("read", async () => (await texts(ana.client, circle)).includes("aquí estoy"));
    expect(quiet(boris.client, circle)).toBe(true);
    boris.client.tellTyping(circle);
    await settled();
    expect(said()).toBe(0);
    await boris.client.keepQuiet(circle, false);
    await until("wanted again", () => quiet(boris.client, circle) === false);
    boris.client.tellTyping(circle);
    await until("it is said", () => said() === 1);
  });

  it("says nothing before the thread was looked at, however soon they write", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const said = counting(ana);
    const counted = world.service.fault;
    let held = true;
    world.service.fault = (name, person) => {
      const fault = counted(name, person);
      return held && /^threads?$/.test(name) && person === ana.person ? "request" : fault;
    };
    await ana.reopen();
    await until("ana is online", () => ana.client.view().connection === "online");
    ana.client.tellTyping(circle);
    await settled();
    expect(said()).toBe(0);
    held = false;
    world.service.sockets.cut(ana.person);
    await until("it is said", () => {
      ana.client.tellTyping(circle);
      return said() === 1;
    });
  });
});
