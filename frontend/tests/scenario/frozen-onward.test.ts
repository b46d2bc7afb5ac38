/** The way on from a thread that stopped: a new one, by its readers' acts. */

import { afterEach, describe, expect, it } from "vitest";
import type { Handling } from "../../src/crypto/handling";
import type { Along } from "../../src/store/along";
import { cutOff, frozen, reconnect, stoppedByMala, withMala } from "./hostile";
import { talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("going on in a new thread", () => {
  it("happens by nobody's act but the person's", async () => {
    world = await World.make();
    const { ana, boris, circle } = await stoppedByMala(world);
    for (const desk of [ana, boris]) {
      await desk.reopen();
      await until("online", () => desk.client.view().connection === "online");
    }
    expect(ana.client.view().cases[0]?.threads.length).toBe(2);
    expect(frozen(ana, circle)?.continuations).toEqual([]);
    expect(ana.client.view().alarm).toBe("thread-frozen");
  });

  it("takes the name and a pointer along, and reads for exactly those confirmed", async () => {
    world = await World.make();
    const { ana, boris, mala, circle } = await stoppedByMala(world);
    expect(frozen(ana, circle)?.proposed).toEqual([boris.person]);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, next)?.name === "Traslado (2)");
    expect(threadOf(boris.client, next)).toMatchObject({ continues: circle, status: "active" });
    await ana.client.send(next, "seguimos aquí");
    await until("boris reads", async () => (await texts(boris.client, next)).length === 1);
    const roster = world.service.group(next).roster.map(({ person }) => person);
    expect(new Set(roster)).toEqual(new Set([ana.person, boris.person]));
    expect(threadOf(mala.client, next)).toBeUndefined();
  });

  it("leaves what was read where it is", async () => {
    world = await World.make();
    const { ana, boris, circle } = await stoppedByMala(world);
    await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    await ana.reopen();
    expect(await texts(ana.client, circle)).toEqual(["antes del fallo"]);
    expect(threadOf(ana.client, circle)?.status).toBe("frozen");
  });

  it("is an alarm until each person has decided for it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await stoppedByMala(world);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    await until("ana's is over", () => ana.client.view().alarm === null);
    await until(
      "boris sees it",
      () => frozen(boris, circle)?.continuations.includes(next) === true,
    );
    expect(boris.client.view().alarm).toBe("thread-frozen");
    await boris.client.goOnIn(circle, next);
    await until("boris's too", () => boris.client.view().alarm === null);
    expect(frozen(boris, circle)?.continuedIn).toBe(next);
  });

  it("is not offered of a thread that goes on", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await expect(ana.client.continueThread(circle, "No", [boris.person])).rejects.toMatchObject({
      code: "thread-not-frozen",
    });
  });

  it("is finished after a crash in the middle, once", async () => {
    world = await World.make();
    const { ana, boris, circle } = await stoppedByMala(world);
    world.service.fault = (name, person) =>
      name === "createThread" && person === ana.person ? "answer" : undefined;
    await ana.client.continueThread(circle, "Traslado (2)", [boris.person]).catch(() => undefined);
    world.service.fault = () => undefined;
    await ana.reopen();
    await until("finished", () => frozen(ana, circle)?.continuedIn != null);
    await until("boris is in", () => frozen(boris, circle)?.continuations.length === 1);
    expect(ana.client.view().cases[0]?.threads.length).toBe(3);
  });

  it("tells the pointer also to whoever is let in later", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await stoppedByMala(world);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [next]);
    await until("told", () => threadOf(carla.client, next)?.continues === circle);
  });

  it("works from the circle of a case's title, too", async () => {
    world = await World.make();
    const { ana, boris, mala, bad, caseId } = await withMala(world);
    const circle = ana.client.view().cases[0]?.threads[0]?.circle ?? "";
    bad.spoils = true;
    void mala.client.renewKeys(circle).catch(() => undefined);
    await until("stopped", () => frozen(ana, circle) !== null);
    expect(ana.client.view().cases[0]?.title).toBe("Caso Río");
    const next = await ana.client.continueThread(circle, "Caso Río", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, next)?.continues === circle);
    expect(threadOf(boris.client, next)?.caseId).toBe(caseId);
  });
});

describe("what was not sent", () => {
  async function unsent(terms: { queued?: Handling; typed?: Along } = {}) {
    world = await World.make();
    const made = await withMala(world);
    const { ana, boris, mala, bad, circle } = made;
    cutOff(world, ana);
    await until("offline", () => ana.client.view().connection === "offline");
    const { queued = null, typed = {} } = terms;
    const id = await ana.client.send(circle, "en la cola", undefined, { handling: queued });
    ana.client.setAlong(circle, typed);
    ana.client.setDraft(circle, "a medio escribir");
    await ana.client.saveDrafts();
    bad.spoils = true;
    void mala.client.renewKeys(circle).catch(() => undefined);
    await until("boris stopped", () => frozen(boris, circle) !== null);
    reconnect(world, ana);
    await until("ana stopped", () => frozen(ana, circle) !== null);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, next)?.status === "active");
    return { ...made, id, next };
  }

  it("is kept and offered, and goes nowhere by itself", async () => {
    const { ana, boris, circle, id, next } = await unsent();
    expect(frozen(ana, circle)?.unsent).toMatchObject([
      { id, text: "en la cola", status: "queued" },
      { id: "draft", text: "a medio escribir", status: "draft" },
    ]);
    expect(ana.client.view().outbox).toBe(0);
    await ana.reopen();
    await ana.client.send(next, "otra cosa");
    await until("read", async () => (await texts(boris.client, next)).length > 0);
    expect(await texts(boris.client, next)).toEqual(["otra cosa"]);
  });

  it("comes into the new thread's draft by one act each, and is sent by another", async () => {
    const { ana, boris, circle, id, next } = await unsent();
    await ana.client.bringUnsent(circle, id, next);
    await ana.client.bringUnsent(circle, "draft", next);
    expect(threadOf(ana.client, next)?.draft).toBe("en la cola\n\na medio escribir");
    expect(frozen(ana, circle)?.unsent).toEqual([]);
    expect(await texts(boris.client, next)).toEqual([]);
  });

  it("comes under the terms that were chosen for it, and undoes none that were chosen there", async () => {
    const { ana, circle, id, next } = await unsent({
      queued: { codes: ["court"] },
      typed: { handling: null, asks: true },
    });
    ana.client.setAlong(next, { handling: { codes: ["onward"] } });
    await ana.client.saveDrafts();
    await ana.client.bringUnsent(circle, id, next);
    await ana.client.bringUnsent(circle, "draft", next);
    expect(threadOf(ana.client, next)?.along).toEqual({
      handling: { codes: ["court", "onward"] },
      asks: true,
    });
  });

  it("is also another text that was being written for a message, under that one's terms", async () => {
    world = await World.make();
    const { ana, boris, mala, bad, circle } = await withMala(world);
    await ana.client.send(circle, "dicho", undefined, { handling: { codes: ["court"] } });
    const seqOf = async () => {
      const line = (await ana.client.lines(circle)).findLast(({ kind }) => kind === "message");
      return line?.kind === "message" && line.message.text === "dicho" ? line.message.seq : null;
    };
    await until("it stands", async () => (await seqOf()) !== null);
    ana.client.setEdit(circle, { seq: (await seqOf()) ?? 0, text: "dicho mejor" });
    await ana.client.saveDrafts();
    bad.spoils = true;
    void mala.client.renewKeys(circle).catch(() => undefined);
    await until("ana stopped", () => frozen(ana, circle) !== null);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, next)?.status === "active");
    expect(frozen(ana, circle)?.unsent).toMatchObject([{ id: "edit", text: "dicho mejor" }]);
    await ana.client.bringUnsent(circle, "edit", next);
    expect(threadOf(ana.client, next)).toMatchObject({
      draft: "dicho mejor",
      along: { handling: { codes: ["court"] } },
    });
    expect(frozen(ana, circle)?.unsent).toEqual([]);
  });

  it("can be thrown away", async () => {
    const { ana, circle, id } = await unsent();
    await ana.client.dropUnsent(circle, id);
    await ana.client.dropUnsent(circle, "draft");
    expect(frozen(ana, circle)?.unsent).toEqual([]);
  });

  it("is not taken into a thread that does not go on from it", async () => {
    const { ana, boris, circle, caseId, id } = await unsent();
    const other = await ana.client.openThread(caseId, "Otro", [boris.person]);
    await expect(ana.client.bringUnsent(circle, id, other)).rejects.toMatchObject({
      code: "thread-not-found",
    });
  });
});

describe("a lying host", () => {
  it("gets nobody into the new thread whom the person did not confirm", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, caseId } = await stoppedByMala(world);
    const stranger = await world.person();
    await ana.client.addPerson(caseId, stranger.person, []);
    const next = await ana.client.continueThread(circle, "Traslado (2)", [boris.person]);
    const file = world.service.files.all[0]?.threads.find((one) => one.circle === next);
    file?.people.push(mala.person, stranger.person);
    world.service.sockets.joined([ana.person, boris.person]);
    await until("ana hears", () => (threadOf(ana.client, next)?.people.length ?? 0) > 2);
    const id = await ana.client.send(next, "solo para Boris", [boris.person]);
    await ana.reopen();
    await until("held", async () =>
      (await ana.client.lines(next)).some(
        (line) =>
          line.kind === "message" && line.message.id === id && line.message.status === "held",
      ),
    );
    const roster = world.service.group(next).roster.map(({ person }) => person);
    expect(new Set(roster)).toEqual(new Set([ana.person, boris.person]));
  });

  it("cannot add to whom the new thread is proposed", async () => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await stoppedByMala(world);
    const stranger = await world.person();
    await ana.client.addPerson(caseId, stranger.person, []);
    const file = world.service.files.all[0]?.threads.find((one) => one.circle === circle);
    file?.people.push(stranger.person);
    await ana.reopen();
    await until("ana hears", () => (threadOf(ana.client, circle)?.people.length ?? 0) > 3);
    expect(frozen(ana, circle)?.proposed).toEqual([boris.person]);
  });

  it("cannot pass another thread off as the new one", async () => {
    world = await World.make();
    const { ana, boris, mala, circle, caseId } = await stoppedByMala(world);
    const other = await ana.client.openThread(caseId, "Con Mala", [boris.person, mala.person]);
    await until("it is there", () => threadOf(ana.client, other)?.status === "active");
    const swap = (client_id: string) => {
      const [file] = world.service.files.all;
      if (file === undefined) throw new Error("no case");
      file.threads = file.threads.map((one) =>
        one.circle === other ? { ...one, client_id } : one,
      );
    };
    world.service.files.opening = swap;
    await expect(
      ana.client.continueThread(circle, "Traslado (2)", [boris.person]),
    ).rejects.toMatchObject({ code: "thread-not-found" });
    expect(threadOf(ana.client, other)?.continues).toBeNull();
    expect(frozen(ana, circle)?.continuedIn).toBeNull();
  });

  it("gains nothing from a member who calls their own thread the one to go on in", async () => {
    world = await World.make();
    const { ana, boris, mala, circle } = await stoppedByMala(world);
    const trap = await boris.client.continueThread(circle, "Trampa", [ana.person, mala.person]);
    await until("ana is in", () => frozen(ana, circle)?.continuations.includes(trap) === true);
    expect(frozen(ana, circle)?.continuedIn).toBeNull();
    expect(ana.client.view().alarm).toBe("thread-frozen");
    // Whom the refused entry came from stays marked, whoever lets them in again.
    expect(frozen(ana, circle)?.leftOut).toEqual([mala.person]);
  });
});
