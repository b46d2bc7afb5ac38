/** A request that starts from a message, and another that starts from that request. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { exportPlain } from "../../src/documents/plain";
import { readBook } from "../../src/rules/load";
import { newDraft } from "../../src/ui/requests/document";
import { readChosen } from "../../src/ui/requests/start/file";
import { originsOf } from "../../src/ui/requests/start/origins";
import { begun, type Source } from "../../src/ui/requests/start/start";
import { CANARY, reads, requestOf, watch, write } from "./drafting";
import { threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

it("knows through all its versions and copies where it came from, and the server does not", async () => {
  world = await World.make();
  const path = join(import.meta.dirname, "../../src/rules/rulebook.json");
  const book = await readBook(readFileSync(path, "utf8"));
  const given = {
    lawDate: "2026-11-24",
    requesting: "SV",
    requested: "MX",
    measures: ["bank_records"],
    language: "es" as const,
  };
  const ana = await world.person();
  const boris = await world.person();
  const lucia = await world.person("MX");
  const caseId = await ana.client.openCase(["SV", "MX"], "Caso Río");
  for (const { person } of [boris, lucia]) await ana.client.addPerson(caseId, person, []);
  const circle = await ana.client.openThread(caseId, "Bancos", [lucia.person]);
  await until("lucia is in", () => threadOf(lucia.client, circle)?.status === "active");
  world.service.seen = [];
  await lucia.client.send(circle, CANARY);

  let said: Extract<Source, { kind: "message" }> | null = null;
  await until("ana reads it", async () => {
    for (const line of await ana.client.lines(circle)) {
      if (line.kind !== "message" || line.message.seq === null) continue;
      const { seq, person, at, text } = line.message;
      said = {
        kind: "message",
        origin: { kind: "message", circle, seq, person, state: "MX", at },
        text,
      };
    }
    return said !== null;
  });
  if (said === null) return expect.fail("nothing was said");
  const source: Extract<Source, { kind: "message" }> = said;
  expect(source.origin.person).toBe(lucia.person);

  const first = await ana.client.draftRequest(caseId, "Registros", begun(book, source, given), [
    boris.person,
  ]);
  await until("it is saved", () => requestOf(ana, first)?.version === 1);
  await until("boris is in", () => requestOf(boris, first)?.status === "active");
  await reads(boris, first, CANARY);
  const { draft, version } = await boris.client.newestVersion(first);
  expect({ version, origins: originsOf(draft) }).toEqual({ version: 1, origins: [source.origin] });
  expect(lucia.client.view().requests).toEqual([]);

  const shown = watch(ana, first);
  const edited = { ...draft, facts: { summary: `${CANARY} y más` } };
  ana.client.editDraft(first, edited);
  await ana.client.saveDraft(first);
  await until("the second version is there", () => shown.last()?.base === 2);
  expect(originsOf((await ana.client.version(first, 2)) ?? draft)).toEqual([source.origin]);

  const origin = { kind: "request", request: first, version: 2 } as const;
  const former: Source = { kind: "request", origin, draft: edited };
  const second = await ana.client.draftRequest(caseId, "Otra", begun(book, former, given), []);
  await until("the copy is saved", () => requestOf(ana, second)?.version === 1);
  const copy = await ana.client.newestVersion(second);
  expect(originsOf(copy.draft)).toEqual([source.origin, origin]);
  await expect(boris.client.newestVersion(second)).rejects.toMatchObject({ code: "not-found" });

  const file = new File([exportPlain(edited, book)], "SV.json");
  const third = begun(book, await readChosen(file, book, "SV"), given);
  expect(third.facts).toEqual(edited.facts);
  expect(originsOf(third).map(({ kind }) => kind)).toEqual(["file"]);

  const seen = world.service.seen.join("\n");
  expect(seen).not.toContain(CANARY);
  expect(seen).not.toContain("origins");
  expect([ana.errors, boris.errors, lucia.errors]).toEqual([[], [], []]);
});

it("starts from the newest version that is here, and the look is an act", async () => {
  world = await World.make();
  const ana = await world.person();
  const boris = await world.person();
  const caseId = await ana.client.openCase(["SV", "MX"], "Caso Río");
  await ana.client.addPerson(caseId, boris.person, []);
  const empty = newDraft({
    language: "es",
    lawDate: "2026-11-24",
    requesting: "SV",
    requested: "MX",
    measures: [],
  });
  const id = await ana.client.draftRequest(caseId, "Registros", empty, [boris.person]);
  await until("it is saved", () => requestOf(ana, id)?.version === 1);
  await until("boris is in", () => requestOf(boris, id)?.status === "active");
  await write(ana, id, "dos");
  await until("boris knows", () => requestOf(boris, id)?.version === 2);
  world.service.seen = [];
  expect(await boris.client.newestVersion(id)).toMatchObject({ version: 2 });
  await boris.client.newestVersion(id);
  const looks = world.service.seen.filter((one) => one.startsWith("openedRequest"));
  expect(looks).toHaveLength(1);
});
