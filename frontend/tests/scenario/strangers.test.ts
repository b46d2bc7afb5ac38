/** Key packages under somebody's name that nobody vouched for: handed out, and not let in. */

import { afterEach, describe, expect, it } from "vitest";
import { makeEngine } from "../../src/crypto/engine";
import { encodeIdentity } from "../../src/crypto/identity";
import { accepted, type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const MINUTE_MS = 60_000;

/** A package of keys that only the host has, as the device of that person. */
async function forged(person: string, device: string): Promise<Uint8Array> {
  const engine = await makeEngine(async () => true);
  const keys = await engine.generateDeviceKeys();
  const credential = encodeIdentity({
    state: "SV",
    person,
    device,
    serial: crypto.randomUUID(),
    signatureKey: keys.signaturePublic,
    historyKey: keys.historyPublic,
  });
  return (await engine.keyPackage({ ...keys, credential }, 30)).package;
}

/** From now on the host hands out this instead of a device's package. */
function handOut(instead: Map<string, Uint8Array>): void {
  const { registry } = world.service;
  const honest = registry.claim.bind(registry);
  registry.claim = (devices) => {
    const { packages, missing } = honest(devices);
    const extra = devices.flatMap((device) => {
      const bytes = instead.get(device);
      return bytes === undefined ? [] : [{ device, package: bytes }];
    });
    const others = packages.filter(({ device }) => !instead.has(device));
    return { packages: [...others, ...extra], missing };
  };
}

const strangersIn = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.strangers ?? [];
const readersIn = (desk: Desk, circle: string) =>
  threadOf(desk.client, circle)?.readers.map(({ person }) => person) ?? [];

async function withCarla() {
  world = await World.make();
  const scene = await talking(world);
  const carla = await world.person();
  const [device = ""] = world.service.registry.of(carla.person);
  return { ...scene, carla, device };
}

describe("a key in a person's name that nobody vouched for", () => {
  it("is not let in, and whoever was to let it in is told whose name it bore", async () => {
    const { ana, carla, circle, caseId, device } = await withCarla();
    handOut(new Map([[device, await forged(carla.person, device)]]));
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("ana is told", () => strangersIn(ana, circle).length > 0);
    expect(strangersIn(ana, circle)).toMatchObject([
      { person: carla.person, device, why: "key-mismatch" },
    ]);
    expect(readersIn(ana, circle)).not.toContain(carla.person);
  });

  it("keeps nobody else out", async () => {
    const { ana, boris, carla, circle, caseId, device } = await withCarla();
    const dario = await world.person();
    handOut(new Map([[device, await forged(carla.person, device)]]));
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await ana.client.addPerson(caseId, dario.person, [circle]);
    await until("dario is in", () => threadOf(dario.client, circle)?.status === "active");
    await ana.client.send(circle, "los que deben");
    for (const desk of [boris, dario]) {
      await until("read", async () => (await texts(desk.client, circle)).includes("los que deben"));
    }
    expect(readersIn(ana, circle)).not.toContain(carla.person);
  });

  it("is not let in under another device's number either", async () => {
    const { ana, boris, carla, circle, caseId, device } = await withCarla();
    const [other = ""] = world.service.registry.of(boris.person);
    handOut(new Map([[device, await forged(boris.person, other)]]));
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("ana is told", () => strangersIn(ana, circle).length > 0);
    expect(strangersIn(ana, circle)[0]?.why).toBe("other-device");
  });

  it("is said once, however often it is offered", async () => {
    const { ana, carla, circle, caseId, device } = await withCarla();
    handOut(new Map([[device, await forged(carla.person, device)]]));
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("ana is told", () => strangersIn(ana, circle).length > 0);
    await ana.reopen();
    await ana.client.renewKeys(circle);
    expect(strangersIn(ana, circle)).toHaveLength(1);
  });

  it("is kept to be shown, after a reload too", async () => {
    const { ana, carla, circle, caseId, device } = await withCarla();
    const bytes = await forged(carla.person, device);
    handOut(new Map([[device, bytes]]));
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("ana is told", () => strangersIn(ana, circle).length > 0);
    await ana.reopen();
    await until("she is back", () => strangersIn(ana, circle).length > 0);
    expect(strangersIn(ana, circle)[0]?.package).toBe(Buffer.from(bytes).toString("base64url"));
  });
});

describe("somebody whose post reads no threads, whatever the host says", () => {
  it.each(["central-authority", "national-auditor"])(
    "is not let in as a %s, and whoever was to do so is told",
    async (role) => {
      const { ana, boris, carla, circle, caseId, device } = await withCarla();
      await world.authority.reassign(carla.person, [role]);
      await ana.client.addPerson(caseId, carla.person, [circle]);
      await until("ana is told", () => strangersIn(ana, circle).length > 0);
      expect(strangersIn(ana, circle)).toMatchObject([
        { person: carla.person, device, why: "reads-no-more" },
      ]);
      await ana.client.send(circle, "sin ella");
      await until("read", async () => (await texts(boris.client, circle)).includes("sin ella"));
      expect(readersIn(ana, circle)).not.toContain(carla.person);
    },
  );

  it("is told nothing more, if they were in: it waits until they are out", async () => {
    const { ana, boris, carla, circle, caseId } = await withCarla();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
    await world.authority.reassign(carla.person, ["national-auditor"]);
    await ana.reopen();
    await until("online", () => ana.client.view().connection === "online");
    await ana.client.send(circle, "sin ella");
    await until("it is with the server or waits", () => ana.client.view().outbox > 0);
    expect(await accepted(ana.client, circle)).not.toContain("sin ella");
    await ana.client.removeReader(circle, carla.person);
    await until("read", async () => (await texts(boris.client, circle)).includes("sin ella"));
    expect(await texts(carla.client, circle)).not.toContain("sin ella");
  });

  it("reads on while that post was approved and not bound: it may be rejected", async () => {
    const { ana, carla, circle, caseId } = await withCarla();
    await world.authority.reassign(carla.person, ["national-auditor"], false);
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
    expect(strangersIn(ana, circle)).toEqual([]);
  });
});

describe("a device whose statement may be on its way", () => {
  it("is no accusation for a minute", async () => {
    world = await World.make();
    let now = Date.now();
    const ana = await world.device(await world.authority.addPerson(), undefined, () => now);
    const boris = await world.person();
    const caseId = await ana.client.openCase(["SV"], "Caso Río");
    await ana.client.addPerson(caseId, boris.person, []);
    const circle = await ana.client.openThread(caseId, "Traslado", [boris.person]);
    await until("both are in", () => threadOf(boris.client, circle)?.status === "active");
    const { directory } = world.authority;
    const her = await world.authority.addPerson();
    // What comes after it, her device's entry, is on its way: set before it is there to be read.
    directory.shown.set(ana.person, directory.entries.length);
    const carla = await world.device(her);
    const [device = ""] = world.service.registry.of(carla.person);
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("it was refused", () => ana.errors.length > 0);
    expect(strangersIn(ana, circle)).toEqual([]);
    now += MINUTE_MS;
    world.service.sockets.cut(ana.person);
    ana.client.network(true);
    await until("then it is one", () => strangersIn(ana, circle).length > 0, 15_000);
    expect(strangersIn(ana, circle)[0]).toMatchObject({ device, why: "no-device" });
  });
});
