/** The end of a period on devices: what goes from them, and what they do not believe. */

import { afterEach, describe, expect, it } from "vitest";
import { draftOf, requestOf } from "./drafting";
import { say } from "./said";
import { talking, until, World } from "./world";

const DAY_MS = 86_400_000;
let world: World;
afterEach(() => world.close());

const MUCH_LATER = () => Date.now() + 366 * DAY_MS;

describe("what was deleted at the server at the end of its period", () => {
  it("goes from a device that comes back after months, with its index and its drafts", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await say(ana, [ana, boris], circle, "El testigo se llama Hugo");
    boris.client.setDraft(circle, "Sobre Hugo");
    await boris.client.saveDrafts();
    expect((await boris.client.search({ text: "Hugo", limit: 5 })).total).toBe(1);
    const named = () =>
      [...boris.disk.snapshot().values()]
        .flatMap((store) => store.all())
        .flatMap(({ key }) => (key.includes(circle) ? [key] : []));
    expect(named().filter((key) => key.startsWith("search/")).length).toBe(1);
    boris.kill();
    world.service.files.erase(caseId, "consultation");
    const later = await boris.tab(MUCH_LATER);
    await until("it is gone", async () => named().join() === `erased/${circle}`);
    const file = later.view().cases.find(({ id }) => id === caseId);
    expect(file?.title).toBeNull();
    expect(file?.threads.filter(({ kind }) => kind === "thread")).toEqual([]);
    expect(file?.erased.map(({ kind, doubted }) => [kind, doubted])).toEqual(
      expect.arrayContaining([
        ["case", undefined],
        ["thread", undefined],
      ]),
    );
    expect(await later.lines(circle)).toEqual([]);
  });

  it("goes with the draft of a request, of which it is said that there was one", async () => {
    world = await World.make();
    const { ana, caseId } = await talking(world);
    const id = await ana.client.draftRequest(caseId, "Registros", draftOf("uno"), []);
    await until("its first version is there", () => requestOf(ana, id)?.version === 1);
    const circle = requestOf(ana, id)?.circle ?? "";
    const named = () =>
      [...ana.disk.snapshot().values()]
        .flatMap((store) => store.all())
        .flatMap(({ key }) => (key.includes(circle) || key.includes(id) ? [key] : []));
    expect(named()).toContain(`drafting/${id}`);
    ana.client.letters.keep(id, "free", { text: "A medias", handling: null, number: 0 });
    await ana.client.saveDrafts();
    expect(named()).toContain(`letter-form/${id}/free`);
    ana.kill();
    world.service.requests.hidden = true;
    const row = { circle, kind: "drafting", case: caseId, request: id } as const;
    const said = { ...row, retention: "consultation", at: new Date().toISOString() };
    world.service.files.sayErased(said, [ana.person]);
    const later = await ana.tab(MUCH_LATER);
    await until("it is gone", async () => named().join() === `erased/${circle}`);
    expect(later.view().erasedDrafts.map(({ request }) => request)).toEqual([id]);
  });

  it("stays with a draft about whose request something was typed lately", async () => {
    world = await World.make();
    const { ana, caseId } = await talking(world);
    const id = await ana.client.draftRequest(caseId, "Registros", draftOf("uno"), []);
    await until("its first version is there", () => requestOf(ana, id)?.version === 1);
    const circle = requestOf(ana, id)?.circle ?? "";
    ana.kill();
    const later = await ana.tab(MUCH_LATER);
    later.letters.keep(id, "free", { text: "A medias", handling: null, number: 0 });
    await later.saveDrafts();
    const row = { circle, kind: "drafting", case: caseId, request: id } as const;
    const said = { ...row, retention: "consultation", at: new Date().toISOString() };
    world.service.files.sayErased(said, [ana.person]);
    await until("it is told", () => later.view().erasedDrafts.length === 1);
    expect(later.view().erasedDrafts[0]?.doubted).toBe(true);
    expect((await later.letters.kept(id, "free"))?.text).toBe("A medias");
  });

  it("stays on a device on which something was said more lately than a period ago", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await say(ana, [ana, boris], circle, "Lo dicho hoy");
    world.service.files.erase(caseId, "consultation");
    const doubted = () => ana.client.view().cases.flatMap(({ erased }) => erased);
    await until("it is told", async () => doubted().length === 2);
    expect(doubted().every((one) => one.doubted)).toBe(true);
    expect(JSON.stringify(await ana.client.lines(circle))).toContain("Lo dicho hoy");
    expect(ana.errors).toEqual([]);
  });

  it("stays under a class that this program does not know", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    await say(ana, [ana, boris], circle, "Lo dicho");
    boris.kill();
    world.service.files.erase(caseId, "a-day");
    const later = await boris.tab(MUCH_LATER);
    const told = () => later.view().cases.flatMap(({ erased }) => erased);
    await until("it is told", async () => told().length === 2);
    expect(JSON.stringify(await later.lines(circle))).toContain("Lo dicho");
  });
});
