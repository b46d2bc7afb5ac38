/** How a device takes what was given to its person: once, patiently, and with an end. */

import { afterEach, describe, expect, it } from "vitest";
import { ApiError, Unreachable } from "../../src/api/errors";
import { cameIn } from "../../src/effects/history/offer";
import { rosterChange } from "../../src/effects/roster";
import { eventOf } from "../../src/effects/walk";
import { keys, type LineRecord } from "../../src/store/records";
import type { Vault } from "../../src/store/vault";
import { give, givings, late, offer } from "./history";
import { at, say, seen } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** A further device of somebody's; whoever comes online, here `member`, lets it in. */
async function furtherDeviceOf(desk: Desk, member: Desk, circle: string): Promise<Desk> {
  const further = await world.device(desk.person);
  await member.reopen();
  await until("it is in", () => threadOf(further.client, circle)?.status === "active");
  return further;
}

describe("what was given to somebody with a further device", () => {
  it("is no alarm on the device that has read all of it itself", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    for (const text of ["Uno", "Dos", "Tres"]) await say(ana, [ana, boris], circle, text);
    const further = await furtherDeviceOf(boris, ana, circle);
    await until("ana knows", async () =>
      (await ana.client.historyLacking(circle)).includes(boris.person),
    );
    const { digest, given } = await ana.client.historyOffer(circle, boris.person, {});
    expect(given).toHaveLength(3);
    await ana.client.giveHistory(circle, boris.person, {}, digest);
    const taken = async (desk: Desk) => (await givings(desk, circle))[0]?.giving?.taken;
    for (const desk of [boris, further]) {
      await until("it is taken", async () => (await taken(desk)) !== undefined);
    }
    expect(await taken(boris)).toEqual({ at: expect.any(String), shown: 0, refused: {} });
    expect(await taken(further)).toMatchObject({ shown: 3, refused: {} });
  });
});

describe("a device that cannot fetch what was before", () => {
  it("tries again once for all that waits, however much that is", async () => {
    world = await World.make();
    const { service } = world;
    const api = service.api.bind(service);
    let [hidden, tried] = [0, 0];
    service.api = (person) => {
      const made = api(person);
      const log: typeof made.log = async (thread, after, limit) => {
        if (after >= hidden) return made.log(thread, after, limit);
        tried += 1;
        throw new Unreachable("log");
      };
      return { ...made, log };
    };
    const scene = await late(world, async ({ ana, boris, circle }) => {
      for (const text of ["Uno", "Dos", "Tres"]) await say(ana, [ana, boris], circle, text);
    });
    const { ana, carla, circle } = scene;
    const shown = await offer(ana, scene);
    hidden = shown.given.at(-1)?.seq ?? 0;
    for (const { at: only } of shown.given) {
      const range = { from: only, until: only };
      const { digest } = await offer(ana, scene, range);
      await ana.client.giveHistory(circle, carla.person, range, digest);
    }
    const told = async () => (await givings(carla, circle)).length;
    await until("carla knows", async () => (await told()) === 3);
    tried = 0;
    // Between 5 and 15 s pass from one run to the next, at a hundredth of that here.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThanOrEqual(3 * 21);
    hidden = 0;
    await until("all is taken", async () =>
      (await givings(carla, circle)).every((one) => one.giving?.taken?.shown === 1),
    );
  });
});

describe("what the server refuses to hand out", () => {
  it("has an end: the newcomer is told to ask for it again, and what opens it is gone", async () => {
    world = await World.make();
    const { service } = world;
    const api = service.api.bind(service);
    let hidden = 0;
    service.api = (person) => {
      const made = api(person);
      const log: typeof made.log = async (thread, after, limit) => {
        if (after >= hidden) return made.log(thread, after, limit);
        throw new ApiError("not-found", 404, "", "", {});
      };
      return { ...made, log };
    };
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Uno");
    });
    const { ana, carla, circle } = scene;
    hidden = (await offer(ana, scene)).given.at(-1)?.seq ?? 0;
    await give(ana, scene);
    const [line] = await givings(carla, circle);
    expect(line?.giving?.taken).toMatchObject({ shown: 0, whole: "missed" });
    const names = [...carla.disk.snapshot().values()].flatMap((store) => store.all());
    expect(names.filter(({ key }) => key.startsWith("grant/"))).toEqual([]);
  });
});

describe("a grant that was encrypted before a message of it was taken back", () => {
  it("leaves as it was, and nothing of it is shown", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(boris, [ana, boris], circle, "Nombre del testigo");
    });
    const { ana, boris, carla, circle } = scene;
    // No epoch is due by itself from here on: in another one it would be encrypted anew.
    for (const { client } of [carla, ana]) await client.renewKeys(circle);
    const { given, digest } = await offer(ana, scene);
    const seq = given[0]?.seq ?? 0;
    let posted = 0;
    world.service.fault = (name, by) => {
      if (name !== "post" || by !== ana.person) return undefined;
      posted += 1;
      return "request";
    };
    await ana.client.giveHistory(circle, carla.person, {}, digest);
    await until("it is on its way", () => posted > 0);
    await boris.client.act(circle, seq, { kind: "withdraw" });
    await seen([ana], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    world.service.fault = () => undefined;
    await ana.reopen();
    await until("it is taken", async () =>
      (await givings(carla, circle)).some((one) => one.giving?.taken !== undefined),
    );
    const [line] = await givings(carla, circle);
    expect(line?.giving?.taken).toMatchObject({ shown: 0, refused: { withdrawn: 1 } });
    expect(JSON.stringify(await carla.client.lines(circle))).not.toContain("testigo");
  });
});

describe("an acknowledgement of a message that was given later", () => {
  it("stands at it, as of the text that it was of", async () => {
    world = await World.make();
    const scene = await late(world, async ({ ana, boris, circle }) => {
      await say(ana, [ana, boris], circle, "Llega el martes");
    });
    const { ana, boris, carla, circle } = scene;
    const seq = (await offer(ana, scene)).given[0]?.seq ?? 0;
    await boris.client.act(circle, seq, { kind: "acknowledge" });
    await seen([ana], circle, seq, ({ acknowledged }) => acknowledged !== undefined);
    await until("carla read it", async () =>
      (await carla.client.lines(circle)).some((one) => one.kind === "act" && one.about === seq),
    );
    await give(ana, scene);
    expect((await at(carla, circle, seq))?.acknowledged).toMatchObject([
      { person: boris.person, version: 0 },
    ]);
  });
});

describe("who came in later", () => {
  const member = (person: string, device: string) => ({ person, device, key: device });

  it("is known of a commit that brings a new person and a further device of another", async () => {
    const before = [member("ana", "a1"), member("boris", "b1")];
    const after = [...before, member("boris", "b2"), member("carla", "c1")];
    const event = eventOf(rosterChange(before as never, after as never), "ana");
    expect(event).toMatchObject({ what: "joined", people: ["carla"], further: ["boris"] });
    const lines = [
      { kind: "message", seq: 3 },
      { ...event, seq: 4 },
    ] as unknown as LineRecord[];
    const list = async () => lines.map((line) => [keys.line("x", line.seq), line]);
    const came = await cameIn({ list } as unknown as Vault, "x");
    expect([...came]).toEqual([
      ["carla", 4],
      ["boris", 4],
    ]);
  });
});
