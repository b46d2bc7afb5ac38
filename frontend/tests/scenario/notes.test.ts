/** First-line information: who reads it, what leaves when, and what becomes of it. */

import { afterEach, describe, expect, it } from "vitest";
import type { Handling } from "../../src/crypto/handling";
import type { NoteView } from "../../src/effects/noteViews";
import { hostile } from "./hostile";
import { type Desk, texts, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const ONWARD: Handling = { codes: ["onward"] };
const SAID = "Camión blanco, placa P-123, pasó el martes";

/** Ana of SV has a case with Sara of SV; Boris of MX is in none. */
async function scene() {
  world = await World.make();
  const ana = await world.person();
  const sara = await world.person();
  const boris = await world.person("MX");
  const caseId = await ana.client.openCase(["SV"], "Caso Río");
  await ana.client.addPerson(caseId, sara.person, []);
  return { ana, sara, boris, caseId };
}

type Scene = Awaited<ReturnType<typeof scene>>;

function tell({ ana, caseId }: Pick<Scene, "ana" | "caseId">, people: string[], id?: string) {
  return ana.client.notes.send(id ?? crypto.randomUUID(), {
    caseId,
    state: "MX",
    people,
    subject: "Ruta por El Amatillo",
    text: SAID,
    handling: ONWARD,
  });
}

function noteOf(desk: Desk, id: string): NoteView | undefined {
  return desk.client.view().notes.find((one) => one.id === id);
}

async function told(at: Scene): Promise<{ id: string; circle: string }> {
  const id = await tell(at, [at.boris.person]);
  const circle = noteOf(at.ana, id)?.thread.circle ?? "";
  await until("boris reads it", async () => {
    const note = noteOf(at.boris, id);
    return note?.thread.name !== null && (await texts(at.boris.client, circle)).includes(SAID);
  });
  return { id, circle };
}

describe("a note", () => {
  it("is read under its terms by whom it is for, who sees nothing of the case", async () => {
    const at = await scene();
    const { id, circle } = await told(at);
    const [line] = (await at.boris.client.lines(circle)).filter(({ kind }) => kind === "message");
    expect(line?.kind === "message" && line.message.handling).toEqual(ONWARD);
    expect(at.boris.client.view().cases).toEqual([]);
    const received = noteOf(at.boris, id);
    expect([received?.sent, received?.caseId, received?.caseReference]).toEqual([false, null, ""]);
    expect(received?.thread.name).toBe("Ruta por El Amatillo");
    const sent = noteOf(at.ana, id);
    expect([sent?.sent, sent?.caseId, sent?.waits]).toEqual([true, at.caseId, null]);
    expect(at.ana.client.view().unsentNotes).toEqual([]);
    expect([at.ana.errors, at.boris.errors]).toEqual([[], []]);
  });

  it("is sent to nobody whose signed designation does not say that they are a focal point", async () => {
    const at = await scene();
    await world.authority.reassign(at.boris.person, ["liaison"], true, ["signatory"]);
    await expect(tell(at, [at.boris.person])).rejects.toMatchObject({ code: "note-person" });
    expect(at.ana.client.view().unsentNotes).toEqual([]);
    await world.authority.reassign(at.boris.person, ["liaison"], true, ["focal-point"]);
    await told(at);
  });

  it("is not there for others of the case, nor among its threads", async () => {
    const at = await scene();
    const { circle } = await told(at);
    expect(at.sara.client.view().notes).toEqual([]);
    const threads = at.ana.client.view().cases.flatMap((one) => one.threads);
    expect(threads.map((one) => one.circle)).not.toContain(circle);
  });

  it("is answered in its own circle", async () => {
    const at = await scene();
    const { circle } = await told(at);
    await at.boris.client.send(circle, "Lo tenemos visto");
    await until("ana reads the answer", async () =>
      (await texts(at.ana.client, circle)).includes("Lo tenemos visto"),
    );
  });

  it("is found by its words on both sides", async () => {
    const at = await scene();
    const { circle } = await told(at);
    for (const { client } of [at.ana, at.boris]) {
      await until("it is indexed", async () => {
        const { hits } = await client.search({ text: "camion", limit: 5 });
        return hits.some((hit) => hit.circle === circle);
      });
    }
  });

  it("leaves when the first of its readers has a device, not before", async () => {
    const at = await scene();
    const carlos = await world.authority.addPerson(undefined, "MX");
    const reached = () => [carlos, at.boris.person].map((one) => at.ana.client.notes.reaches(one));
    expect(reached()).toEqual([false, true]);
    const id = await tell(at, [carlos]);
    expect(noteOf(at.ana, id)?.waits).toBe(SAID);
    const circle = noteOf(at.ana, id)?.thread.circle ?? "";
    expect(await texts(at.ana.client, circle)).toEqual([]);
    const desk = await world.device(carlos);
    await until("carlos reads it", async () => {
      world.service.tellHeads();
      return (
        noteOf(desk, id)?.thread.status === "active" &&
        (await texts(desk.client, circle)).includes(SAID)
      );
    });
    expect(noteOf(at.ana, id)?.waits).toBeNull();
    expect(reached()).toEqual([true, true]);
  });

  it("has left when its sending is over, if somebody of those chosen has a device", async () => {
    const at = await scene();
    const id = await tell(at, [at.boris.person]);
    expect(noteOf(at.ana, id)?.waits).toBeNull();
  });

  it("is said once, though its dialog sends it again after it has left", async () => {
    const at = await scene();
    const intent = crypto.randomUUID();
    const id = await tell(at, [at.boris.person], intent);
    const circle = noteOf(at.ana, id)?.thread.circle ?? "";
    await until("it is read", async () => (await texts(at.boris.client, circle)).length > 0);
    await at.ana.reopen();
    await until("notes", () => noteOf(at.ana, id) !== undefined);
    expect(at.ana.client.notes.left(intent)).toBe(true);
    await expect(tell(at, [at.boris.person], intent)).rejects.toMatchObject({
      code: "already-sent",
    });
    await at.boris.client.send(circle, "recibido");
    await until("answered", async () => (await texts(at.ana.client, circle)).includes("recibido"));
    expect(await texts(at.boris.client, circle)).toEqual([SAID, "recibido"]);
  });

  it("is one, however often it was begun and whatever was lost on the way", async () => {
    const at = await scene();
    for (const lost of ["request", "answer"] as const) {
      for (const call of ["sendNote", "createThread", "commit"]) {
        const id = crypto.randomUUID();
        let faults = 1;
        world.service.fault = (name) => {
          if (name !== call || faults === 0) return undefined;
          faults -= 1;
          return lost;
        };
        await tell(at, [at.boris.person], id).catch(() => undefined);
        await at.ana.reopen();
        await until("all is sent", () => at.ana.client.view().unsentNotes.length === 0);
        await until("nothing waits", () =>
          at.ana.client.view().notes.every(({ waits }) => waits === null),
        );
      }
    }
    expect(world.service.notes.all.length).toBe(6);
    for (const { row } of world.service.notes.all) {
      await until("it is read", async () => {
        const reads = noteOf(at.boris, row.id)?.thread.status === "active";
        return reads && (await texts(at.boris.client, row.circle)).length > 0;
      });
      expect(await texts(at.boris.client, row.circle)).toEqual([SAID]);
    }
  });
});

describe("a note that stopped", () => {
  it("is no alarm any more once its sender told the others anew, and these went along", async () => {
    const { ana, caseId } = await scene();
    const bad = hostile();
    world.engine = bad.engine;
    const mala = await world.person("MX");
    world.engine = undefined;
    const carla = await world.person("MX");
    const first = await tell({ ana, caseId }, [mala.person, carla.person]);
    const circle = noteOf(ana, first)?.thread.circle ?? "";
    for (const { client } of [mala, carla]) {
      await until("it is read", async () => (await texts(client, circle)).includes(SAID));
    }
    bad.lies = true;
    await mala.client.send(circle, "otra historia");
    for (const desk of [ana, carla]) {
      await until("it stops", () => noteOf(desk, first)?.thread.status === "frozen");
      expect(desk.client.view().alarm).toBe("thread-frozen");
    }
    const people = noteOf(ana, first)?.thread.frozen?.proposed ?? [];
    expect(people).toEqual([carla.person]);
    const wish = { caseId, state: "MX", people, subject: "Ruta (2)", text: SAID, handling: null };
    const id = crypto.randomUUID();
    const next = await ana.client.notes.send(id, { ...wish, continues: circle });
    await until("ana's is over", () => ana.client.view().alarm === null);
    const into = noteOf(ana, next)?.thread.circle ?? "";
    await until(
      "carla sees it",
      () => noteOf(carla, first)?.thread.frozen?.continuations.includes(into) === true,
    );
    await carla.client.goOnIn(circle, into);
    await until("carla's too", () => carla.client.view().alarm === null);
    expect(noteOf(mala, next)).toBeUndefined();
  });
});

describe("a note that is refused", () => {
  it("is kept with what was typed, and sent again only when its author says so", async () => {
    const at = await scene();
    const id = crypto.randomUUID();
    world.service.notes.refusing = "person-limited";
    await expect(tell(at, [at.boris.person], id)).rejects.toThrow("person-limited");
    world.service.notes.refusing = null;
    await at.ana.reopen();
    await until("online", () => at.ana.client.view().connection === "online");
    const [kept, ...more] = at.ana.client.view().unsentNotes;
    expect(more).toEqual([]);
    expect([kept?.id, kept?.text, kept?.refused]).toEqual([id, SAID, "person-limited"]);
    expect(world.service.notes.all).toEqual([]);
    await tell(at, [at.boris.person], id);
    expect(at.ana.client.view().unsentNotes).toEqual([]);
    expect(world.service.notes.all.length).toBe(1);
  });

  it("is forgotten when its author says so, and not once it was sent", async () => {
    const at = await scene();
    const id = crypto.randomUUID();
    world.service.notes.refusing = "note-nobody";
    await expect(tell(at, [at.boris.person], id)).rejects.toThrow("note-nobody");
    await at.ana.client.notes.discard(id);
    expect(at.ana.client.view().unsentNotes).toEqual([]);
    world.service.notes.refusing = null;
    const begun = crypto.randomUUID();
    await tell(at, [at.boris.person], begun);
    await expect(at.ana.client.notes.discard(begun)).rejects.toThrow("already-sent");
  });
});

describe("what its receiver says of it", () => {
  it("is seen by its sender: acknowledged, joined to a case, used, led to a request", async () => {
    const at = await scene();
    const { id } = await told(at);
    const { notes } = at.boris.client;
    const theirs = await at.boris.client.openCase(["MX"], "Caso Frontera");
    const acts: [NoteView["step"], () => Promise<void>][] = [
      ["acknowledged", () => notes.acknowledge(id)],
      ["joined", () => notes.join(id, theirs)],
      ["used", () => notes.use(id)],
      ["led", () => notes.lead(id)],
    ];
    for (const [step, act] of acts) {
      await act();
      expect(noteOf(at.boris, id)?.step).toBe(step);
      await until(`ana sees it ${step}`, () => noteOf(at.ana, id)?.step === step);
    }
    expect(noteOf(at.boris, id)?.caseId).toBe(theirs);
    expect(noteOf(at.ana, id)?.caseId).toBe(at.caseId);
  });

  it("is that it is declined, with a reason's code; its words stand in the circle", async () => {
    const at = await scene();
    const { id, circle } = await told(at);
    await at.boris.client.notes.decline(id, "not-competent");
    await at.boris.client.send(circle, "Corresponde a la PDH");
    await until("ana sees it", () => noteOf(at.ana, id)?.step === "declined");
    expect(noteOf(at.ana, id)?.reason).toBe("not-competent");
    await expect(at.boris.client.notes.use(id)).rejects.toThrow("note-over");
    await expect(at.ana.client.notes.use(id)).rejects.toThrow("note-not-yours");
  });
});
