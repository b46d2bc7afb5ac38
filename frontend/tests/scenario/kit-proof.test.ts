import { afterEach, describe, expect, it } from "vitest";
import { type Desk, until, World } from "./world";

const DAY = 24 * 3_600_000;
let world: World;
afterEach(() => world.close());

/** Somebody with a kit on paper, at a browser whose clock goes as far ahead as one says. */
async function holder() {
  world = await World.make();
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  world.service.backups.now = clock;
  const person = await world.authority.addPerson();
  const ana = await world.device(person, undefined, clock);
  const paper = await printed(ana);
  return { ana, paper, clock, later: (days: number) => (ahead += days * DAY) };
}

async function printed(desk: Desk, anew = false): Promise<string[]> {
  const { groups } = await desk.client.makeKit(anew);
  expect(await desk.client.proveKit(new Map([[2, groups[2] ?? ""]]))).toBe(true);
  return [...groups];
}

const isDue = async (desk: Desk) => (await desk.client.kitDue()).due;
const proofs = () => world.service.calls.filter((name) => name === "proveKit").length;

describe("the proof that one still has the kit", () => {
  it("is asked for thirty days after the kit was printed, and no more once it is given", async () => {
    const { ana, paper, later } = await holder();
    expect(await isDue(ana)).toBe(false);
    later(31);
    expect(await isDue(ana)).toBe(true);
    const { people, told } = await ana.client.checkKit(paper);
    expect({ people, told }).toEqual({ people: 0, told: true });
    expect(await isDue(ana)).toBe(false);
  });

  it("says of when the newest backup is, and how many people are in it", async () => {
    const { ana, paper } = await holder();
    const boris = await world.person();
    const { number } = await ana.client.safety(boris.person);
    await ana.client.verifyPerson(boris.person, number);
    await until("it is kept", async () => !(await ana.client.kit()).behind);
    const { keptAt } = await ana.client.kit();
    const checked = await ana.client.checkKit(paper);
    expect(checked).toMatchObject({ madeAt: keptAt, people: 1 });
  });

  it("given in one browser is known in another", async () => {
    const { ana, paper, clock, later } = await holder();
    const second = await world.device(ana.person, undefined, clock);
    later(31);
    expect(await isDue(second)).toBe(true);
    await ana.client.checkKit(paper);
    expect(await isDue(second)).toBe(false);
  });

  it("is put off for seven days, in this browser", async () => {
    const { ana, later } = await holder();
    later(31);
    await ana.client.putOffKit();
    expect(await isDue(ana)).toBe(false);
    await ana.reopen();
    expect(await isDue(ana)).toBe(false);
    later(7);
    expect(await isDue(ana)).toBe(true);
  });

  it("is not given by a mistyped group, by another kit, nor by one that was replaced", async () => {
    const { ana, paper, later } = await holder();
    later(31);
    const slip = [...paper.slice(0, 7), "AAAAAAAA"];
    await expect(ana.client.checkKit(slip)).rejects.toMatchObject({ code: "kit-wrong" });
    const newer = await printed(ana, true);
    later(31);
    const before = proofs();
    await expect(ana.client.checkKit(paper)).rejects.toMatchObject({ code: "kit-other" });
    expect(proofs()).toBe(before);
    expect(await isDue(ana)).toBe(true);
    expect(await ana.client.restoreKit(newer)).toBe(0);
    expect(await isDue(ana)).toBe(false);
  });

  it("that nobody could be told of is told at the next connection", async () => {
    const { ana, paper, later } = await holder();
    later(31);
    world.service.fault = (name) => (name === "proveKit" ? "request" : undefined);
    expect((await ana.client.checkKit(paper)).told).toBe(false);
    expect(world.service.backups.proven.get(ana.person)).not.toBe(today(31));
    world.service.fault = () => undefined;
    world.service.sockets.cut(ana.person);
    await until("it is told", () => world.service.backups.proven.get(ana.person) === today(31));
    expect(ana.errors).toEqual([]);
  });

  it("is told once, however many look for it at the same moment", async () => {
    const { ana, paper, later } = await holder();
    later(31);
    world.service.fault = (name) => (name === "proveKit" ? "request" : undefined);
    expect((await ana.client.checkKit(paper)).told).toBe(false);
    world.service.fault = () => undefined;
    const before = proofs();
    await Promise.all([isDue(ana), isDue(ana), isDue(ana)]);
    expect(proofs()).toBe(before + 1);
  });

  it("takes what another browser keeps at the same moment", async () => {
    const { ana, paper } = await holder();
    const second = await world.device(ana.person);
    await second.client.restoreKit(paper);
    const boris = await world.person();
    const { number } = await second.client.safety(boris.person);
    const both = [ana.client.checkKit(paper), second.client.verifyPerson(boris.person, number)];
    const [checked] = await Promise.all(both);
    await until("it is kept", async () => !(await second.client.kit()).behind);
    expect(checked).toMatchObject({ told: true });
    expect([...ana.errors, ...second.errors]).toEqual([]);
  });

  it("sends nothing of what was typed", async () => {
    const { ana, paper } = await holder();
    world.service.seen = [];
    await ana.client.checkKit(paper);
    await ana.client.checkKit(paper.map((group) => group.toLowerCase()));
    await ana.client.checkKit([...paper.slice(0, 7), "AAAAAAAA"]).catch(() => undefined);
    const sent = world.service.seen.join("\n");
    expect(sent).toContain("proveKit");
    for (const group of paper) {
      expect(sent.toUpperCase()).not.toContain(group);
      expect(sent.toUpperCase()).not.toContain(`${group.slice(0, 4)}-${group.slice(4)}`);
    }
  });
});

function today(ahead: number): string {
  return new Date(Date.now() + ahead * DAY).toISOString().slice(0, 10);
}

describe("a proof that a newer backup overtook", () => {
  it("is given again with that one, and the server hears of the newest", async () => {
    const { ana, paper } = await holder();
    world.service.backups.stale = 1;
    const checked = await ana.client.checkKit(paper);
    expect(checked.told).toBe(true);
    expect(world.service.calls.filter((name) => name === "backup").length).toBe(2);
    expect(proofs()).toBe(3); // one at the printing, one in vain, one that counts
  });
});
