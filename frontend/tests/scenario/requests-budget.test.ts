/** The server takes no further version: what is written stays, is said to stay, and goes later. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drafting, draftOf, reads, requestOf, summaryOf, watch } from "./drafting";
import { type Desk, until, World } from "./world";

let world: World;
let ana: Desk;
let boris: Desk;
let id: string;

beforeEach(async () => {
  world = await World.make();
  ({ ana, boris, id } = await drafting(world));
});
afterEach(() => world.close());

describe.each([
  ["of a day", { code: "version-day-full", params: { minutes: 600 } }],
  ["of a request", { code: "version-share-full", params: {} }],
])("a budget %s that is used up", (_what, full) => {
  it("leaves the text on the device, says so, and asks no more by itself", async () => {
    const { requests } = world.service;
    const shown = watch(ana, id);
    requests.full = full;
    ana.client.editDraft(id, draftOf("de más"));
    await until("it is said", () => shown.last()?.error === full.code);
    expect(shown.last()).toMatchObject({ saving: "failed", dirty: true, base: 1 });
    const { brought } = requests;
    const { row } = requests.file(id);
    for (const summary of ["a", "b", "c"]) {
      const renewed = row.turn?.until;
      ana.client.editDraft(id, draftOf(summary));
      // A turn is renewed once in the time of fifteen versions.
      await until("the turn is renewed", () => row.turn?.until !== renewed);
    }
    expect(requests.brought).toBe(brought);
    await ana.reopen();
    await reads(ana, id, "c");
    requests.full = null;
    await ana.client.takeTurn(id);
    await ana.client.saveDraft(id);
    await reads(boris, id, "c");
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });
});

describe("a day's budget", () => {
  it("takes the text by itself when there is room again", async () => {
    const { requests } = world.service;
    const shown = watch(ana, id);
    requests.full = { code: "version-day-full", params: { minutes: 1 } };
    ana.client.editDraft(id, draftOf("espera"));
    await until("it is said", () => shown.last()?.error === "version-day-full");
    requests.full = null;
    await until("it is saved", () => requestOf(ana, id)?.dirty === false);
    expect(summaryOf(shown.last())).toBe("espera");
    await reads(boris, id, "espera");
  });
});
