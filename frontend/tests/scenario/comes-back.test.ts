/** Suspended, taken out, and back once two have lifted it: by whose word somebody reads again. */

import { afterEach, describe, expect, it } from "vitest";
import { drafting } from "./drafting";
import { accepted, type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const AWHILE_MS = 400;
const awhile = () => new Promise((done) => setTimeout(done, AWHILE_MS));
const readersIn = (desk: Desk, circle: string) =>
  threadOf(desk.client, circle)?.readers.map(({ person }) => person) ?? [];
const status = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.status;

/** Boris is suspended in the middle of a sentence, and ana's program takes his keys out. */
async function suspended({ signed = true } = {}) {
  world = await World.make();
  const scene = await talking(world);
  const { ana, boris, circle } = scene;
  boris.client.setDraft(circle, "a medias");
  await boris.client.saveDrafts();
  const stop = signed ? await world.authority.suspend(boris.person) : null;
  world.service.registry.revoke(boris.person);
  world.service.files.stop(boris.person, true);
  boris.kill();
  await until("he is out", () => !readersIn(ana, circle).includes(boris.person));
  await ana.client.send(circle, "sin él");
  // Were it still here when he is let in, it would wait for her word: it was written without him.
  await until("it is sent", async () => (await accepted(ana.client, circle)).includes("sin él"));
  return { ...scene, stop };
}

/** Two have lifted it, and he is at his browser again; `stop` null: by the server's word alone. */
async function lifted({ boris, stop }: { boris: Desk; stop: string | null }): Promise<void> {
  if (stop !== null) await world.authority.reinstate(boris.person, stop);
  world.service.files.stop(boris.person, false);
  await boris.reopen();
}

async function named(boris: Desk): Promise<void> {
  await boris.client.nameAgain();
  await until("a device", () => boris.client.view().session.device !== null);
}

describe("somebody whose suspension was lifted by two", () => {
  it("names the browser anew with the key that it holds", async () => {
    const { boris, stop } = await suspended();
    await lifted({ boris, stop });
    expect(boris.client.view().asking?.state).toBe("lifted");
    await named(boris);
    expect(boris.client.view().asking).toBeNull();
  });

  it("is let in by whoever is online, and reads what is written from then on", async () => {
    const { ana, boris, circle, caseId, stop } = await suspended();
    await lifted({ boris, stop });
    await named(boris);
    await until("he is back", () => status(boris, circle) === "active");
    const title = () => boris.client.view().cases.find(({ id }) => id === caseId)?.title;
    await until("with the title", () => title() === "Caso Río");
    await ana.client.send(circle, "bienvenido");
    await until("he reads", async () => (await texts(boris.client, circle)).includes("bienvenido"));
    expect(await texts(boris.client, circle)).not.toContain("sin él");
  });

  it("is shown as back, not as added by a colleague", async () => {
    const { ana, boris, circle, stop } = await suspended();
    await lifted({ boris, stop });
    await named(boris);
    await until("he is back", () => status(boris, circle) === "active");
    await until("ana has noted it", () => readersIn(ana, circle).includes(boris.person));
    const lines = await ana.client.lines(circle);
    expect(lines.at(-1)).toMatchObject({ what: "joined", people: [boris.person], back: true });
  });

  it("is let in also by those who see the stop and its end at once", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    ana.kill();
    const stop = await world.authority.suspend(boris.person);
    world.service.registry.revoke(boris.person);
    world.service.files.stop(boris.person, true);
    boris.kill();
    await lifted({ boris, stop });
    await named(boris);
    await ana.reopen();
    await until("he is back", () => status(boris, circle) === "active", 15_000);
    const title = () => boris.client.view().cases.find(({ id }) => id === caseId)?.title;
    await until("with the title", () => title() === "Caso Río", 15_000);
    await ana.client.send(circle, "bienvenido");
    await until("he reads", async () => (await texts(boris.client, circle)).includes("bienvenido"));
  });

  it("is let in also by those who see the stop when it is lifted already", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    ana.kill();
    const stop = await world.authority.suspend(boris.person);
    world.service.registry.revoke(boris.person);
    world.service.files.stop(boris.person, true);
    boris.kill();
    await lifted({ boris, stop });
    await ana.reopen();
    await until("he is out", () => !readersIn(ana, circle).includes(boris.person), 15_000);
    await named(boris);
    await until("he is back", () => status(boris, circle) === "active", 15_000);
    await until("ana has noted it", () => readersIn(ana, circle).includes(boris.person));
    const lines = await ana.client.lines(circle);
    expect(lines.at(-1)).toMatchObject({ what: "joined", people: [boris.person], back: true });
  });

  it("finds what was typed before, while the thread waits and when it is open", async () => {
    const { ana, boris, circle, stop } = await suspended();
    await ana.client.saveDrafts();
    ana.kill();
    await lifted({ boris, stop });
    await named(boris);
    expect(threadOf(boris.client, circle)).toMatchObject({ status: "waiting", draft: "a medias" });
    await ana.reopen();
    await until("he is back", () => status(boris, circle) === "active", 15_000);
    expect(threadOf(boris.client, circle)?.draft).toBe("a medias");
  });
});

describe("a host that lists somebody again", () => {
  it("lets nobody back whose stop nobody lifted by signature", async () => {
    const { ana, boris, circle, stop } = await suspended();
    expect(stop).not.toBeNull();
    await lifted({ boris, stop: null });
    await boris.client.nameAgain().catch(() => undefined);
    await awhile();
    expect(readersIn(ana, circle)).toEqual([ana.person]);
  });

  it("lets nobody back by itself whose stop nobody had signed; a member can", async () => {
    const { ana, boris, circle, caseId, stop } = await suspended({ signed: false });
    await lifted({ boris, stop });
    await named(boris);
    await awhile();
    expect(readersIn(ana, circle)).toEqual([ana.person]);
    await ana.client.addPerson(caseId, boris.person, [circle]);
    await until("he is back", () => status(boris, circle) === "active");
    const lines = await ana.client.lines(circle);
    expect(lines.some((line) => line.kind === "event" && line.back === true)).toBe(false);
  });

  it("is not taken at its word by those who see a colleague let somebody in", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => status(carla, circle) === "active");
    world.service.registry.revoke(boris.person);
    world.service.files.stop(boris.person, true);
    boris.kill();
    await until("he is out", () => !readersIn(carla, circle).includes(boris.person));
    await lifted({ boris, stop: null });
    await named(boris);
    await ana.client.addPerson(caseId, boris.person, [circle]);
    await until("he is back", () => readersIn(carla, circle).includes(boris.person));
    const line = (await carla.client.lines(circle)).at(-1);
    expect(line).toMatchObject({ what: "joined", people: [boris.person], by: ana.person });
    expect(line).not.toHaveProperty("back");
  });

  it("lets nobody back whom a person had taken out before the stop", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await ana.client.removeReader(circle, boris.person);
    await until("he is out", () => !readersIn(ana, circle).includes(boris.person));
    const stop = await world.authority.suspend(boris.person);
    world.service.registry.revoke(boris.person);
    world.service.files.stop(boris.person, true);
    boris.kill();
    const thread = world.service.cases[0]?.threads.find((one) => one.circle === circle);
    thread?.people.push(boris.person);
    await lifted({ boris, stop });
    await named(boris);
    await awhile();
    expect(readersIn(ana, circle)).toEqual([ana.person]);
  });

  it("lets nobody back whom a person took out during the stop", async () => {
    const { ana, boris, circle, stop } = await suspended();
    await ana.client.removeReader(circle, boris.person);
    const thread = world.service.cases[0]?.threads.find((one) => one.circle === circle);
    thread?.people.push(boris.person);
    await lifted({ boris, stop });
    await named(boris);
    await awhile();
    expect(readersIn(ana, circle)).toEqual([ana.person]);
  });
});

/** Boris is suspended while he drafts, and ana's program takes his keys out of the draft. */
async function draftingWhileSuspended() {
  world = await World.make();
  const scene = await drafting(world);
  const { ana, boris, id } = scene;
  const { row } = world.service.requests.file(id);
  const inside = () => world.service.group(row.circle).roster.map(({ person }) => person);
  const stop = await world.authority.suspend(boris.person);
  world.service.registry.revoke(boris.person);
  world.service.files.stop(boris.person, true);
  boris.kill();
  await until("he is out", () => !inside().includes(boris.person));
  await until("ana noted it", async () => {
    const lines = await ana.client.lines(row.circle);
    return lines.some((line) => line.kind === "event" && line.what === "removed");
  });
  return { ...scene, stop, row, inside };
}

/** A host lists him among the drafters once more, and he names a device after the lift. */
async function listedAgain(
  scene: Awaited<ReturnType<typeof draftingWhileSuspended>>,
): Promise<void> {
  const { row, ana, boris, stop } = scene;
  if (!row.people.includes(boris.person)) row.people.push(boris.person);
  await lifted({ boris, stop });
  await named(boris);
  world.service.sockets.joined([ana.person]); // who shares no case with him hears of it by the draft
}

describe("a drafter whose suspension was lifted by two", () => {
  it("is let into the draft again by whoever is online", async () => {
    const scene = await draftingWhileSuspended();
    await listedAgain(scene);
    await until("he is back", () => scene.inside().includes(scene.boris.person));
  });

  it("is not, once a person took them out of the draft meanwhile", async () => {
    const scene = await draftingWhileSuspended();
    await scene.ana.client.removeDrafter(scene.id, scene.boris.person);
    await listedAgain(scene);
    await awhile();
    expect(scene.inside()).toEqual([scene.ana.person]);
  });

  it("is not, once a person of their State took them out of the case meanwhile", async () => {
    const scene = await draftingWhileSuspended();
    await scene.ana.client.removePerson(scene.caseId, scene.boris.person);
    expect(scene.row.people).toEqual([scene.ana.person]);
    await listedAgain(scene);
    await awhile();
    expect(scene.inside()).toEqual([scene.ana.person]);
  });

  it("is all the same, where the owner of another State took them out of the case", async () => {
    const scene = await draftingWhileSuspended();
    const { ana, boris, mexico, caseId, row } = scene;
    await mexico.client.removePerson(caseId, boris.person);
    expect(row.people).toContain(boris.person);
    await until("ana hears", () => {
      const people = ana.client.view().cases[0]?.people ?? [];
      return !people.some(({ id }) => id === boris.person);
    });
    await listedAgain(scene);
    await until("he is back", () => scene.inside().includes(boris.person));
  });
});

describe("a browser whose device was stopped itself", () => {
  it("does not name itself, and is not told that its key is gone", async () => {
    world = await World.make();
    const { boris } = await talking(world);
    world.service.registry.revoke(boris.person, true);
    await boris.reopen();
    expect(boris.client.view().asking?.state).toBe("retired");
    await expect(boris.client.nameAgain()).rejects.toThrow("device-request-over");
  });
});
