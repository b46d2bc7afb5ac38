/** Searching what was said, as several clients find it: by whole programs and stores. */

import { afterEach, describe, expect, it } from "vitest";
import type { Query } from "../../src/effects/search/desk";
import type { CaseHubClient } from "../../src/effects/shapes";
import type { Sealed } from "../../src/store/backend";
import { type Desk, talking, until, World } from "./world";

let world: World;
afterEach(() => world.close());

async function find(client: CaseHubClient, text: string, over: Partial<Query> = {}) {
  const { hits } = await client.search({ text, limit: 50, ...over });
  return hits.map((hit) => hit.text);
}

/** Say it, and wait until everybody finds it; its entry. */
async function say(by: Desk, all: Desk[], circle: string, text: string): Promise<number> {
  await by.client.send(circle, text);
  for (const { client } of all) {
    await until(`found: ${text}`, async () => (await find(client, text)).includes(text));
  }
  const { hits } = await by.client.search({ text, limit: 1 });
  return hits[0]?.seq ?? 0;
}

/** The pieces of the index as they lie on a disk. */
function pieces({ disk }: Desk): Sealed[] {
  const stores = [...disk.snapshot().values()];
  return stores.flatMap((store) => store.all()).filter(({ key }) => key.startsWith("search/"));
}

async function meeting() {
  world = await World.make();
  const { ana, boris, circle, caseId } = await talking(world);
  return { ana, boris, both: [ana, boris], circle, caseId };
}

describe("a search", () => {
  it("finds messages by how their words begin, without accents, the newest first", async () => {
    const { ana, boris, both, circle } = await meeting();
    await say(ana, both, circle, "El tráfico pasa por Danlí");
    await say(boris, both, circle, "Dos TRAFICANTES y un niño");
    expect(await find(ana.client, "trafic")).toEqual([
      "Dos TRAFICANTES y un niño",
      "El tráfico pasa por Danlí",
    ]);
    expect(await find(boris.client, "danli TRÁF")).toEqual(["El tráfico pasa por Danlí"]);
    expect(await find(ana.client, "fico")).toEqual([]);
  });

  it("is narrowed by person, thread and time", async () => {
    const { ana, boris, both, circle, caseId } = await meeting();
    await say(ana, both, circle, "cuenta de ana");
    await say(boris, both, circle, "cuenta de boris");
    const other = await ana.client.openThread(caseId, "Bancos", []);
    await say(ana, [ana], other, "cuenta aparte");
    expect(await find(ana.client, "cuenta", { person: boris.person })).toEqual(["cuenta de boris"]);
    expect(await find(ana.client, "cuenta", { circles: [other] })).toEqual(["cuenta aparte"]);
    expect(await find(ana.client, "cuenta", { to: Date.now() - 60_000 })).toEqual([]);
    expect(await find(ana.client, "", { person: boris.person })).toEqual(["cuenta de boris"]);
  });

  it("says how much it is about, and since when", async () => {
    const { ana, both, circle } = await meeting();
    const empty = await ana.client.search({ text: "nada", limit: 5 });
    expect(empty).toEqual({ hits: [], total: 0, scope: { messages: 0, since: null } });
    await say(ana, both, circle, "uno");
    await say(ana, both, circle, "dos");
    const { hits, total, scope } = await ana.client.search({ text: "uno", limit: 0 });
    expect([hits.length, total, scope.messages]).toEqual([0, 1, 2]);
    expect(Date.parse(scope.since ?? "")).toBeGreaterThan(0);
  });

  it("needs no network", async () => {
    const { ana, both, circle } = await meeting();
    await say(ana, both, circle, "sin red también");
    ana.client.network(false);
    world.service.fault = () => "request";
    expect(await find(ana.client, "red")).toEqual(["sin red también"]);
  });
});

describe("what is found", () => {
  it("is what a message says now, not what it said before an edit", async () => {
    const { ana, both, circle } = await meeting();
    const seq = await say(ana, both, circle, "reunión el lunes");
    await ana.client.act(circle, seq, { kind: "edit", text: "reunión el martes" });
    for (const { client } of both) {
      await until("replaced", async () => (await find(client, "martes")).length === 1);
      expect(await find(client, "lunes")).toEqual([]);
    }
  });

  it("has nothing of a withdrawn message, and its words leave the disk", async () => {
    const { ana, boris, both, circle } = await meeting();
    const seq = await say(ana, both, circle, "testigo Hugo");
    const before = pieces(boris).map(({ revision }) => revision);
    boris.disk.writes = 0;
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await until("gone", async () => (await find(boris.client, "Hugo")).length === 0);
    const stale = pieces(boris).filter(({ revision }) => before.includes(revision));
    expect(stale).toEqual([]);
    await boris.reopen();
    expect(await find(boris.client, "testigo")).toEqual([]);
  });

  it("is nothing of a thread that this person no longer reads", async () => {
    const { ana, boris, both, circle } = await meeting();
    await say(ana, both, circle, "solo para lectores");
    expect(pieces(boris)).toHaveLength(1);
    await ana.client.removeReader(circle, boris.person);
    await until("lost", async () => (await find(boris.client, "lectores")).length === 0);
    await until("erased", () => pieces(boris).length === 0);
    expect(await find(ana.client, "lectores")).toEqual(["solo para lectores"]);
  });

  it("is nothing of it either when the search was under way as they stopped reading it", async () => {
    const { ana, boris, both, circle } = await meeting();
    await say(ana, both, circle, "solo para lectores");
    await boris.reopen(); // nothing is indexed yet in this run of the program
    boris.disk.slow = 200;
    boris.client.setDraft(circle, "algo");
    const typing = boris.client.saveDrafts();
    await ana.client.removeReader(circle, boris.person);
    const asked = find(boris.client, "lectores");
    boris.disk.slow = 0;
    await Promise.all([typing, asked]);
    await until("lost", async () => (await find(boris.client, "lectores")).length === 0);
    await until("erased", () => pieces(boris).length === 0);
  });

  it("follows what another tab of the same person did", async () => {
    const { ana, both, circle } = await meeting();
    const tab = await ana.tab();
    const seq = await say(ana, both, circle, "primera versión");
    await until("in the tab", async () => (await find(tab, "version")).length === 1);
    await ana.client.act(circle, seq, { kind: "edit", text: "segunda redacción" });
    await until("there too", async () => (await find(tab, "redaccion")).length === 1);
    expect(await find(tab, "version")).toEqual([]);
    await tab.close();
  });
});

describe("a hit", () => {
  it("stands under the terms on which its message was given", async () => {
    const { ana, boris, circle } = await meeting();
    const handling = { codes: ["court"] } as const;
    await ana.client.send(circle, "fuente reservada", undefined, { handling });
    await until("read", async () => (await find(boris.client, "fuente")).length === 1);
    const { hits } = await boris.client.search({ text: "fuente", limit: 1 });
    expect(hits[0]?.handling).toEqual(handling);
  });
});

describe("the index", () => {
  it("is kept between visits, and not made again of what has not changed", async () => {
    const { ana, both, circle } = await meeting();
    await say(ana, both, circle, "permanece");
    // Whoever came in renews their keys: with another line, the piece would rightly be made again.
    const { log } = world.service.group(circle);
    await until("nothing more comes", async () => {
      const entries = log.length;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return log.length === entries;
    });
    expect(await find(ana.client, "permanece")).toEqual(["permanece"]);
    const before = pieces(ana);
    await ana.reopen();
    await until("cases", () => ana.client.view().cases.length > 0);
    expect(await find(ana.client, "permanece")).toEqual(["permanece"]);
    expect(pieces(ana)).toEqual(before);
  });

  it.each(["is missing", "is older than a line that it holds"])(
    "is made again where a piece %s",
    async (how) => {
      const { ana, both, circle } = await meeting();
      await say(ana, both, circle, "uno");
      const old = pieces(ana);
      await say(ana, both, circle, "dos");
      const disk = ana.disk.snapshot();
      ana.kill();
      for (const store of disk.values()) {
        for (const { key } of store.all().filter((one) => one.key.startsWith("search/"))) {
          store.remove(key);
          if (how !== "is missing") for (const record of old) store.put(record);
        }
      }
      ana.disk.restore(disk);
      await ana.reopen();
      await until("cases", () => ana.client.view().cases.length > 0);
      expect(await find(ana.client, "dos")).toEqual(["dos"]);
      expect(await find(ana.client, "uno")).toEqual(["uno"]);
    },
  );

  it("lies on the disk sealed: none of its words can be read there", async () => {
    const { ana, both, circle } = await meeting();
    await say(ana, both, circle, "canarioamarillo");
    const [piece] = pieces(ana);
    const text = new TextDecoder("latin1").decode(piece?.bytes);
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toContain("canario");
  });
});
