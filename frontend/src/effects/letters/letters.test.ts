/** Letters between two central authorities and who drafts. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  browser,
  FOUND,
  id,
  leavesWith,
  NOTHING,
  reader,
  type Scene,
  scene,
} from "../../../tests/letters";
import type { Dossier } from "../../api/dossiers";
import { Unreachable } from "../../api/errors";

/** As the dialog of step 2 keeps what is typed, before that is sent. */
const LEAVES = await leavesWith(2);

let { server, people, all } = {} as Scene;
beforeEach(async () => {
  ({ server, people, all } = await scene());
});

describe("a letter", () => {
  it("is read by the other central authority, signed, with its code and step", async () => {
    const [one, other] = all();
    const [hers, his] = [await browser(one, server, people), await browser(other, server, people)];
    const handling = { codes: ["court"] as const };
    await hers.write(FOUND, "free", { text: "¿Qué falta?", handling, number: 2 });
    await hers.read();
    const [shown] = (await his.read()).letters;
    expect(shown).toMatchObject({
      verdict: "ok",
      step: 2,
      letter: { text: "¿Qué falta?", handling },
    });
    expect(JSON.stringify(server.rows)).not.toContain("falta");
  });

  it("waits for the network, through a reload, and arrives once though the answer was lost", async () => {
    const [one, other] = all();
    server.isDown = true;
    const before = await browser(one, server, people);
    await before.write(FOUND, "free", { ...NOTHING, text: "later" });
    await expect(before.read()).rejects.toBeInstanceOf(Unreachable);
    server.isDown = false;
    server.losesAnswers = 1;
    const after = await browser(one, server, people, before.disk);
    expect((await after.read()).waiting).toHaveLength(1);
    expect((await after.read()).waiting).toEqual([]);
    expect(new Set(server.bodies).size).toBe(1);
    expect(await (await browser(other, server, people)).words()).toEqual(["later"]);
  });

  it("is shown as waiting beside what was read before, while there is no network", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "before" });
    await hers.read();
    server.isDown = true;
    await hers.write(FOUND, "free", { ...NOTHING, text: "now" });
    const told = await hers.read();
    expect(told.letters.map(({ letter }) => letter?.text)).toEqual(["before"]);
    expect(told.waiting.map(({ text }) => text)).toEqual(["now"]);
  });

  it("is sealed anew when somebody to whom it was sealed has left meanwhile", async () => {
    const [one, other, third] = all();
    const hers = await browser(one, server, people);
    server.readers.push(reader(third));
    server.takesNothing = true;
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    await hers.read();
    server.takesNothing = false;
    server.readers = [reader(one), reader(other)];
    expect((await hers.read()).waiting).toEqual([]);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toEqual([id(11), id(12)]);
    expect(new Set(server.bodies).size).toBe(2);
  });

  it("leaves at the next sign-in, and is no fault of its own while somebody is stopped", async () => {
    const [one, other] = all();
    server.isDown = true;
    const before = await browser(one, server, people);
    await before.write(FOUND, "free", { ...NOTHING, text: "later" });
    server.isDown = false;
    const after = await browser(one, server, people, before.disk);
    server.refuses = "state-stopped";
    await expect(after.sendAll()).rejects.toMatchObject({ code: "state-stopped" });
    server.refuses = null;
    await after.sendAll();
    expect(await (await browser(other, server, people)).words()).toEqual(["later"]);
  });

  it("is sent of each request, whatever goes wrong with another", async () => {
    const [one, other] = all();
    const hers = await browser(one, server, people);
    const elsewhere = { ...FOUND, id: id(0) };
    for (const found of [elsewhere, FOUND]) {
      await hers.write(found, "free", { ...NOTHING, text: "words" });
    }
    server.breaks = elsewhere.id;
    await expect(hers.sendAll()).rejects.toThrow("broken");
    expect(server.reported).toMatchObject([{ message: "broken" }]);
    expect(await (await browser(other, server, people)).words()).toEqual(["words"]);
  });

  it("is known by the id that it was given, once it is there", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    const written = await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    expect((await hers.read()).letters.map((each) => each.id)).toEqual([written]);
    expect(await hers.write(FOUND, "free", { ...NOTHING, text: "  " })).toBeNull();
  });

  it("costs a look no second replay, judgement or turn while nothing changes", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    await hers.read();
    server.did = { replayed: 0, judged: 0, turns: 0 };
    await hers.read();
    expect(server.did).toEqual({ replayed: 1, judged: 0, turns: 0 });
    server.entries += 1;
    await hers.read();
    expect(server.did).toEqual({ replayed: 2, judged: 1, turns: 0 });
  });

  it("that the server refuses stays here with the reason until it is given up", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    server.refuses = "letter-step";
    await hers.write(FOUND, "free", { ...NOTHING, text: "words", number: 9 });
    const [waiting] = (await hers.read()).waiting;
    // By its code: whoever reads it may have turned to another language.
    expect(waiting).toMatchObject({ text: "words", failure: "letter-step" });
    server.refuses = null;
    expect((await hers.read()).waiting).toHaveLength(1); // it is not tried again by itself
    await hers.discard(FOUND.id, waiting?.id ?? "");
    expect((await hers.read()).waiting).toEqual([]);
  });
});

describe("what is typed", () => {
  it("is there again after a reload, and goes once its step is done by whoever typed it", async () => {
    const [, other] = all();
    const before = await browser(other, server, people);
    before.keep(FOUND.id, "acknowledge", { ...NOTHING, text: "not done", number: 3 });
    before.keep(FOUND.id, "transmit", { ...NOTHING, text: "beside it", ...LEAVES });
    await before.flush();
    const after = await browser(other, server, people, before.disk);
    expect(await after.words()).toEqual(["beside it"]);
    expect(await after.kept(FOUND.id, "acknowledge")).toMatchObject({ text: "not done" });
    expect(await after.kept(FOUND.id, "transmit")).toBeNull();
  });

  it("beside a step that was declined does not leave with one like it that another device signed", async () => {
    const [, other] = all();
    const his = await browser(other, server, people);
    const leaves = "ab".repeat(32);
    his.keep(FOUND.id, "transmit", { ...NOTHING, text: "another's", ...LEAVES, leaves });
    expect(await his.words()).toEqual([]);
    expect(await his.kept(FOUND.id, "transmit")).toMatchObject({ text: "another's" });
  });

  it("leaves once, though the page died as it was to be sent", async () => {
    const [, other] = all();
    const before = await browser(other, server, people);
    before.keep(FOUND.id, "transmit", { ...NOTHING, text: "once", ...LEAVES });
    await before.flush();
    let left = 2; // between which States, and the words
    const dying = {
      ...before.disk,
      write: async (batch: Parameters<typeof before.disk.write>[0]) => {
        if (left-- === 0) throw new Error("dead");
        await before.disk.write(batch);
      },
    };
    const page = await browser(other, server, people, dying);
    await page.read().catch(() => undefined);
    const after = await browser(other, server, people, before.disk);
    await after.read();
    expect(await after.words()).toEqual(["once"]);
  });

  it("leaves once, though its step is found done before it says so itself", async () => {
    const [, other] = all();
    const his = await browser(other, server, people);
    const said = { ...NOTHING, text: "once", ...LEAVES };
    his.keep(FOUND.id, "transmit", said);
    await his.read();
    expect(await his.write(FOUND, "transmit", said)).toBeNull();
    expect(await his.words()).toEqual(["once"]);
  });
});

describe("what was never meant to leave", () => {
  it("stays with who typed it, whatever steps a host makes up or the person does elsewhere", async () => {
    const [, other] = all();
    const before = await browser(other, server, people);
    before.keep(FOUND.id, "free", { ...NOTHING, text: "half a sen" });
    before.keep(FOUND.id, "transmit", { ...NOTHING, text: "given up", number: 2 });
    await before.flush();
    const forged = { number: 0, person: other.person, act: "free" };
    const found = { ...FOUND, moves: [...FOUND.moves, forged] } as unknown as Dossier;
    const after = await browser(other, server, people, before.disk);
    const told = await after.read(found);
    expect([told.letters, told.waiting, server.bodies]).toEqual([[], [], []]);
    expect(await after.kept(FOUND.id, "free")).toMatchObject({ text: "half a sen" });
  });
});

describe("what was typed beside a step that is not done", () => {
  const proposed = (proposal: object) => ({ ...FOUND, proposal }) as unknown as Dossier;
  const leaves = "ab".repeat(32);
  const left = { ...NOTHING, text: "not sent", number: 2, leaves };

  it("is told until it is given up", async () => {
    const [, other] = all();
    const his = await browser(other, server, people);
    his.keep(FOUND.id, "free", { ...NOTHING, text: "half a sen" });
    his.keep(FOUND.id, "acknowledge", { ...NOTHING, text: "" });
    his.keep(FOUND.id, "execute", left);
    expect(await his.stranded(FOUND)).toEqual([{ form: "execute", said: left }]);
    await his.giveUp(FOUND.id, "execute");
    expect(await his.stranded(FOUND)).toEqual([]);
  });

  it.each([
    ["waits", {}, 0],
    ["was declined", { outcome: "declined" }, 1],
    ["lapsed", { lapses_at: "2026-11-24T12:00:00Z" }, 1],
    ["somebody signed who was stopped", { stopped: true }, 1],
    ["is another one", { step: "cd".repeat(32) }, 1],
  ])("is told unless that waits: one that %s", async (_, how, count) => {
    const [, other] = all();
    const his = await browser(other, server, people);
    his.keep(FOUND.id, "execute", left);
    const waits = { step: leaves, outcome: "", stopped: false, lapses_at: "2036-11-24T12:00:00Z" };
    expect(await his.stranded(proposed({ ...waits, ...how }))).toHaveLength(count);
  });

  it("is nothing that leaves with its step", async () => {
    const [, other] = all();
    const his = await browser(other, server, people);
    his.keep(FOUND.id, "transmit", { ...NOTHING, text: "beside it", ...LEAVES });
    expect(await his.stranded(FOUND)).toEqual([]);
  });
});

describe("who comes later", () => {
  it("reads what was written before once somebody who reads it has looked", async () => {
    const [one, , third] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "before" });
    await hers.read();
    server.readers.push(reader(third));
    const theirs = await browser(third, server, people);
    expect(await theirs.words()).toEqual([null]);
    await hers.read();
    await vi.waitFor(async () => expect(await theirs.words()).toEqual(["before"]));
  });
});
