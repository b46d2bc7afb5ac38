/** Drafts under strain: crashes at any write, lost answers, two who write at once. */

import { afterEach, describe, expect, it } from "vitest";
import { drafting, draftOf, reads, requestOf, summaryOf, watch, write } from "./drafting";
import type { Fault } from "./service";
import { until, World } from "./world";

let world: World;
afterEach(() => world.close());

const POINTS = [1, 2, 3, 4, 5, 6, 7, 8, 10].flatMap((write) => [
  { write, after: false },
  { write, after: true },
]);

/** Wait for an act that may have died with its process. */
function orDead(act: Promise<unknown>): Promise<unknown> {
  return Promise.race([
    act.catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, 400)),
  ]);
}

describe("a crash at any write", () => {
  it("while a version is saved loses no text and doubles no version", {
    timeout: 120_000,
  }, async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const stored = world.service.requests.file(id).versions;
    for (const [round, point] of POINTS.entries()) {
      await ana.client.takeTurn(id);
      const before = stored.length;
      ana.client.editDraft(id, draftOf(`ronda ${round}`));
      await ana.client.saveDrafts();
      ana.disk.powerOn();
      ana.disk.crashAt = point;
      await orDead(ana.client.saveDraft(id));
      await ana.reopen();
      await reads(ana, id, `ronda ${round}`);
      await until(`round ${round} is saved`, () => requestOf(ana, id)?.dirty === false);
      expect(stored.length).toBe(before + 1);
      await reads(boris, id, `ronda ${round}`);
    }
    expect(new Set(stored.map(({ client_id }) => client_id)).size).toBe(stored.length);
    expect([ana, boris].map(({ client }) => client.view().alarm)).toEqual([null, null]);
  });

  it("while a request is begun leaves none half begun", { timeout: 120_000 }, async () => {
    world = await World.make();
    world.stock = null; // each round takes one of them, and a crashed one more
    const ana = await world.person();
    const boris = await world.person();
    const caseId = await ana.client.openCase(["SV"], "Caso Río");
    await ana.client.addPerson(caseId, boris.person, []);
    for (const [round, point] of POINTS.entries()) {
      ana.disk.powerOn();
      ana.disk.crashAt = point;
      const draft = draftOf(`texto ${round}`);
      await orDead(ana.client.draftRequest(caseId, `Solicitud ${round}`, draft, [boris.person]));
      await ana.reopen();
      const files = world.service.requests.all;
      await until(`round ${round}: all have a version`, () =>
        files.every(({ row }) => row.version === 1),
      );
      for (const { row } of files) {
        await until(
          "boris is in",
          () => requestOf(boris, row.id)?.title?.startsWith("Sol") === true,
        );
      }
    }
    const titles = boris.client.view().requests.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.length).toBeGreaterThan(POINTS.length / 2);
    for (const { row } of world.service.requests.all) {
      const shown = watch(boris, row.id);
      await until("it is read", () => summaryOf(shown.last()).startsWith("texto"));
      shown.stop();
    }
  });
});

describe("lost requests and answers", () => {
  it.each(["request", "answer"] as const)(
    "of every kind (%s) are made up for",
    {
      timeout: 60_000,
    },
    async (kind) => {
      world = await World.make();
      const { ana, boris, id } = await drafting(world);
      let left = 0;
      world.service.fault = (name, person): Fault => {
        const wanted = ["saveVersion", "post", "log", "requests", "versions", "version"];
        if (!wanted.includes(name) || ![ana.person, boris.person].includes(person))
          return undefined;
        left -= 1;
        return left % 3 === 0 && left > -60 ? kind : undefined;
      };
      const shown = watch(boris, id);
      for (const round of [1, 2, 3, 4]) {
        if (!requestOf(ana, id)?.turn?.mine) await ana.client.takeTurn(id);
        ana.client.editDraft(id, draftOf(`vuelta ${round}`));
        await ana.client.saveDraft(id).catch(() => undefined);
        await until(`turn ${round} arrives`, () => summaryOf(shown.last()) === `vuelta ${round}`);
      }
      const { versions } = world.service.requests.file(id);
      await until("ana has nothing left", () => requestOf(ana, id)?.dirty === false);
      expect(new Set(versions.map(({ digest }) => digest.join())).size).toBe(versions.length);
      expect(ana.client.view().alarm).toBeNull();
      expect(boris.client.view().alarm).toBeNull();
    },
  );
});

describe("a draft that is behind", () => {
  /** Ana wrote while she was away; meanwhile Boris saved another version. */
  async function behind() {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const shown = watch(ana, id);
    await ana.client.giveTurn(id);
    world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
    world.service.sockets.cut(ana.person);
    ana.client.editDraft(id, draftOf("de Ana"));
    await write(boris, id, "de Boris");
    await boris.client.giveTurn(id);
    world.service.fault = () => undefined;
    ana.client.network(true);
    await until("ana sees that", () => shown.last()?.behind === true);
    expect(summaryOf(shown.last())).toBe("de Ana");
    return { ana, boris, id, shown };
  }

  it("is never overwritten, here or there, without a word", async () => {
    const { ana, boris, id, shown } = await behind();
    await ana.client.takeTurn(id);
    await expect(ana.client.saveDraft(id)).rejects.toMatchObject({ code: "version-behind" });
    expect(shown.last()).toMatchObject({ behind: true, dirty: true, base: 1 });
    expect(summaryOf(shown.last())).toBe("de Ana");
    await reads(boris, id, "de Boris");
  });

  it("goes on top when its author wants that; the other stays readable", async () => {
    const { ana, boris, id } = await behind();
    await ana.client.takeTurn(id);
    await ana.client.keepMine(id);
    await reads(boris, id, "de Ana");
    expect((await ana.client.version(id, 2))?.facts).toEqual({ summary: "de Boris" });
    expect(requestOf(ana, id)).toMatchObject({ version: 3, dirty: false });
  });

  it("gives way when its author wants that, and stays readable aside", async () => {
    const { ana, id, shown } = await behind();
    await ana.client.takeTheirs(id);
    await until("theirs", () => summaryOf(shown.last()) === "de Boris");
    expect(shown.last()).toMatchObject({ behind: false, dirty: false, base: 2 });
    expect(ana.client.setAside(id).map(({ draft }) => draft.facts)).toEqual([
      { summary: "de Ana" },
    ]);
  });
});
