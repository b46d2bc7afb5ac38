import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const deviceOf = (desk: Desk) => desk.client.view().session.device ?? "";

async function thread(desk: Desk, device: string | null, circle: string) {
  const { threads } = await desk.client.losses(device);
  return threads.find((one) => one.circle === circle);
}

/** A second browser of somebody's that is in the group of this thread, as they both know. */
async function second(desk: Desk, member: Desk, circle: string): Promise<Desk> {
  const other = await world.browser(desk.person);
  await until("the device is told", () => desk.client.view().devices.asked.length === 1);
  const [asked] = desk.client.view().devices.asked;
  await desk.client.confirmDevice(asked?.id ?? "", asked?.words ?? []);
  await until("it is one", () => other.client.view().session.device !== null);
  await member.reopen(); // whoever comes online takes further devices in
  const devices = () =>
    threadOf(desk.client, circle)?.readers.find(({ person }) => person === desk.person)?.devices;
  await until("both are in", () => {
    return devices() === 2 && threadOf(other.client, circle)?.status === "active";
  });
  return other;
}

describe("what is read no more once a device ends", () => {
  it("are the threads that no other device of the person reads, with whoever can let them in", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const found = await boris.client.losses(deviceOf(boris));
    expect(found).toMatchObject({ here: true, last: true, begun: [] });
    expect(found.threads.map(({ kind, devices }) => [kind, devices])).toEqual([
      ["case", []],
      ["thread", []],
    ]);
    expect(await thread(boris, deviceOf(boris), circle)).toMatchObject({
      name: "Traslado",
      caseTitle: "Caso Río",
      people: [ana.person],
      owner: ana.person,
    });
  });

  it("are none of those that another device reads, though that one knows no older messages", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const other = await second(ana, boris, circle);
    expect(await thread(ana, deviceOf(ana), circle)).toMatchObject({ devices: [deviceOf(other)] });
    expect((await ana.client.losses(deviceOf(ana))).last).toBe(false);
    // The other way round nothing that is typed here goes either.
    ana.client.setDraft(circle, "Sin enviar");
    const lost = await ana.client.losses(deviceOf(other));
    expect(lost.here).toBe(false);
    expect(await thread(ana, deviceOf(other), circle)).toMatchObject({
      devices: [deviceOf(ana)],
      draft: false,
    });
  });

  it("are all of them with the account", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await second(ana, boris, circle);
    const { threads, last } = await ana.client.losses(null);
    expect(last).toBe(true);
    expect(threads.every(({ devices }) => devices.length === 0)).toBe(true);
  });

  it("is what was typed and not sent, too", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    world.service.refusing = "message-urgent-many";
    await ana.client.send(circle, "Lo que no llegó a salir");
    await until("it failed", () => threadOf(ana.client, circle)?.failed === 1);
    ana.client.setDraft(circle, "A medio escribir"); // this very moment, and written down nowhere
    expect(await thread(ana, deviceOf(ana), circle)).toMatchObject({ draft: true, unsent: 1 });
  });

  it("is told by reading alone: whoever gives it up then has lost nothing", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "Sigue aquí");
    await ana.client.saveDrafts();
    await ana.client.losses(deviceOf(ana));
    await ana.client.losses(null);
    expect(world.service.registry.of(ana.person)).toHaveLength(1);
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("Sigue aquí");
  });
});

describe("a browser that reads nothing", () => {
  it("is told the person's cases by reference, how many threads, and who can let them in", async () => {
    world = await World.make();
    const { ana, boris } = await talking(world);
    const fresh = await world.browser(boris.person);
    expect(fresh.client.view().asking?.state).toBe("asking");
    const [one, ...more] = await fresh.client.caseload();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ owner: ana.person, threads: 1, alone: 0 });
    expect(one?.people.map(({ id }) => id)).toEqual([ana.person]);
    expect(JSON.stringify(one)).not.toContain("Traslado");
    expect(one?.reference).not.toBe("");
  });
});
