/** Messages from before somebody came, given to them: what goes, what they see, what is held back. */

import { afterEach, describe, expect, it } from "vitest";
import { Unreachable } from "../../src/api/errors";
import type { Line } from "../../src/effects/shapes";
import { padded } from "../../src/store/records";
import { give, givings, late, messages, offer, type Scene } from "./history";
import { at, say, seen } from "./said";
import { type Desk, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const COURT = { handling: { codes: ["court" as const] } };
const read = (desk: Desk, circle: string) =>
  messages(desk, circle).then((all) => all.map(({ text }) => text));

describe("somebody who comes in later", () => {
  it("is given nothing by coming in", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Llega el martes");
    });
    expect(await read(scene.carla, scene.circle)).toEqual([]);
  });

  it("reads what a member gives, in its place, with its authors' names and who gave it", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Llega el martes");
      await say(boris, [ana, boris], circle, "Entendido");
    });
    const { ana, boris, carla, circle } = scene;
    await say(ana, [ana, boris, carla], circle, "Bienvenida");
    const shown = await give(ana, scene);
    expect(shown.given.map(({ text }) => text)).toEqual(["Llega el martes", "Entendido"]);
    const found = await messages(carla, circle);
    expect(found.map(({ text, person }) => [text, person])).toEqual([
      ["Llega el martes", ana.person],
      ["Entendido", boris.person],
      ["Bienvenida", ana.person],
    ]);
    expect(found.map(({ given }) => given?.person)).toEqual([ana.person, ana.person, undefined]);
  });

  it("reads it at once on a page that stands open since before", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Llega el martes");
    });
    let shown: Line[] = [];
    scene.carla.client.onLines(scene.circle, (now) => {
      shown = now;
    });
    await until("the page is there", () => shown.length > 0);
    await give(scene.ana, scene);
    const texts = () => shown.flatMap((one) => (one.kind === "message" ? [one.message.text] : []));
    await until("it is shown", () => texts().length > 0);
    expect(texts()).toEqual(["Llega el martes"]);
  });

  it("is told to all readers, with whom, how many and from where to where", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Uno");
      await say(ana, [ana, boris], circle, "Dos");
    });
    const { ana, boris, carla, circle } = scene;
    const { given } = await give(ana, scene);
    await until("boris knows", async () => (await givings(boris, circle)).length === 1);
    const [line] = await givings(boris, circle);
    const [first, last] = [given[0]?.seq, given[1]?.seq];
    expect(line?.giving).toEqual({ to: carla.person, first, last, count: 2 });
    const [own] = await givings(carla, circle);
    expect(own?.giving?.taken).toMatchObject({ shown: 2, refused: {} });
    expect(await read(boris, circle)).toEqual(["Uno", "Dos"]);
  });

  it("is given nothing that the server could read", async () => {
    world = await World.make();
    world.service.seen = [];
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "canario en la historia");
    });
    await give(scene.ana, scene);
    expect(world.service.seen.join("\n")).toContain("post");
    expect(world.service.seen.join("\n")).not.toContain("canario");
  });

  it("has no mark of what is unread for it, and gives it on to the next one", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(boris, [ana, boris], circle, "Antes");
    });
    const { ana, carla, circle, caseId } = scene;
    await give(ana, scene);
    expect(threadOf(carla.client, circle)?.unread).toBe(0);
    const dora = await world.person();
    await ana.client.addPerson(caseId, dora.person, [circle]);
    await until("dora is in", () => threadOf(dora.client, circle)?.status === "active");
    await until("carla knows", async () =>
      (await carla.client.historyLacking(circle)).includes(dora.person),
    );
    await give(carla, { ...scene, carla: dora });
    expect(await read(dora, circle)).toEqual(["Antes"]);
  });
});

describe("a grant", () => {
  it("gives what was shown and nothing else", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Uno");
      await say(boris, [ana, boris], circle, "Dos");
    });
    const { ana, boris, carla, circle } = scene;
    const { given, digest } = await offer(ana, scene);
    await boris.client.act(circle, given[1]?.seq ?? 0, { kind: "edit", text: "Dos y medio" });
    await seen([ana], circle, given[1]?.seq ?? 0, ({ versions }) => versions !== undefined);
    const giving = ana.client.giveHistory(circle, carla.person, {}, digest);
    await expect(giving).rejects.toThrow("history-changed");
  });

  it("is of a range with two ends", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      for (const text of ["Uno", "Dos", "Tres"]) await say(ana, [ana, boris], circle, text);
    });
    const { ana, carla, circle } = scene;
    const [, middle] = (await offer(ana, scene)).given;
    await give(ana, scene, { from: middle?.at, until: middle?.at });
    expect(await read(carla, circle)).toEqual(["Dos"]);
  });

  it("of an earlier stretch comes beside what was given before", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const first = await say(ana, [ana, boris], circle, "Uno");
      await say(boris, [ana, boris], circle, "Dos", { answers: first });
    });
    const { ana, carla, circle } = scene;
    const [first, second] = (await offer(ana, scene)).given;
    await give(ana, scene, { from: second?.at });
    expect(await read(carla, circle)).toEqual(["Dos"]);
    await give(ana, scene, { until: first?.at });
    expect(await read(carla, circle)).toEqual(["Uno", "Dos"]);
  });

  it("brings the texts that a message had, and what its author made of it since", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const seq = await say(ana, [ana, boris], circle, "Llega el martes");
      await ana.client.act(circle, seq, { kind: "edit", text: "Llega el jueves" });
      await seen([ana, boris], circle, seq, ({ versions }) => versions !== undefined);
    });
    const { ana, boris, carla, circle } = scene;
    const [shown] = (await offer(ana, scene)).given;
    const seq = shown?.seq ?? 0;
    expect(shown).toMatchObject({ text: "Llega el jueves", versions: ["Llega el martes"] });
    await ana.client.act(circle, seq, { kind: "edit", text: "Llega el viernes" });
    await seen([ana, boris], circle, seq, ({ versions }) => versions?.length === 2);
    await give(boris, scene);
    const found = await at(carla, circle, seq);
    expect(found?.text).toBe("Llega el viernes");
    expect(found?.versions?.map(({ text }) => text)).toEqual([
      "Llega el martes",
      "Llega el jueves",
    ]);
  });

  it("is for those alone who came after something was said", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Uno");
    });
    const { ana, boris, carla, circle } = scene;
    expect(await ana.client.historyLacking(circle)).toEqual([carla.person]);
    const stranger = await world.person();
    const asked = boris.client.historyOffer(circle, stranger.person, {});
    await expect(asked).rejects.toThrow("history-not-reader");
  });
});

describe("words under a restricting code", () => {
  it("are given by their author alone", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "La placa es P-123", COURT);
    });
    const { ana, boris, carla, circle } = scene;
    const { given, held } = await offer(boris, scene);
    expect([given, held.map(({ why }) => why)]).toEqual([[], ["restricted"]]);
    await give(ana, scene);
    expect(await read(carla, circle)).toEqual(["La placa es P-123"]);
  });

  it("do not reach the newcomer in a quotation, whoever wrote that", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const seq = await say(ana, [ana, boris], circle, "La placa es P-123", COURT);
      await say(boris, [ana, boris], circle, "La busco", { answers: seq });
    });
    const { boris } = scene;
    const { given, held } = await offer(boris, scene);
    expect([given, held.map(({ why }) => why)]).toEqual([[], ["restricted", "quotes"]]);
  });

  it("of the giver go in a quotation only beside the message itself", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const seq = await say(ana, [ana, boris], circle, "La placa es P-123", COURT);
      await say(boris, [ana, boris], circle, "La busco", { answers: seq });
    });
    const { ana } = scene;
    const all = await offer(ana, scene);
    expect(all.given.map(({ text }) => text)).toEqual(["La placa es P-123", "La busco"]);
    const later = await offer(ana, scene, { from: all.given[1]?.at });
    expect([later.given, later.held.map(({ why }) => why)]).toEqual([[], ["quotes"]]);
  });
});

describe("what happens while a device is about to take what was given", () => {
  /** Carla's device is told of the grant and cannot fetch what was before until `meanwhile` is done. */
  async function held(meanwhile: (scene: Scene, seq: number) => Promise<void>) {
    world = await World.make();
    const { service } = world;
    const api = service.api.bind(service);
    let hidden = 0;
    service.api = (person) => {
      const made = api(person);
      const log: typeof made.log = async (thread, after, limit) => {
        if (after < hidden) throw new Unreachable("log");
        return made.log(thread, after, limit);
      };
      return { ...made, log };
    };
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Nombre del testigo");
    });
    const { boris, carla, circle } = scene;
    const { given, digest } = await offer(boris, scene);
    const seq = given[0]?.seq ?? 0;
    hidden = seq;
    await boris.client.giveHistory(circle, carla.person, {}, digest);
    await until("carla knows", async () => (await givings(carla, circle)).length === 1);
    await meanwhile(scene, seq);
    expect((await givings(carla, circle))[0]?.giving?.taken).toBeUndefined();
    hidden = 0;
    await until("it is taken", async () =>
      (await givings(carla, circle)).every((one) => one.giving?.taken !== undefined),
    );
    return { ...scene, seq };
  }

  it("counts: a withdrawal leaves no text of it there", async () => {
    const { carla, circle, seq } = await held(async ({ ana, carla, circle }, seq) => {
      await ana.client.act(circle, seq, { kind: "withdraw" });
      await until("it is read", async () =>
        (await carla.client.lines(circle)).some((one) => one.kind === "act" && one.about === seq),
      );
    });
    expect(await at(carla, circle, seq)).toMatchObject({ text: "", withdrawn: {} });
    expect(JSON.stringify(await carla.client.lines(circle))).not.toContain("testigo");
    const [given] = await givings(carla, circle);
    expect(given?.giving?.taken).toMatchObject({ shown: 0, refused: { withdrawn: 1 } });
    // What proves the withdrawal stays, and nothing of what was withdrawn.
    const prefix = `signed/${circle}/${padded(seq)}/`;
    const names = [...carla.disk.snapshot().values()]
      .flatMap((store) => store.all())
      .flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
    expect(names).toHaveLength(1);
    expect(names).not.toContain(padded(seq));
  });

  it("counts: an edit is the text that stands", async () => {
    const { carla, circle, seq } = await held(async ({ ana, carla, circle }, seq) => {
      await ana.client.act(circle, seq, { kind: "edit", text: "Nombre reservado" });
      await until("it is read", async () =>
        (await carla.client.lines(circle)).some((one) => one.kind === "act" && one.about === seq),
      );
    });
    expect((await at(carla, circle, seq))?.text).toBe("Nombre reservado");
  });
});

describe("what was taken back", () => {
  it("is not given, and neither is what quotes it", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const seq = await say(ana, [ana, boris], circle, "Nombre del testigo");
      await say(boris, [ana, boris], circle, "Mejor no", { answers: seq });
      await ana.client.act(circle, seq, { kind: "withdraw" });
      await seen([ana, boris], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    });
    const { given, held } = await offer(scene.boris, scene);
    expect([given, held.map(({ why }) => why)]).toEqual([[], ["withdrawn", "withdrawn"]]);
  });

  it("goes from the newcomer's device as well, with what quoted it there", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      const seq = await say(ana, [ana, boris], circle, "Nombre del testigo");
      await say(boris, [ana, boris], circle, "Mejor no", { answers: seq });
    });
    const { ana, boris, carla, circle } = scene;
    const seq = (await offer(boris, scene)).given[0]?.seq ?? 0;
    await say(boris, [ana, boris, carla], circle, "Le repito", { answers: seq });
    await give(boris, scene);
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await seen([carla], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    const found = await messages(carla, circle);
    expect(found.map(({ text, quote }) => [text, quote?.excerpt])).toEqual([
      ["", undefined],
      ["Mejor no", ""],
      ["Le repito", ""],
    ]);
    const kept = [...carla.disk.snapshot().values()].flatMap((store) => store.all());
    const names = kept.map(({ key }) => key);
    // Neither what opens it nor the list with that is there any more.
    expect(names.filter((key) => key.startsWith(`grant/${circle}`))).toEqual([]);
    const own = names.filter((key) => key.startsWith(`signed/${circle}/${padded(seq)}/`));
    expect(own.filter((key) => key.endsWith(padded(seq)))).toEqual([]);
  });
});
