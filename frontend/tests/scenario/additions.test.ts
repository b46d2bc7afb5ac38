/** Whose statements do not hold comes in by nobody's act, whatever the host says of them. */

import { afterEach, describe, expect, it } from "vitest";
import { instantText } from "../../src/crypto/statements";
import { talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const DAY_MS = 24 * 3_600_000;

function membersOf(circle: string): string[] {
  return world.service.group(circle).roster.map(({ person }) => person);
}

describe("a device that may not act", () => {
  it("is not let in by a member's device, though the host calls a revoked one entitled", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const carla = await world.person();
    await world.authority.revoke(carla.person);
    const { caseId } = threadOf(ana.client, circle) ?? { caseId: "" };
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("it was refused", () => ana.errors.length > 0);
    expect(membersOf(circle)).not.toContain(carla.person);
  });

  it("freezes the thread of those who see it let in after its time", async () => {
    world = await World.make();
    const late = () => Date.now() - 2 * DAY_MS;
    let clock = late;
    const ana = await world.device(await world.authority.addPerson(), undefined, late);
    const boris = await world.device(await world.authority.addPerson(), undefined, () => clock());
    const over = await world.authority.addPerson(instantText(Date.now() - DAY_MS));
    const carla = await world.device(over, undefined, late);
    const caseId = await ana.client.openCase(["SV"], "Caso Río");
    await ana.client.addPerson(caseId, boris.person, []);
    const circle = await ana.client.openThread(caseId, "Traslado", [boris.person]);
    await until("both are in", () => threadOf(boris.client, circle)?.name === "Traslado");
    clock = Date.now;
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("let in", () => membersOf(circle).includes(carla.person));
    await until("refused", () => threadOf(boris.client, circle)?.status === "frozen");
    expect(threadOf(boris.client, circle)?.frozenWhy).toBe("frozen-commit-leaf-refused");
    expect(threadOf(boris.client, circle)?.readers.map(({ person }) => person)).not.toContain(over);
  });
});
