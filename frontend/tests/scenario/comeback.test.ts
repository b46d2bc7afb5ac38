/** A store put back to an older one: the device comes back once, and nothing is said twice. */

import { afterEach, describe, expect, it } from "vitest";
import { nextChain } from "../../src/state/chain";
import { accepted, type Desk, talking, texts, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function comingsBack(desk: Desk, circle: string): Promise<number> {
  const lines = await desk.client.lines(circle);
  return lines.filter((line) => line.kind === "event" && line.what === "resynced").length;
}

/** Nothing more is due of this device by itself: whatever it commits from here on is meant. */
async function settled({ client }: Desk): Promise<void> {
  const circles = client.view().cases.flatMap((one) => one.threads.map(({ circle }) => circle));
  for (const circle of circles) await client.renewKeys(circle);
}

describe("a device whose store was put back", () => {
  it("comes back once, also when the log shows its commit before the answer does", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await settled(boris);
    const old = boris.disk.snapshot();
    await boris.client.send(circle, "olvidado");
    await until("read", async () => (await texts(ana.client, circle)).includes("olvidado"));
    boris.kill();
    boris.disk.restore(old);
    let sent = false;
    world.service.fault = (name, person) => {
      if (person !== boris.person) return undefined;
      if (name === "committed") return sent ? "request" : undefined;
      if (name !== "commit") return undefined;
      sent = true;
      return "answer";
    };
    await boris.reopen();
    await until("he is back", async () => (await comingsBack(ana, circle)) > 0);
    await pause(150);
    world.service.fault = () => undefined;
    await boris.client.send(circle, "aquí estoy");
    await until("read", async () => (await texts(ana.client, circle)).includes("aquí estoy"));
    expect(await comingsBack(ana, circle)).toBe(1);
    expect(await comingsBack(boris, circle)).toBe(1);
  });

  it("is not stopped by its own message, encrypted anew since, and neither loses nor repeats it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await settled(boris);
    let lost = 0;
    world.service.fault = (name, person) => {
      if (name !== "post" || person !== boris.person) return undefined;
      lost += 1;
      return "request";
    };
    await boris.client.send(circle, "una vez");
    await until("encrypted and posted in vain", () => lost > 0);
    const old = boris.disk.snapshot();
    await ana.client.renewKeys(circle);
    world.service.fault = () => undefined;
    await until("read", async () => (await texts(ana.client, circle)).includes("una vez"));
    boris.kill();
    boris.disk.restore(old);
    await boris.reopen();
    await boris.client.send(circle, "aquí estoy");
    await until("read", async () => (await texts(ana.client, circle)).includes("aquí estoy"));
    const his = async () => (await accepted(boris.client, circle)).length;
    await until("he knows that it was taken", async () => (await his()) === 2);
    expect(boris.client.view().alarm).toBeNull();
    for (const { client } of [ana, boris]) {
      expect(await accepted(client, circle)).toEqual(["una vez", "aquí estoy"]);
    }
  });

  it("believes no rubbish that a host puts under the id of what it has swallowed", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await settled(boris);
    const { service } = world;
    let swallowed = "";
    service.sockets.taken = ({ person }, frame) => {
      if (person !== boris.person || frame.type !== "post" || swallowed !== "") return false;
      swallowed = frame.id;
      return true;
    };
    await boris.client.send(circle, "una vez");
    await until("it is swallowed", () => swallowed !== "");
    await ana.client.renewKeys(circle);
    const group = service.group(circle);
    const model = group.log.at(-1);
    if (model === undefined) throw new Error("no log");
    const device = boris.client.view().session.device ?? "";
    const bare = { ...model, kind: "message" as const, id: swallowed, device };
    const entry = { ...bare, seq: model.seq + 1, epoch: group.epoch, body: new Uint8Array(600) };
    group.log.push({ ...entry, chain: await nextChain(model.chain, entry) });
    service.tellHeads();
    await until("ana reads it", async () => (await texts(ana.client, circle)).includes("una vez"));
    await until("so does he", async () =>
      (await accepted(boris.client, circle)).includes("una vez"),
    );
    expect((await texts(ana.client, circle)).filter((text) => text !== "")).toEqual(["una vez"]);
  });

  it("tries again at once when somebody else's commit was quicker", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await settled(boris);
    const old = boris.disk.snapshot();
    await boris.client.renewKeys(circle);
    boris.kill();
    boris.disk.restore(old);
    const { service } = world;
    const honest = service.api.bind(service);
    let quicker = 2;
    service.api = (person) => {
      const api = honest(person);
      const commit: typeof api.commit = async (...made) => {
        if (quicker > 0) await ana.client.renewKeys(circle);
        quicker -= 1;
        // However often it looks round from here on, that brings it nothing.
        service.fault = (name, asking) =>
          /^threads?$/.test(name) && asking === boris.person ? "request" : undefined;
        return api.commit(...made);
      };
      return { ...api, ...(person === boris.person && { commit }) };
    };
    await boris.reopen();
    await until("he is back", async () => (await comingsBack(ana, circle)) > 0);
    service.fault = () => undefined;
    await boris.client.send(circle, "aquí estoy");
    await until("read", async () => (await texts(ana.client, circle)).includes("aquí estoy"));
  });

  it("erases what was withdrawn since, also of what it had read before it came back", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const secret = "El testigo se llama Hugo";
    const id = await ana.client.send(circle, secret);
    const line = async (desk: Desk) =>
      (await desk.client.lines(circle)).find(
        (one) => one.kind === "message" && one.message.id === id,
      );
    await until("read", async () => (await texts(boris.client, circle)).includes(secret));
    await settled(boris);
    const old = boris.disk.snapshot();
    await boris.client.renewKeys(circle); // a commit of its own that it will have forgotten
    boris.kill();
    boris.disk.restore(old);
    await boris.reopen();
    await until("he is back", async () => (await comingsBack(boris, circle)) > 0);
    expect(await texts(boris.client, circle)).toContain(secret);
    const found = await line(ana);
    const seq = (found?.kind === "message" ? found.message.seq : null) ?? 0;
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await until("withdrawn", async () => {
      const here = await line(boris);
      return here?.kind === "message" && here.message.withdrawn !== undefined;
    });
    expect(await texts(boris.client, circle)).not.toContain(secret);
    expect(JSON.stringify(await boris.client.lines(circle))).not.toContain("Hugo");
  });

  it("sends nothing before it has looked whether that happened", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await settled(boris);
    const old = boris.disk.snapshot();
    await boris.client.send(circle, "olvidado");
    await until("read", async () => (await texts(ana.client, circle)).includes("olvidado"));
    boris.kill();
    boris.disk.restore(old);
    world.service.fault = (name, person) =>
      person === boris.person && (name === "thread" || name === "log") ? "request" : undefined;
    await boris.reopen();
    await until("online", () => boris.client.view().connection === "online");
    await boris.client.send(circle, "aquí estoy");
    await pause(150);
    world.service.fault = () => undefined;
    await until("read", async () => (await texts(ana.client, circle)).includes("aquí estoy"));
    expect(await texts(ana.client, circle)).toEqual(["olvidado", "aquí estoy"]);
  });
});
