/** What a withdrawal reaches, and which acts count, as several clients see it. */

import { afterEach, describe, expect, it } from "vitest";
import { at, messages, say, seen, withForger } from "./said";
import { talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("a withdrawal", () => {
  it("leaves who and when, and no text on any device, nor in what quoted it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "Nombre del testigo");
    await ana.client.act(circle, seq, { kind: "edit", text: "Nombre del testigo protegido" });
    await seen(both, circle, seq, ({ versions }) => versions !== undefined);
    const answer = await say(boris, both, circle, "Mejor no", { answers: seq });
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await seen(both, circle, seq, ({ withdrawn }) => withdrawn?.person === ana.person);
    for (const desk of both) {
      const kept = await messages(desk, circle);
      expect(JSON.stringify(kept)).not.toContain("testigo");
      expect((await at(desk, circle, answer))?.quote).toMatchObject({ excerpt: "", seq });
      await desk.reopen();
      expect(JSON.stringify(await desk.client.lines(circle))).not.toContain("testigo");
    }
    const again = ana.client.act(circle, seq, { kind: "edit", text: "Otra vez" });
    await expect(again).rejects.toMatchObject({ code: "message-withdrawn" });
  });
});

describe("a withdrawal whose author's program hid something else inside", () => {
  it("is one for all readers, as the log says", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const seq = await say(mala, [ana, boris, mala], circle, "Lo dicho");
    forge.silent = true;
    forge.now = (opened) => ({ ...opened, content: { kind: "text", text: "otra cosa" } });
    await mala.client.act(circle, seq, { kind: "withdraw" });
    await seen([ana, boris], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    expect(await texts(ana.client, circle)).not.toContain("otra cosa");
  });
});

describe("a withdrawal of what is not on a device", () => {
  it("takes with it what an edit and a quotation had brought there", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "El testigo se llama Hugo");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => threadOf(carla.client, circle)?.status === "active");
    const all = [...both, carla];
    await ana.client.act(circle, seq, { kind: "edit", text: "El testigo se llama Hugo Paz" });
    await say(boris, all, circle, "¿Seguro?", { answers: seq });
    const kept = async () => JSON.stringify(await carla.client.lines(circle));
    await until("she holds both", async () => (await kept()).split("Hugo").length > 2);
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await until("it is gone", async () => !(await kept()).includes("Hugo"));
    expect(await kept()).toContain("¿Seguro?");
  });

  it("leaves nothing of it in an answer that had waited to be sent", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "El testigo se llama Hugo");
    world.service.fault = (name, person) =>
      name === "post" && person === boris.person ? "request" : undefined;
    await boris.client.send(circle, "De acuerdo", undefined, { answers: seq });
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => threadOf(carla.client, circle)?.status === "active");
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await seen([boris], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    world.service.fault = () => undefined;
    const held = async () =>
      (await messages(boris, circle)).find(({ status }) => status === "held");
    await until("it is held", async () => (await held()) !== undefined);
    const waiting = await held();
    await boris.client.resend(circle, waiting?.id ?? "", [carla.person]);
    await until("she reads", async () =>
      (await texts(carla.client, circle)).includes("De acuerdo"),
    );
    expect(JSON.stringify(await carla.client.lines(circle))).not.toContain("Hugo");
  });
});

describe("an act that stands in clear", () => {
  it("counts for all readers as for the log, whatever its author's program hid inside", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const all = [ana, boris, mala];
    const seq = await say(mala, all, circle, "Lo dicho");
    const id = (await at(mala, circle, seq))?.id ?? "";
    forge.now = (opened) => ({
      ...opened,
      content: { kind: "withdraw", about: seq, id: crypto.randomUUID() },
    });
    await mala.client.send(circle, "x");
    await seen([ana, boris], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    expect(id).not.toBe("");
    const reason = "hecho";
    forge.now = (opened) => ({
      ...opened,
      content: { kind: "resolve", about: 0, id: crypto.randomUUID(), reason },
    });
    await mala.client.send(circle, "y");
    for (const desk of [ana, boris]) {
      await until("it is resolved", () => threadOf(desk.client, circle)?.resolved !== null);
    }
  });
});
