/** A drafter who saves what is no draft: named, never shown, and nobody's text is lost over it. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { utf8 } from "../../src/bytes";
import { canonical, type Json } from "../../src/canonical";
import type * as Seal from "../../src/crypto/draftSeal";
import { drafting, draftOf, reads, requestOf, summaryOf, watch, write } from "./drafting";
import { type Desk, until, World } from "./world";

const HOSTILE = "hostil";
let body: Uint8Array<ArrayBuffer> = utf8.encode("");

// Who is hostile has another program: it seals something else in the place of this text.
vi.mock(import("../../src/crypto/draftSeal"), async (original) => {
  const real: typeof Seal = await original();
  return {
    ...real,
    sealDraft: (place, plain) =>
      real.sealDraft(place, new TextDecoder().decode(plain).includes(HOSTILE) ? body : plain),
  };
});

const like = (over: { [key: string]: Json }): Uint8Array<ArrayBuffer> =>
  canonical({ ...draftOf("a"), ...over });

const BODIES: readonly [what: string, body: string | Uint8Array<ArrayBuffer>][] = [
  ["nothing", "null"],
  ["a text", '"draft"'],
  ["no JSON", "{"],
  ["no UTF-8", new Uint8Array([0xff, 0xfe])],
  ["JSON in another spelling", JSON.stringify(draftOf("a"), null, 1)],
  ["half of its parts", '{"v":1}'],
  ["a section that is a text", like({ facts: "a" })],
  ["a list that is a section", like({ persons: {} })],
  ["a day that is none", like({ law_date: "2026-02-30" })],
  ["another State's draft", like({ requesting_state: "MX" })],
  ["a key that would change all objects", '{"__proto__":{"v":1},"v":1}'],
  ["half a character", '"\\ud83d"'],
  ["nesting deeper than the stack", "[".repeat(200_000) + "]".repeat(200_000)],
  ["hundreds of thousands of items", `[${Array(200_000).fill(0).join(",")}]`],
];

let world: World;
let ana: Desk;
let boris: Desk;
let id: string;
let caseId: string;

beforeEach(async () => {
  world = await World.make();
  ({ ana, boris, id, caseId } = await drafting(world));
});
afterEach(() => world.close());

async function attack(what: string | Uint8Array<ArrayBuffer>): Promise<number> {
  body = typeof what === "string" ? utf8.encode(what) : what;
  await boris.client.takeTurn(id);
  boris.client.editDraft(id, draftOf(HOSTILE));
  await boris.client.saveDraft(id);
  await boris.client.giveTurn(id);
  return requestOf(boris, id)?.version ?? 0;
}

describe("a version that is no draft", () => {
  it("of any kind names its author and leaves the last good version to go on from", {
    timeout: 120_000,
  }, async () => {
    const shown = watch(ana, id);
    let good = 1;
    await ana.client.giveTurn(id);
    for (const [what, hostile] of BODIES) {
      const version = await attack(hostile);
      await until(`${what} is noticed`, () => requestOf(ana, id)?.malformed?.version === version);
      expect(requestOf(ana, id)?.malformed).toEqual({ version, person: boris.person, good });
      expect(summaryOf(shown.last())).toBe("uno");
      await expect(ana.client.version(id, version)).rejects.toMatchObject({
        code: "draft-malformed",
        which: { version, person: boris.person },
      });
      await ana.client.takeTurn(id);
      await ana.client.keepMine(id);
      good = version + 1;
      await until(`${what} is over`, () => requestOf(ana, id)?.malformed === null);
      expect(requestOf(ana, id)).toMatchObject({ version: good, dirty: false });
      await reads(boris, id, "uno");
      await ana.client.giveTurn(id);
    }
    expect([ana, boris].map(({ client }) => client.view().alarm)).toEqual([null, null]);
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });

  it("never takes the place of a text that is being written", async () => {
    const shown = watch(ana, id);
    await ana.client.giveTurn(id);
    world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
    world.service.sockets.cut(ana.person);
    ana.client.editDraft(id, draftOf("de Ana"));
    const version = await attack("null");
    world.service.fault = () => undefined;
    ana.client.network(true);
    await until("ana sees that there is one", () => shown.last()?.behind === true);
    await expect(ana.client.takeTheirs(id)).rejects.toMatchObject({ code: "draft-malformed" });
    expect(requestOf(ana, id)?.malformed).toEqual({ version, person: boris.person, good: 1 });
    expect(summaryOf(shown.last())).toBe("de Ana");
    await ana.client.takeTurn(id);
    await ana.client.keepMine(id);
    await reads(boris, id, "de Ana");
  });

  it("is passed over by a second device, which shows the last good one", async () => {
    await write(ana, id, "dos");
    await ana.client.giveTurn(id);
    await reads(boris, id, "dos");
    const version = await attack("[]");
    await ana.reopen();
    await reads(ana, id, "dos");
    await until("noticed again", () => requestOf(ana, id)?.malformed?.version === version);
  });

  it("is named to a newcomer too, who has no good version", async () => {
    await ana.client.giveTurn(id);
    const version = await attack("[]");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    await ana.client.addDrafter(id, carla.person);
    watch(ana, id);
    const shown = watch(carla, id);
    await until("carla is told", () => requestOf(carla, id)?.malformed?.version === version);
    expect(requestOf(carla, id)?.malformed).toEqual({ version, person: boris.person, good: 0 });
    expect(shown.last()).toBeNull();
    await ana.client.takeTurn(id);
    await until("ana sees it", () => requestOf(ana, id)?.malformed?.version === version);
    await ana.client.keepMine(id);
    await reads(carla, id, "uno");
    expect(requestOf(carla, id)?.malformed).toBeNull();
  });
});

describe("what is typed here", () => {
  it("is kept also with half a character in it", async () => {
    ana.client.editDraft(id, draftOf("a\ud83d"));
    await ana.client.saveDraft(id);
    await reads(boris, id, "a\ufffd");
  });

  it("is told at once to be more than others would be shown", async () => {
    const persons = Array(201).fill({ role: "witness" });
    const shown = watch(ana, id);
    ana.client.editDraft(id, { ...draftOf("larga"), persons });
    await expect(ana.client.saveDraft(id)).rejects.toMatchObject({ code: "draft-too-long" });
    expect(shown.last()).toMatchObject({ saving: "failed", error: "draft-too-long", dirty: true });
    expect(summaryOf(shown.last())).toBe("larga");
  });
});
