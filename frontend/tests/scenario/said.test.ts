/** What is done to messages in a thread, as several clients see it. */

import { afterEach, describe, expect, it } from "vitest";
import { digestOf } from "../../src/crypto/content";
import type { Message } from "../../src/effects/shapes";
import { give, late } from "./history";
import { acts, at, messages, say, seen, withForger, withSecond } from "./said";
import { talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("an answer", () => {
  it("quotes what it answers to, as everybody can check", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "La audiencia es el martes");
    const answer = await say(boris, both, circle, "Allí estaré", { answers: seq });
    for (const desk of both) {
      expect((await at(desk, circle, answer))?.quote).toMatchObject({
        seq,
        excerpt: "La audiencia es el martes",
        person: ana.person,
        matches: true,
      });
    }
  });

  it("that puts words into another's mouth is marked", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const all = [ana, boris, mala];
    const seq = await say(ana, all, circle, "Entregue el informe");
    const first = await at(ana, circle, seq);
    forge.now = (opened) => ({
      ...opened,
      content: {
        kind: "text",
        text: "¿De verdad?",
        quote: { seq, id: first?.id ?? "", digest: "A".repeat(43), excerpt: "Destruya el informe" },
      },
    });
    const answer = await say(mala, [ana, boris], circle, "¿De verdad?");
    expect((await at(ana, circle, answer))?.quote?.matches).toBe(false);
  });
});

describe("an edit", () => {
  it("stands in the message's place, and every earlier text behind it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "A las 9");
    await ana.client.act(circle, seq, { kind: "edit", text: "A las 10" });
    await seen([ana, boris], circle, seq, ({ text }) => text === "A las 10");
    await ana.client.act(circle, seq, { kind: "edit", text: "A las 11" });
    await seen([ana, boris], circle, seq, ({ text }) => text === "A las 11");
    const found = await at(boris, circle, seq);
    expect(found?.versions?.map(({ text }) => text)).toEqual(["A las 9", "A las 10"]);
    expect(found?.edited?.person).toBe(ana.person);
    expect(await texts(boris.client, circle)).toEqual(["A las 11"]);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });

  it("is not offered to anybody else", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "Mío");
    const refused = boris.client.act(circle, seq, { kind: "edit", text: "Suyo" });
    await expect(refused).rejects.toMatchObject({ code: "message-not-yours" });
  });

  it("forged by another member changes nothing, and is shown as theirs", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const seq = await say(ana, [ana, boris, mala], circle, "El testigo vive");
    const id = (await at(ana, circle, seq))?.id ?? "";
    forge.now = (opened) => ({
      ...opened,
      content: { kind: "edit", about: seq, id, text: "El testigo murió" },
    });
    await mala.client.send(circle, "x");
    for (const desk of [ana, boris]) {
      await until("the attempt shows", async () => (await acts(desk, circle)).length === 1);
      expect((await acts(desk, circle))[0]).toMatchObject({
        what: "edit",
        outcome: "refused",
        why: "message-not-yours",
        person: mala.person,
      });
      expect((await at(desk, circle, seq))?.text).toBe("El testigo vive");
    }
    forge.now = null;
    await say(ana, [ana, boris], circle, "Seguimos");
  });

  it("of a message that is still to come is nothing, also when that comes", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const before = await say(mala, [ana, boris, mala], circle, "Primero");
    const about = before + 5; // a renewal of somebody's keys may come between
    const id = (await at(mala, circle, before))?.id ?? "";
    forge.now = (opened) => ({ ...opened, content: { kind: "edit", about, id, text: "Antes" } });
    await mala.client.send(circle, "x");
    await until("it shows", async () => (await acts(ana, circle)).length === 1);
    forge.now = null;
    let last = before;
    while (last < about) last = await say(mala, [ana, boris], circle, "Después");
    expect((await acts(ana, circle))[0]).toMatchObject({ why: "message-unknown" });
    for (const desk of [ana, boris])
      expect(await texts(desk.client, circle)).not.toContain("Antes");
  });

  it("of a message from before somebody came is shown to them as one", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "Calle 5");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
    await ana.client.act(circle, seq, { kind: "edit", text: "Calle 7" });
    await until("it shows", async () => (await acts(carla, circle)).length === 1);
    const [line] = await acts(carla, circle);
    expect(line).toMatchObject({ what: "edit", outcome: "not-here", text: "Calle 7" });
  });

  it("that the server was told nothing of does not count", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const seq = await say(mala, [ana, boris, mala], circle, "Verdad");
    const id = (await at(mala, circle, seq))?.id ?? "";
    forge.silent = true;
    forge.now = (opened) => ({ ...opened, content: { kind: "edit", about: seq, id, text: "No" } });
    await mala.client.send(circle, "x");
    const wrong = ({ error }: Message) => error === "inconsistent";
    await until("it shows", async () => (await messages(ana, circle)).some(wrong));
    expect((await at(ana, circle, seq))?.text).toBe("Verdad");
  });
});

describe("an acknowledgement", () => {
  it("is given by each reader themselves, once, on whichever device", async () => {
    world = await World.make();
    const { ana, boris, second, all, circle } = await withSecond(world);
    const seq = await say(ana, all, circle, "Plazo: viernes", { asks: true });
    expect((await at(boris, circle, seq))?.asks).toBe(true);
    await boris.client.act(circle, seq, { kind: "acknowledge" });
    await seen(all, circle, seq, ({ acknowledged }) => acknowledged?.[0]?.person === boris.person);
    const again = second.client.act(circle, seq, { kind: "acknowledge" });
    await expect(again).rejects.toMatchObject({ code: "message-act-done" });
    const own = ana.client.act(circle, seq, { kind: "acknowledge" });
    await expect(own).rejects.toMatchObject({ code: "message-own" });
  });
});

describe("whoever comes in once a message has asked for acknowledgement", () => {
  async function asked() {
    world = await World.make();
    let seq = 0;
    const scene = await late(world, async ({ ana, boris, circle }) => {
      seq = await say(ana, [ana, boris], circle, "Plazo: viernes", { asks: true });
    });
    return { ...scene, seq };
  }

  it("is not asked: those who read it when it was said are", async () => {
    const { ana, boris, circle, seq } = await asked();
    for (const desk of [ana, boris]) {
      expect((await at(desk, circle, seq))?.asked).toEqual([boris.person]);
    }
  });

  it("owes nothing once it was given to them, and may acknowledge it", async () => {
    const scene = await asked();
    const { ana, carla, circle, seq } = scene;
    await give(ana, scene);
    expect(await at(carla, circle, seq)).toMatchObject({ asks: true, text: "Plazo: viernes" });
    expect((await at(carla, circle, seq))?.asked).toBeUndefined();
    await ana.client.act(circle, seq, { kind: "edit", text: "Plazo: jueves" });
    await seen([carla], circle, seq, ({ text }) => text === "Plazo: jueves");
    expect(threadOf(carla.client, circle)?.calls).toEqual([]);
    await carla.client.act(circle, seq, { kind: "acknowledge" });
    await seen([ana, carla], circle, seq, ({ acknowledged = [] }) =>
      acknowledged.some(({ person }) => person === carla.person),
    );
  });
});

describe("an acknowledgement of a message that was edited since", () => {
  it("is of the text that its giver saw, and the new one waits for another", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "No proceda", { asks: true });
    await boris.client.act(circle, seq, { kind: "acknowledge" });
    await seen(both, circle, seq, ({ acknowledged }) => acknowledged?.length === 1);
    await ana.client.act(circle, seq, { kind: "edit", text: "Proceda" });
    await seen(both, circle, seq, ({ text }) => text === "Proceda");
    expect((await at(ana, circle, seq))?.acknowledged).toMatchObject([{ version: 0 }]);
    expect(threadOf(boris.client, circle)?.calls).toMatchObject([{ seq, owed: true }]);
    await boris.client.act(circle, seq, { kind: "acknowledge" });
    await seen(both, circle, seq, ({ acknowledged }) => acknowledged?.at(-1)?.version === 1);
    expect(threadOf(boris.client, circle)?.calls).toEqual([]);
  });

  it("is none of the new text, if its giver had not seen that yet", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    const all = [ana, boris, mala];
    const seq = await say(ana, all, circle, "No proceda", { asks: true });
    const id = (await at(mala, circle, seq))?.id ?? "";
    const digest = await digestOf("No proceda");
    await ana.client.act(circle, seq, { kind: "edit", text: "Proceda" });
    await seen(all, circle, seq, ({ text }) => text === "Proceda");
    forge.now = (opened) => ({
      ...opened,
      content: { kind: "acknowledge", about: seq, id, digest },
    });
    await mala.client.send(circle, "x");
    await seen([ana, boris], circle, seq, ({ acknowledged }) => acknowledged?.length === 1);
    expect((await at(ana, circle, seq))?.acknowledged).toMatchObject([{ version: 0 }]);
  });
});

describe("a pin", () => {
  it("is seen by all, with its note and who put it there, until it is taken down", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "Contacto: oficina 3");
    await boris.client.act(circle, seq, { kind: "pin", note: "Para la audiencia" });
    await seen(both, circle, seq, ({ pinned }) => pinned?.note === "Para la audiencia");
    expect((await acts(ana, circle))[0]).toMatchObject({ what: "pin", person: boris.person });
    await ana.client.act(circle, seq, { kind: "unpin" });
    await seen(both, circle, seq, ({ pinned }) => pinned === undefined);
    expect((await acts(boris, circle)).map(({ what }) => what)).toEqual(["pin", "unpin"]);
  });
});

describe("a mention", () => {
  it("reaches the named person by their id", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const seq = await say(ana, [ana, boris], circle, "¿Puede?", { mentions: [boris.person] });
    expect((await at(boris, circle, seq))?.mentions).toEqual([boris.person]);
  });
});

describe("content of a later version", () => {
  it("is shown as what cannot be shown here, and kept as it came", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, forge } = await withForger(world);
    forge.now = (opened) => ({
      ...opened,
      content: { kind: "unknown", kept: '{"kind":"sticker","n":1}' },
    });
    const seq = await say(mala, [ana, boris], circle, "x");
    expect(await at(ana, circle, seq)).toMatchObject({ text: "", error: "kind-unknown" });
    forge.now = null;
    await say(ana, [ana, boris], circle, "Seguimos");
    await ana.reopen();
    expect(await at(ana, circle, seq)).toMatchObject({ error: "kind-unknown" });
  });
});
