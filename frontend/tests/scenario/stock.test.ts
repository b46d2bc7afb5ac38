/** The key packages by which a device that is away can be added: how many wait, and until when. */

import { afterEach, describe, expect, it } from "vitest";
import { STOCK } from "../../src/effects/device";
import { type Desk, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Somebody whose device keeps as many as a real one. */
async function withStock(): Promise<{ ana: Desk; device: string; waiting: () => number }> {
  world = await World.make();
  world.stock = null;
  const ana = await world.person();
  const { registry } = world.service;
  const [device = ""] = registry.of(ana.person);
  const waiting = () => registry.devices.get(device)?.packages.length ?? 0;
  await until("the stock is full", () => waiting() === STOCK.full);
  return { ana, device, waiting };
}

const take = (device: string, count: number) =>
  world.service.registry.claim(Array.from({ length: count }, () => device)).packages;
const looks = () => world.service.calls.filter((name) => name === "keyPackages").length;

/** The device comes back, and has looked how many wait. */
async function back(ana: Desk): Promise<void> {
  const before = looks();
  world.service.sockets.cut(ana.person);
  await until("the device has looked", () => looks() > before);
}

describe("the key packages of a device", () => {
  it("are fifty, each another one, and a last resort beside them", async () => {
    const { device, waiting } = await withStock();
    expect(STOCK).toEqual({ full: 50, least: 20 });
    const all = () => world.service.registry.devices.get(device);
    await until("the last resort is there", () => all()?.lastResort != null);
    const taken = take(device, 50).map((one) => String(one.package));
    expect(new Set(taken).size).toBe(50);
    expect(waiting()).toBe(0);
    expect(world.service.registry.lastResorts).toBe(0);
  });

  it("are made anew once fewer than twenty wait, and not before", async () => {
    const { ana, device, waiting } = await withStock();
    take(device, 30);
    await back(ana);
    await back(ana); // the first look is over with all that it led to
    expect(waiting()).toBe(20);
    take(device, 1);
    await back(ana);
    await until("the stock is full again", () => waiting() === 50);
  });

  it("end with the last resort, which no scenario hands out unnoticed", async () => {
    const { device } = await withStock();
    const { registry } = world.service;
    await until("the last resort is there", () => registry.devices.get(device)?.lastResort != null);
    take(device, 50);
    const [one, again] = take(device, 2);
    expect(one?.package).toBe(registry.devices.get(device)?.lastResort);
    expect(again?.package).toBe(one?.package);
    await expect(world.close()).rejects.toThrow("last resort was handed out");
    registry.lastResorts = 0;
  });
});
