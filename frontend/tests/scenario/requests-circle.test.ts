/** A draft in a case that somebody of another State owns: they decide about the case alone. */

import { afterEach, describe, expect, it } from "vitest";
import { draftOf, reads, requestOf, write } from "./drafting";
import { threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Mexico's case; Ana and Boris of El Salvador talk in a thread of it, and draft. */
async function guests() {
  world = await World.make();
  const ana = await world.person();
  const boris = await world.person();
  const mexico = await world.person("MX");
  const caseId = await mexico.client.openCase(["SV", "MX"], "Caso Bravo");
  for (const { person } of [ana, boris]) await mexico.client.addPerson(caseId, person, []);
  const circle = await mexico.client.openThread(caseId, "Traslado", [ana.person, boris.person]);
  await until("both are in the thread", () =>
    [ana, boris].every(({ client }) => threadOf(client, circle)?.status === "active"),
  );
  const title = "Registros bancarios";
  const id = await ana.client.draftRequest(caseId, title, draftOf("uno"), [boris.person]);
  await until("the first version is there", () => requestOf(ana, id)?.version === 1);
  await reads(boris, id, "uno");
  return { ana, boris, mexico, caseId, circle, id };
}

describe("a drafter whom the owner of another State shuts out of the case", () => {
  it("reads nothing more of the case, and drafts on", async () => {
    const { ana, boris, mexico, caseId, circle, id } = await guests();
    await mexico.client.removePerson(caseId, ana.person);
    await until("the case is gone", () => ana.client.view().cases.length === 0);
    await mexico.client.send(circle, "sin Ana");
    await until("boris reads it", async () => {
      const lines = await boris.client.lines(circle);
      return lines.some((line) => line.kind === "message" && line.message.text === "sin Ana");
    });
    const inside = world.service.group(circle).roster.map(({ person }) => person);
    expect(inside).not.toContain(ana.person);
    await write(ana, id, "dos");
    await reads(boris, id, "dos");
    await ana.client.giveTurn(id);
    await write(boris, id, "tres");
    await reads(ana, id, "tres");
    expect(requestOf(ana, id)).toMatchObject({
      status: "active",
      caseReference: "",
      title: "Registros bancarios",
    });
  });

  it("drafts on after a reload, and decides with the others who drafts", async () => {
    const { ana, boris, mexico, caseId, id } = await guests();
    await mexico.client.removePerson(caseId, ana.person);
    await until("the case is gone", () => ana.client.view().cases.length === 0);
    await ana.reopen();
    await reads(ana, id, "uno");
    await write(ana, id, "dos");
    await ana.client.removeDrafter(id, boris.person);
    await until("boris has no request", () => boris.client.view().requests.length === 0);
    await write(ana, id, "sin Boris");
    await expect(boris.client.version(id, 3)).rejects.toMatchObject({ code: "not-found" });
    expect(ana.client.view().alarm).toBeNull();
    expect(ana.errors).toEqual([]);
  });
});
