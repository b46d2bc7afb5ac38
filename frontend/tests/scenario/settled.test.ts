/** A thread that has done its work, and goes on after all: every reader sees who said so, and why. */

import { afterEach, describe, expect, it } from "vitest";
import { readable } from "./seen";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const resolved = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.resolved ?? null;

async function lines(desk: Desk, circle: string) {
  return (await desk.client.lines(circle)).flatMap((line) => (line.kind === "act" ? [line] : []));
}

async function settled() {
  world = await World.make();
  const scene = await talking(world);
  await scene.ana.client.settle(scene.circle, "resolve", " Enviado a la autoridad central ");
  for (const desk of [scene.ana, scene.boris]) {
    await until("it is resolved", () => resolved(desk, scene.circle) !== null);
  }
  return scene;
}

describe("a thread that somebody resolved", () => {
  it("says by whom and why, to all its readers", async () => {
    const { ana, boris, circle } = await settled();
    const reason = "Enviado a la autoridad central";
    for (const desk of [ana, boris]) {
      expect(resolved(desk, circle)).toMatchObject({ person: ana.person, reason });
      const [line] = await lines(desk, circle);
      expect(line).toMatchObject({ what: "resolve", about: 0, outcome: "done", text: reason });
    }
  });

  it("tells the server that, and not why", async () => {
    const { circle } = await settled();
    const seen = readable(world.service.group(circle).log);
    expect(seen).toContain('"act\\":\\"resolve');
    expect(seen).not.toContain("autoridad central");
  });

  it("is resolved once, and reopened by another reader", async () => {
    const { ana, boris, circle } = await settled();
    await expect(boris.client.settle(circle, "resolve", "otra vez")).rejects.toThrow(
      "thread-act-done",
    );
    await boris.client.settle(circle, "reopen", "Llegó otra respuesta");
    for (const desk of [ana, boris]) {
      await until("it goes on", () => resolved(desk, circle) === null);
      expect((await lines(desk, circle)).map(({ what }) => what)).toEqual(["resolve", "reopen"]);
    }
  });

  it("is still resolved after the page was closed", async () => {
    const { boris, circle } = await settled();
    await boris.reopen();
    expect(resolved(boris, circle)).toMatchObject({ reason: "Enviado a la autoridad central" });
  });

  it("is written in all the same", async () => {
    const { ana, boris, circle } = await settled();
    await boris.client.send(circle, "gracias");
    await until("it is read", () => threadOf(ana.client, circle)?.unread === 1);
    expect(resolved(ana, circle)).not.toBeNull();
  });
});

describe("what was typed for those who read a thread then", () => {
  it("waits for its author's word where somebody came in before it left, also an edit", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const id = await ana.client.send(circle, "uno");
    let seq = 0;
    await until("it is sent", async () => {
      const all = await ana.client.lines(circle);
      const found = all.find((line) => line.kind === "message" && line.message.id === id);
      seq = found?.kind === "message" ? (found.message.seq ?? 0) : 0;
      return seq > 0;
    });
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => threadOf(carla.client, circle)?.status === "active");
    const before = [ana.person, boris.person];
    await ana.client.act(circle, seq, { kind: "edit", text: "solo para Boris" }, before);
    await ana.client.settle(circle, "resolve", "solo para Boris", before);
    await until("both are held", async () => {
      const held = (await lines(ana, circle)).filter(({ status }) => status === "held");
      return held.length === 2;
    });
    const [edit] = await lines(ana, circle);
    expect(edit?.newReaders).toEqual([carla.person]);
  });
});
