/** Whose statements do not hold comes in by nobody's act, whatever the host says of them. */

import { afterEach, describe, expect, it } from "vitest";
import { instantText } from "../../src/crypto/statements";
import { accepted, type Desk, talking, threadOf, until, World } from "./world";

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

/** Ana and Boris talk; Carla is in the case; Ana is never given a revocation. */
async function withRevocationKeptFromAna() {
  world = await World.make();
  const { ana, boris, circle, caseId } = await talking(world);
  const carla = await world.person();
  await ana.client.addPerson(caseId, carla.person, []);
  const { directory } = world.authority;
  directory.shown.set(ana.person, directory.entries.length);
  const letIn = async () => {
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("let in", () => membersOf(circle).includes(carla.person));
  };
  const revoke = () => world.authority.revoke(carla.person);
  const reassign = () => world.authority.reassign(carla.person, ["national-auditor"]);
  return { ana, boris, carla, circle, letIn, revoke, reassign };
}

async function goOffline(desk: Desk): Promise<void> {
  world.service.fault = (_name, person) => (person === desk.person ? "request" : undefined);
  world.service.sockets.cut(desk.person);
  await until("offline", () => desk.client.view().connection === "offline");
}

function comeOnline(desk: Desk): void {
  world.service.fault = () => undefined;
  desk.client.network(true);
}

/** It has asked for what is new, kept it, and then read the log to its end. */
async function knowsAll(desk: Desk, circle: string): Promise<void> {
  await desk.reopen();
  // A message states nothing of the directory; a commit would, and hold up who is shown less.
  await desk.client.send(circle, "visto");
  await until("sent", async () => (await accepted(desk.client, circle)).length > 0);
}

describe("a revoked device that a member lets in", () => {
  it("freezes the thread of whoever held the revocation before", async () => {
    const { boris, carla, circle, letIn, revoke } = await withRevocationKeptFromAna();
    await revoke();
    await knowsAll(boris, circle);
    await letIn();
    await until("refused", () => threadOf(boris.client, circle)?.status === "frozen");
    const { frozen, readers } = threadOf(boris.client, circle) ?? {};
    expect(frozen?.why).toBe("commit-leaf-refused");
    expect(frozen?.refused).toMatchObject([{ person: carla.person, why: "person-revoked" }]);
    expect(readers?.map(({ person }) => person)).not.toContain(carla.person);
  });

  it("freezes it so, too, for whom a post was given that reads nothing", async () => {
    const { boris, carla, circle, letIn, reassign } = await withRevocationKeptFromAna();
    await reassign();
    await knowsAll(boris, circle);
    await letIn();
    await until("refused", () => threadOf(boris.client, circle)?.status === "frozen");
    const { frozen } = threadOf(boris.client, circle) ?? {};
    expect(frozen?.why).toBe("commit-leaf-refused");
    expect(frozen?.refused).toMatchObject([{ person: carla.person, why: "reads-no-more" }]);
  });

  it("freezes it also when they were away, and for a host that dates its entries back", async () => {
    const { boris, circle, letIn, revoke } = await withRevocationKeptFromAna();
    await revoke();
    await knowsAll(boris, circle);
    await goOffline(boris);
    await letIn();
    const last = world.service.group(circle).log.at(-1);
    if (last) last.at = "2020-01-01T00:00:00.000Z";
    comeOnline(boris);
    await until("refused", () => threadOf(boris.client, circle)?.status === "frozen");
  });

  it("does not freeze it for who catches up and learns only then that it was revoked later", async () => {
    const { boris, carla, circle, letIn, revoke } = await withRevocationKeptFromAna();
    // Every revocation here was signed months ago: when it became known is what counts.
    await goOffline(boris);
    await letIn();
    await revoke();
    comeOnline(boris);
    await until("followed", () =>
      Boolean(
        threadOf(boris.client, circle)?.readers.some(({ person }) => person === carla.person),
      ),
    );
    expect(threadOf(boris.client, circle)?.status).toBe("active");
    await boris.reopen();
    await until("still there", () => boris.client.view().connection === "online");
    expect(threadOf(boris.client, circle)?.status).toBe("active");
  });
});
