/** Who made each version of a draft: by MLS, whatever the server says. */

import { afterEach, describe, expect, it } from "vitest";
import { drafting, draftOf, reads, refusedVersion, requestOf, watch, write } from "./drafting";
import { until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Ana wrote versions 1 and 3, Boris version 2. */
async function threeVersions() {
  world = await World.make();
  const made = await drafting(world);
  const { ana, boris, id } = made;
  watch(ana, id);
  watch(boris, id);
  await ana.client.giveTurn(id);
  await write(boris, id, "dos");
  await boris.client.giveTurn(id);
  await reads(ana, id, "dos");
  await write(ana, id, "tres");
  await reads(boris, id, "tres");
  return made;
}

/** The server says of every version that this person saved it. */
function blame(person: string): void {
  const { requests } = world.service;
  requests.disguised = (rows) => rows.map((row) => ({ ...row, person }));
  requests.swap = (id, version) => {
    const found = requests.file(id).versions[version - 1];
    return found && { ...found, person };
  };
}

describe("the author of a version", () => {
  it("is whoever sealed the message with its key", async () => {
    const { ana, boris, id } = await threeVersions();
    for (const desk of [ana, boris]) {
      expect(await desk.client.versions(id)).toMatchObject([
        { version: 1, person: ana.person, source: "author", by: null, claimed: null },
        { version: 2, person: boris.person, source: "author", by: null, claimed: null },
        { version: 3, person: ana.person, source: "author", by: null, claimed: null },
      ]);
      expect(desk.client.view().alarm).toBeNull();
    }
  });

  it("stays who it is when the server names another, and that is said loudly", async () => {
    const { ana, boris, mexico, id } = await threeVersions();
    blame(boris.person);
    expect(await boris.client.versions(id)).toMatchObject([
      { version: 1, person: ana.person, source: "author", claimed: boris.person },
      { version: 2, person: boris.person, source: "author", claimed: null },
      { version: 3, person: ana.person, source: "author", claimed: boris.person },
    ]);
    expect(boris.client.view().alarm).toBe("draft-author");
    blame(mexico.person);
    const [, second] = await ana.client.versions(id);
    expect(second).toMatchObject({ person: boris.person, claimed: mexico.person });
  });

  it("is looked at when a version is opened, too", async () => {
    const { ana, boris, id } = await threeVersions();
    blame(ana.person);
    expect(await boris.client.version(id, 1)).not.toBeNull();
    expect(boris.client.view().alarm).toBeNull();
    expect(await boris.client.version(id, 2)).not.toBeNull();
    expect(boris.client.view().alarm).toBe("draft-author");
  });

  it("reaches a newcomer as the word of whoever let them in", async () => {
    const { ana, boris, caseId, id } = await threeVersions();
    await ana.client.giveTurn(id);
    await write(boris, id, "cuatro");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    await ana.client.addDrafter(id, carla.person);
    await reads(carla, id, "cuatro");
    const told = await carla.client.versions(id);
    expect(told.slice(0, 3).map(({ source }) => source)).toEqual(["server", "server", "server"]);
    expect(told[3]).toMatchObject({
      version: 4,
      person: boris.person,
      source: "drafter",
      by: ana.person,
      claimed: null,
    });
    // Two words against each other: shown beside each other, and neither called a lie.
    blame(carla.person);
    expect((await carla.client.versions(id))[3]).toMatchObject({
      person: boris.person,
      by: ana.person,
      claimed: carla.person,
    });
    expect(carla.client.view().alarm).toBeNull();
  });

  it("is known to a newcomer for certain of what was made after they came", async () => {
    const { ana, boris, caseId, id } = await threeVersions();
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    await ana.client.addDrafter(id, carla.person);
    await reads(carla, id, "tres");
    await ana.client.giveTurn(id);
    await write(boris, id, "cuatro");
    await reads(carla, id, "cuatro");
    expect((await carla.client.versions(id))[3]).toMatchObject({
      person: boris.person,
      source: "author",
      by: null,
    });
  });
});

describe("a version that is here", () => {
  it("gives its place to no other that its author announced for it", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const { requests } = world.service;
    const kept = await refusedVersion(world, ana, id, "retirado");
    await write(ana, id, "definitivo");
    await reads(boris, id, "definitivo");
    // The right author, request and place; only not the version that this device goes on from.
    requests.swap = (_id, version) => (version === 2 ? kept : undefined);
    for (const desk of [ana, boris]) {
      await expect(desk.client.version(id, 2)).rejects.toMatchObject({ code: "draft-altered" });
      expect(desk.client.view().alarm).toBe("draft-altered");
    }
  });
});

describe("a server that offers an older version as the newest", () => {
  /** All that this server tells Boris is of a time when there were `count` versions. */
  function backTo(count: number, asker: string, id: string): void {
    const { requests } = world.service;
    const { versions } = requests.file(id);
    const saved_at = versions[count - 1]?.at ?? null;
    requests.disguise = (row, who) =>
      who === asker ? { ...row, version: count, saved_at, turn: null } : row;
    requests.disguised = (rows) => rows.slice(0, count);
  }

  it("is found out by the keys of later ones, though it has never shown them", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    backTo(1, boris.person, id);
    await write(ana, id, "dos");
    await write(ana, id, "tres");
    // A key alone is said before its body is stored. Of the third, whose id is made from the
    // second's, the second was there; and so all that the server told since is old.
    await boris.reopen();
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.error === "draft-rolled-back");
    expect(boris.client.view().alarm).toBe("draft-rolled-back");
    expect(shown.last()?.base).toBe(1);
  });

  it("is found out by what this device has shown, after a reload too", async () => {
    const { boris, id } = await threeVersions();
    backTo(2, boris.person, id);
    await boris.reopen();
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.error === "draft-rolled-back");
    expect(shown.last()?.base).toBe(3);
    expect(requestOf(boris, id)?.version).toBe(2);
  });

  it("is not what a version is called that was announced and never taken", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const { requests } = world.service;
    world.service.fault = (name) => {
      if (name === "saveVersion") requests.file(id).row.turn = null;
      return undefined;
    };
    await ana.client.takeTurn(id);
    ana.client.editDraft(id, draftOf("no"));
    await expect(ana.client.saveDraft(id)).rejects.toMatchObject({ code: "turn-needed" });
    world.service.fault = () => undefined;
    await boris.reopen();
    await reads(boris, id, "uno");
    expect(boris.client.view().alarm).toBeNull();
  });
});
