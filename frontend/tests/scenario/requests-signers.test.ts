/** Whoever signed, and is no longer what they were. */

import { afterEach, describe, expect, it } from "vitest";
import { instantText } from "../../src/crypto/statements";
import { Book } from "../../src/rules/book";
import { drafting, draftOf, lenient, reads, requestOf, watch } from "./drafting";
import { type Desk, until, World } from "./world";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;
afterEach(() => world.close());

/** Boris, who can be made to live later. */
async function borisLater(): Promise<{ boris: Desk; wait: (ms: number) => Promise<void> }> {
  let later = 0;
  const person = await world.authority.addPerson();
  const boris = await world.device(person, undefined, () => Date.now() + later);
  const wait = async (ms: number): Promise<void> => {
    later = ms;
    await boris.reopen();
  };
  return { boris, wait };
}

/** Ana, designated for one hour more, calls her draft ready. */
async function readyByAna() {
  world = await World.make();
  const mild = await lenient();
  world.book = async () => mild;
  const end = instantText(Date.now() + HOUR);
  const ana = await world.device(await world.authority.addPerson(end));
  const { boris, wait } = await borisLater();
  const { id } = await drafting(world, { ana, boris });
  ana.client.editDraft(id, draftOf("listo"));
  await ana.client.attest(id, true);
  await reads(boris, id, "listo");
  return { ana, boris, wait, id, end: new Date(end).toISOString() };
}

const judged = (shown: ReturnType<typeof watch>) => async () => {
  await until("it is judged", () => (shown.last()?.attestation ?? null) !== null);
  return shown.last()?.attestation;
};

describe("an attestation by somebody whose designation ended", () => {
  it("counts as what it was, and is marked with the day on which it ended", async () => {
    const { ana, boris, wait, id, end } = await readyByAna();
    const before = await judged(watch(boris, id))();
    expect(before).toMatchObject({ agrees: true, of: { person: ana.person } });
    expect(before?.of).not.toHaveProperty("former");
    await wait(2 * HOUR);
    expect(await judged(watch(boris, id))()).toMatchObject({
      agrees: true,
      of: { person: ana.person, former: { what: "designation", at: end } },
    });
  });

  it.each([
    ["after that day", () => new Date(Date.now() + 90 * MINUTE).toISOString()],
    ["on the very moment", (end: string) => end],
    ["before they were designated", () => "2025-12-31T23:59:59Z"],
    ["on no day at all", () => "ayer"],
  ])("does not count if it was made %s", async (_, at) => {
    const { boris, wait, id, end } = await readyByAna();
    const { row, attestations } = world.service.requests.file(id);
    for (const one of attestations) one.at = at(end);
    if (row.attested !== null) row.attested.at = at(end);
    await wait(2 * HOUR);
    const verdict = await judged(watch(boris, id))();
    expect(verdict).toMatchObject({ agrees: false, why: "attestation-lapsed" });
  });

  it("is not marked if they were designated anew", async () => {
    const { ana, boris, wait, id } = await readyByAna();
    await world.authority.demote(ana.person, instantText(Date.now() - HOUR)); // a liaison still
    await wait(2 * HOUR);
    const verdict = await judged(watch(boris, id))();
    expect(verdict).toMatchObject({ agrees: true, of: { person: ana.person } });
    expect(verdict?.of).not.toHaveProperty("former");
  });
});

describe("an attestation by the law of its day", () => {
  it("is judged by today's too, which forbids what it says", async () => {
    world = await World.make();
    const { document, version } = await lenient("CHAN-CENTRAL");
    const from = new Date(Date.now() + 24 * HOUR).toISOString().slice(0, 10);
    const rules = document.rules.map((one) =>
      one.id === "CHAN-CENTRAL" ? { ...one, in_force: { from, until: null } } : one,
    );
    world.book = async () => new Book({ ...document, rules }, version);
    const { boris, wait } = await borisLater();
    const { ana, id } = await drafting(world, { boris });
    await ana.client.attest(id, true);
    expect(await judged(watch(boris, id))()).toMatchObject({ agrees: true });
    await wait(48 * HOUR);
    expect(await judged(watch(boris, id))()).toMatchObject({ why: "attestation-blocked" });
  });
});

describe("an exception signed by a coordinator who is none any more", () => {
  it.each([
    ["counts as what it was, and is marked", HOUR, { agrees: true }],
    ["does not count if they were none when they signed", -HOUR, { why: "attestation-exception" }],
  ])("%s", async (_, after, wanted) => {
    world = await World.make();
    const book = await lenient("CHAN-CENTRAL");
    world.book = async () => book;
    const { boris, wait } = await borisLater();
    const { ana, caseId, id } = await drafting(world, { boris });
    const chief = await world.device(await world.authority.addCoordinator());
    await ana.client.addPerson(caseId, chief.person, []);
    await ana.client.addDrafter(id, chief.person);
    const overrides = [{ rule: "CHAN-CENTRAL", reason: "La ley exige otra vía.", by: ana.person }];
    ana.client.editDraft(id, { ...draftOf("listo"), overrides });
    await ana.client.saveDraft(id);
    await reads(chief, id, "listo");
    await world.authority.demote(chief.person, instantText(Date.now() + after));
    await chief.client.attest(id, true);
    await wait(2 * HOUR);
    const verdict = await judged(watch(boris, id))();
    expect(verdict).toMatchObject({ ...wanted, of: { person: chief.person } });
    const former = after > 0 ? { what: "exception" } : undefined;
    expect(verdict?.of?.former).toEqual(former);
  });
});

describe("an attestation by somebody who no longer drafts", () => {
  it("counts as what it was, and is marked at once", async () => {
    world = await World.make();
    const mild = await lenient();
    world.book = async () => mild;
    const { ana, boris, id } = await drafting(world);
    const shown = watch(ana, id);
    await boris.client.attest(id, true);
    await until("ana agrees", () => shown.last()?.attestation?.agrees === true);
    expect(shown.last()?.attestation?.of).not.toHaveProperty("former");
    await ana.client.removeDrafter(id, boris.person);
    await until("it is marked", () => shown.last()?.attestation?.of?.former !== undefined);
    expect(shown.last()?.attestation).toMatchObject({
      agrees: true,
      of: { person: boris.person, former: { what: "reader" } },
    });
    expect(requestOf(ana, id)?.people).not.toContain(boris.person);
  });
});
