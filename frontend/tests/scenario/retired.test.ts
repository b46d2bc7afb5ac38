/** One device of somebody is stopped: the others take it out, and the thread says since when. */

import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const AT = new Date(Date.now() - 1_000).toISOString();
const devicesOf = (desk: Desk, circle: string, person: string) =>
  threadOf(desk.client, circle)?.readers.find((one) => one.person === person)?.devices ?? 0;

/** Boris reads on two devices, and the second one is stopped. */
async function retired({ signed = true } = {}) {
  world = await World.make();
  const scene = await talking(world);
  const { ana, boris, circle } = scene;
  const second = await world.device(boris.person);
  await ana.reopen();
  await until("it reads", () => threadOf(second.client, circle)?.name === "Traslado");
  const device = second.client.view().session.device ?? "";
  if (signed) await world.authority.retire(boris.person, device);
  world.service.registry.retire(device);
  world.service.files.retire(boris.person, device, AT);
  second.kill();
  await until("it is out", () => devicesOf(ana, circle, boris.person) === 1);
  return scene;
}

const last = async (desk: Desk, circle: string) =>
  (await desk.client.lines(circle)).findLast(({ kind }) => kind === "event");

describe("a device that was stopped", () => {
  it("is taken out by the next entitled device, and its person goes on", async () => {
    const { ana, boris, circle } = await retired();
    await ana.client.send(circle, "sin el otro equipo");
    await until("he reads", async () =>
      (await texts(boris.client, circle)).includes("sin el otro equipo"),
    );
  });

  it("is said in the thread, with whose it was and since when", async () => {
    const { ana, boris, circle } = await retired();
    const stopped = { at: AT, signed: true };
    const said = { what: "device-removed", people: [boris.person], devices: 1, stopped };
    for (const desk of [ana, boris]) {
      // Whoever did not take it out hears of it later than of what came before.
      await until("it says", async () => {
        const line = await last(desk, circle);
        return line?.kind === "event" && line.what === "device-removed";
      });
      expect(await last(desk, circle)).toMatchObject(said);
    }
  });

  it("is said to be unsigned where nobody signed its stop", async () => {
    const { ana, circle } = await retired({ signed: false });
    expect(await last(ana, circle)).toMatchObject({ stopped: { at: AT, signed: false } });
  });
});
