import { afterEach, describe, expect, it } from "vitest";
import { type Desk, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Print a kit and prove it; the eight groups are what is on the paper. */
async function kitOf(desk: Desk): Promise<string[]> {
  const { groups } = await desk.client.makeKit();
  expect(await desk.client.proveKit(new Map([[2, groups[2] ?? ""]]))).toBe(true);
  return [...groups];
}

async function verify(desk: Desk, other: Desk): Promise<void> {
  const { number } = await desk.client.safety(other.person);
  expect(number).not.toBeNull();
  await desk.client.verifyPerson(other.person, number);
}

const kept = () => world.service.calls.filter((name) => name === "keepBackup").length;
const settled = async (desk: Desk) =>
  until("the backup is up to date", async () => !(await desk.client.kit()).behind);

/** Three people, the first of whom has a kit on paper. */
async function three() {
  world = await World.make();
  const [ana, boris, carla] = [await world.person(), await world.person(), await world.person()];
  return { ana, boris, carla, paper: await kitOf(ana) };
}

describe("the backup that the kit seals", () => {
  it("has everybody who was verified after the kit was made", async () => {
    const { ana, boris, carla, paper } = await three();
    await verify(ana, boris);
    await verify(ana, carla);
    await settled(ana);
    expect(await ana.client.restoreKit(paper)).toBe(2);
  });

  it("has nobody any more whose verification was taken back", async () => {
    const { ana, boris, paper } = await three();
    await verify(ana, boris);
    await settled(ana);
    await ana.client.verifyPerson(boris.person, null);
    await settled(ana);
    expect(await ana.client.restoreKit(paper)).toBe(0);
  });

  it("is kept at the next connection if there was none", async () => {
    const { ana, boris, paper } = await three();
    world.service.fault = (name) => (name === "keepBackup" ? "request" : undefined);
    await verify(ana, boris);
    await until("it was tried", () => kept() === 2);
    expect((await ana.client.safety(boris.person)).state).toBe("verified");
    expect((await ana.client.kit()).behind).toBe(true);
    world.service.fault = () => undefined;
    world.service.sockets.cut(ana.person);
    await settled(ana);
    expect(await ana.client.restoreKit(paper)).toBe(1);
    expect(ana.errors).toEqual([]);
  });

  it("is not overtaken by an older one that arrives later", async () => {
    const { ana, boris, carla, paper } = await three();
    const keep = [verify(ana, boris), verify(ana, carla)];
    await Promise.all(keep);
    await settled(ana);
    expect(await ana.client.restoreKit(paper)).toBe(2);
  });

  it("is of both browsers of a person, whoever keeps it last", async () => {
    const { ana, boris, carla, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    await verify(ana, boris);
    await settled(ana);
    await verify(second, carla);
    await settled(second);
    expect((await second.client.safety(boris.person)).state).toBe("verified");
    const third = await world.device(ana.person);
    expect(await third.client.restoreKit(paper)).toBe(2);
    expect([...ana.errors, ...second.errors]).toEqual([]);
  });

  it("tells a browser that came after the comparison with whom and when it was, to be made anew", async () => {
    const { ana, boris, paper } = await three();
    await verify(ana, boris);
    await settled(ana);
    const { at } = await ana.client.safety(boris.person);
    const second = await world.device(ana.person);
    expect(await second.client.restoreKit(paper)).toBe(1);
    // It is a device that boris has not seen: the number of both is another one.
    expect(await second.client.safety(boris.person)).toMatchObject({ state: "changed", at });
    await verify(second, boris);
    await settled(second);
    expect((await second.client.safety(boris.person)).state).toBe("verified");
  });

  it("has nobody back whose verification one of two browsers took back", async () => {
    const { ana, boris, carla, paper } = await three();
    await verify(ana, boris);
    await settled(ana);
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    await ana.client.verifyPerson(boris.person, null);
    await settled(ana);
    await verify(second, carla);
    await settled(second);
    expect((await second.client.safety(boris.person)).state).toBe("unverified");
  });

  it("is of both who keep it at the same moment", async () => {
    const { ana, boris, carla, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    await Promise.all([verify(ana, boris), verify(second, carla)]);
    await Promise.all([settled(ana), settled(second)]);
    const third = await world.device(ana.person);
    expect(await third.client.restoreKit(paper)).toBe(2);
  });

  it("of a new kit has what the one before had sealed in another browser", async () => {
    const { ana, boris, carla, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    await verify(second, boris);
    await settled(second);
    await verify(ana, carla);
    await settled(ana);
    const { groups } = await ana.client.makeKit(true);
    await ana.client.proveKit(new Map([[2, groups[2] ?? ""]]));
    expect(await ana.client.restoreKit([...groups])).toBe(2);
  });

  it("is not written over by a browser whose kit another one has replaced", async () => {
    const { ana, boris, carla, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    const { groups } = await ana.client.makeKit(true);
    await ana.client.proveKit(new Map([[2, groups[2] ?? ""]]));
    await verify(ana, boris);
    await settled(ana);
    await verify(second, carla);
    await until("it knows", async () => (await second.client.kit()).replaced);
    expect(await ana.client.restoreKit([...groups])).toBe(1);
    // With the new paper it goes on, and what it found out alone is kept.
    await second.client.restoreKit([...groups]);
    expect((await second.client.kit()).replaced).toBe(false);
    await settled(second);
    expect(await ana.client.restoreKit([...groups])).toBe(2);
  });

  it("takes a fresh proof to be of another kit: until then the one on paper stays", async () => {
    const { ana, boris, paper } = await three();
    const { groups } = await ana.client.makeKit(true);
    const typed = new Map([[2, groups[2] ?? ""]]);
    world.service.backups.isStale = true;
    await expect(ana.client.proveKit(typed)).rejects.toMatchObject({ code: "step-up-needed" });
    expect(await ana.client.kit()).toMatchObject({ groups, provenAt: expect.any(String) });
    const second = await world.device(ana.person);
    expect(await second.client.restoreKit(paper)).toBe(0);
    world.service.backups.isStale = false;
    expect(await ana.client.proveKit(typed)).toBe(true);
    await verify(ana, boris);
    await settled(ana);
    expect(await second.client.restoreKit([...groups])).toBe(1);
  });

  it("goes on by the kit on paper while a next one is made and not proven", async () => {
    const { ana, boris, paper } = await three();
    await ana.client.makeKit(true);
    await verify(ana, boris);
    await settled(ana);
    expect(await ana.client.restoreKit(paper)).toBe(1);
  });

  it("of a kit whose first keeping failed is not lost to the next kit", async () => {
    const { ana, boris, carla, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    await verify(second, boris);
    await settled(second);
    let groups: readonly string[] = [];
    for (const fault of ["request", undefined] as const) {
      world.service.fault = (name) => (name === "keepBackup" ? fault : undefined);
      ({ groups } = await ana.client.makeKit(true));
      const proving = ana.client.proveKit(new Map([[2, groups[2] ?? ""]]));
      await proving.catch(() => undefined);
    }
    await verify(ana, carla);
    await settled(ana);
    expect(await ana.client.restoreKit([...groups])).toBe(2);
  });

  it("from before marks is marked at the first connection after a sign-in", async () => {
    const { ana, paper } = await three();
    world.service.backups.forgetMarks();
    const second = await world.device(ana.person);
    expect(await second.client.restoreKit(paper)).toBe(0);
    await until("it is marked", () => world.service.backups.marks === 1);
  });

  it("of a kit that is the person's no more is not kept, though nothing newer is there", async () => {
    const { ana, boris, paper } = await three();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    const { groups } = await ana.client.makeKit(true);
    world.service.fault = (name) => (name === "keepBackup" ? "request" : undefined);
    const proving = ana.client.proveKit(new Map([[2, groups[2] ?? ""]]));
    await expect(proving).rejects.toBeDefined();
    world.service.fault = () => undefined;
    await verify(second, boris);
    await until("it knows", async () => (await second.client.kit()).replaced);
    world.service.sockets.cut(ana.person);
    await until("it is kept", async () => {
      const { keptAt, behind } = await ana.client.kit();
      return keptAt !== null && !behind;
    });
    expect(await ana.client.restoreKit([...groups])).toBe(0);
    expect([...ana.errors, ...second.errors]).toEqual([]);
  });

  it("is not kept where there is no kit", async () => {
    const { boris, carla } = await three();
    const before = kept();
    await verify(boris, carla);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kept()).toBe(before);
    expect(boris.errors).toEqual([]);
  });
});
