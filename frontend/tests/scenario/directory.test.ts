/** Who is who comes from the directory's log: a host that bends it lets nobody in. */

import { afterEach, describe, expect, it } from "vitest";
import { NEIGHBOUR } from "./authority";
import type { DirectoryInHand } from "./directory";
import { type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const membersOf = (circle: string) =>
  world.service.group(circle).roster.map(({ person }) => person);
const alarmOf = (desk: Desk) => desk.client.view().log.alarm?.code;

/** Ana and Boris talk; of what is entered from here on, the host tells Ana something else. */
async function liedTo(lie: (said: Parameters<DirectoryInHand["lies"]>[0]) => unknown) {
  world = await World.make();
  const { ana, boris, circle, caseId } = await talking(world);
  const { directory } = world.authority;
  const known = directory.entries.length;
  directory.lies = (said, person) =>
    person === ana.person && said.index >= known ? (lie(said) as typeof said | null) : said;
  const carla = await world.person();
  await ana.client.addPerson(caseId, carla.person, [circle]).catch(() => undefined);
  await until("there is an alarm", () => alarmOf(ana) !== undefined);
  return { ana, boris, carla, circle, caseId };
}

describe("an entry of the directory", () => {
  it.each([
    ["that is not opened", "directory-withheld", { salt: null, payload: null }],
    ["whose statement is kept back", "directory-withheld", { statement: null }],
    [
      "of which another statement is handed out",
      "directory-forged",
      {
        statement: { type: "state-root", body: "e30", signatures: [] },
      },
    ],
    ["that is opened as another", "directory-forged", { payload: "e30" }],
  ])("%s is an alarm, and nobody new comes in", async (_what, code, change) => {
    const { ana, boris, carla, circle } = await liedTo((said) => ({ ...said, ...change }));
    expect(alarmOf(ana)).toBe(code);
    expect(membersOf(circle)).not.toContain(carla.person);
    await ana.client.send(circle, "seguimos");
    await until("talk goes on", async () => (await texts(boris.client, circle)).length === 1);
    expect(threadOf(ana.client, circle)?.status).toBe("active");
  });

  it("that is left out is an alarm with what shows it", async () => {
    const { ana } = await liedTo(() => null);
    expect(alarmOf(ana)).toBe("directory-withheld");
    const evidence = JSON.parse(ana.client.logEvidence("alarm")?.text ?? "{}");
    expect(evidence).toMatchObject({ why: "withheld", opening: { salt: null, payload: null } });
    expect(evidence.after).toContain("dir.casehub.example");
  });

  it("that is shown in the end ends the alarm, and whoever it names comes in", async () => {
    const { ana, carla, circle, caseId } = await liedTo(() => null);
    world.authority.directory.lies = (said) => said;
    await until("it is over", () => alarmOf(ana) === undefined);
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => membersOf(circle).includes(carla.person));
  });
});

describe("what is known of the directory", () => {
  it("outlives a reload, without the server", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    world.authority.directory.lies = () => null;
    await ana.reopen();
    await until("online", () => ana.client.view().connection === "online");
    await ana.client.send(circle, "todavía");
    await until("read", async () => (await texts(boris.client, circle)).length === 1);
    expect(alarmOf(ana)).toBeUndefined();
  });
});

describe("somebody designated a moment ago", () => {
  it("joins a case of their own State, but not yet what several States read", async () => {
    world = await World.make();
    const { ana, circle, caseId } = await talking(world);
    const person = await world.authority.addPerson(undefined, undefined, false);
    const carla = await world.device(person);
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she is in", () => membersOf(circle).includes(carla.person));
    const shared = await ana.client.openCase(["SV", NEIGHBOUR], "Caso de dos");
    await ana.client.addPerson(shared, carla.person, []);
    const told = () => ana.errors.some((error) => String(error).includes("person-limited"));
    await until("it is refused", told);
    const own = ana.client.view().cases.find(({ id }) => id === shared);
    expect(membersOf(own?.threads[0]?.circle ?? "")).not.toContain(carla.person);
  });

  it("takes no place in what several States read, though a member was made to let them in", async () => {
    world = await World.make();
    const { ana, circle, caseId } = await talking(world);
    const person = await world.authority.addPerson(undefined, undefined, false);
    const carla = await world.device(person);
    carla.kill();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("she was let in", () => membersOf(circle).includes(carla.person));
    world.service.cases.find(({ id }) => id === caseId)?.states.push(NEIGHBOUR);
    const waiting = world.service.welcomes.length;
    await carla.reopen();
    const told = () => carla.errors.some((error) => String(error).includes("person-limited"));
    await until("she is told", told);
    expect(threadOf(carla.client, circle)?.status).not.toBe("active");
    expect(world.service.welcomes).toHaveLength(waiting); // for when her day is over
  });

  it("does not join what several States read, though the host lists one alone", async () => {
    world = await World.make();
    const ana = await world.person();
    const lucia = await world.person(NEIGHBOUR);
    const person = await world.authority.addPerson(undefined, undefined, false);
    const carla = await world.device(person);
    const caseId = await ana.client.openCase(["SV"], "Caso de dos");
    await ana.client.addPerson(caseId, lucia.person, []);
    const circle = await ana.client.openThread(caseId, "Hilo", [lucia.person]);
    await until("lucia is in", () => membersOf(circle).includes(lucia.person));
    await ana.client.addPerson(caseId, carla.person, [circle]).catch(() => undefined);
    const told = () => ana.errors.some((error) => String(error).includes("person-limited"));
    await until("it is refused", told);
    expect(membersOf(circle)).not.toContain(carla.person);
  });
});
