/** An informal consultation: who reads it, what leaves when, and how its answer is signed. */

import { afterEach, describe, expect, it } from "vitest";
import { isOpinion, type Opinion } from "../../src/crypto/opinion";
import type { NoteView } from "../../src/effects/noteViews";
import { draftOf, requestOf, watch } from "./drafting";
import { reconnect } from "./hostile";
import { type Desk, texts, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const SUMMARY = "canario-c0n5-Tres personas cruzaron por La Hachadura";
const WORDS = "canario-c0n5-Falta la fecha";

/** Ana of SV has a request to MX whose version was screened; Boris of MX is in no case. */
async function scene() {
  world = await World.make();
  const ana = await world.person();
  const boris = await world.person("MX");
  const caseId = await ana.client.openCase(["SV"], "Caso Río");
  const id = await ana.client.draftRequest(caseId, "Registros", draftOf("Pasó el martes"), []);
  await until("the first version is there", () => requestOf(ana, id)?.version === 1);
  world.service.requests.file(id).row.stage = "self_check";
  return { ana, boris, caseId, id };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function asked({ ana, boris, caseId, id }: Scene): Promise<string> {
  await ana.client.notes.send(crypto.randomUUID(), {
    caseId,
    state: "MX",
    people: [boris.person],
    subject: "Registros bancarios",
    text: SUMMARY,
    handling: { codes: ["onward"] },
    asks: { request: id, version: 1, questions: ["offence", "nexus"] },
  });
  const circle = consultationOf(ana)?.thread.circle ?? "";
  await until("boris reads it", async () => (await texts(boris.client, circle)).includes(SUMMARY));
  return circle;
}

function consultationOf(desk: Desk): NoteView | undefined {
  return desk.client.view().notes.find((one) => one.consultation !== null);
}

function opinion(about: string): Opinion {
  return {
    about,
    outcome: "with_changes",
    answers: [{ question: "offence", answer: "yes", words: "art. 159" }],
    points: [{ rule: "URG-DATE", words: WORDS }],
  };
}

/** The message in which ana asked, as boris has it. */
async function askingOf({ boris }: Scene, circle: string) {
  const [line] = (await boris.client.lines(circle)).filter(({ kind }) => kind === "message");
  if (line?.kind !== "message") throw new Error("nothing was asked");
  return line.message;
}

async function answer(at: Scene, circle: string): Promise<string> {
  const { id } = await askingOf(at, circle);
  const which = consultationOf(at.boris)?.id ?? "";
  const said = [opinion(id), WORDS, [at.ana.person]] as const;
  await at.boris.client.consulting.answer(circle, which, ...said);
  return id;
}

const anaReads = ({ ana }: Scene, circle: string, words: string) =>
  until("ana reads it", async () => (await texts(ana.client, circle)).includes(words));

/** What the server tells ana of what she asked. */
function toldOf({ ana, id }: Scene) {
  const [told] = requestOf(ana, id)?.consultations ?? [];
  if (told === undefined) throw new Error("nothing is told");
  return told;
}

describe("a consultation", () => {
  it("is read under its terms by whom it is put to, who sees neither request nor case", async () => {
    const at = await scene();
    world.service.seen = [];
    const circle = await asked(at);
    expect(at.boris.client.view()).toMatchObject({ cases: [], requests: [] });
    const theirs = consultationOf(at.boris);
    expect(theirs).toMatchObject({ sent: false, caseId: null });
    expect(theirs?.consultation).toMatchObject({ request: null, questions: ["offence", "nexus"] });
    expect(consultationOf(at.ana)).toMatchObject({ sent: true, caseId: at.caseId, waits: null });
    const [line] = (await at.boris.client.lines(circle)).filter(({ kind }) => kind === "message");
    expect(line?.kind === "message" && line.message.handling).toEqual({ codes: ["onward"] });
    await until(
      "the request waits",
      () => requestOf(at.ana, at.id)?.stage === "informal_consultation",
    );
    expect(world.service.seen.join("\n")).not.toContain("canario-c0n5");
    expect([at.ana.errors, at.boris.errors]).toEqual([[], []]);
  });

  it("is answered by a signed message that its outcome names", async () => {
    const at = await scene();
    const circle = await asked(at);
    world.service.seen = [];
    const id = await answer(at, circle);
    await until("ana is told", () => requestOf(at.ana, at.id)?.stage === "needs_changes");
    const [told] = requestOf(at.ana, at.id)?.consultations ?? [];
    expect(told).toMatchObject({ outcome: "with_changes", answerer: at.boris.person });
    await until("ana reads the answer", async () =>
      (await at.ana.client.lines(circle)).some(
        (line) =>
          line.kind === "message" &&
          line.message.id === told?.answer &&
          isOpinion(line.message.consult) &&
          line.message.consult.about === id,
      ),
    );
    expect(world.service.seen.join("\n")).not.toContain("canario-c0n5");
    await expect(answer(at, circle)).rejects.toMatchObject({ code: "consultation-over" });
    expect([at.ana.errors, at.boris.errors]).toEqual([[], []]);
  });

  it("is answered once, though the answer to that was lost", async () => {
    const at = await scene();
    const circle = await asked(at);
    world.service.fault = (name) => (name === "answerConsultation" ? "answer" : undefined);
    await expect(answer(at, circle)).rejects.toThrow();
    world.service.fault = () => undefined;
    await at.boris.reopen();
    await anaReads(at, circle, WORDS);
    expect((await texts(at.ana.client, circle)).filter((one) => one === WORDS)).toEqual([WORDS]);
  });

  it("that waits for the network is answered anew: the newest leaves, and no other", async () => {
    const { at, circle, tried } = await toTry();
    world.service.fault = (name) => (name === "answerConsultation" ? "request" : undefined);
    await expect(tried("unlikely", "con prisa")).rejects.toThrow();
    await expect(tried("favourable", "con calma")).rejects.toThrow();
    expect(consultationOf(at.boris)?.consultation?.waits).toBe(true);
    world.service.fault = () => undefined;
    await at.boris.reopen();
    await anaReads(at, circle, "con calma");
    expect(await texts(at.ana.client, circle)).not.toContain("con prisa");
    expect(requestOf(at.ana, at.id)?.consultations).toMatchObject([{ outcome: "favourable" }]);
    expect(consultationOf(at.boris)?.consultation?.waits).toBe(false);
  });

  /** What boris answers with, of one outcome and in these words. */
  async function trying(at: Scene, circle: string) {
    const { id } = await askingOf(at, circle);
    const which = consultationOf(at.boris)?.id ?? "";
    return (outcome: Opinion["outcome"], words: string) =>
      at.boris.client.consulting.answer(circle, which, { ...opinion(id), outcome }, words, [
        at.ana.person,
      ]);
  }

  /** A scene in which ana asked, and boris can answer. */
  async function toTry() {
    const at = await scene();
    const circle = await asked(at);
    return { at, circle, tried: await trying(at, circle) };
  }

  const giveUp = (at: Scene) =>
    at.boris.client.consulting.giveUp(consultationOf(at.boris)?.id ?? "");

  /** The same, after the server took "unlikely" from him, its answer was lost and he gave it up. */
  async function takenUnseen() {
    const found = await toTry();
    world.service.fault = (name) => (name === "answerConsultation" ? "answer" : undefined);
    await expect(found.tried("unlikely", "con prisa")).rejects.toThrow();
    await giveUp(found.at);
    world.service.fault = () => undefined;
    return found;
  }

  it("that is given up while it waits leaves never, and the next one is the answer", async () => {
    const { at, circle, tried } = await toTry();
    world.service.fault = (name) => (name === "answerConsultation" ? "request" : undefined);
    await expect(tried("unlikely", "con prisa")).rejects.toThrow();
    await giveUp(at);
    expect(consultationOf(at.boris)?.consultation?.waits).toBe(false);
    world.service.fault = () => undefined;
    await at.boris.reopen();
    expect(consultationOf(at.boris)?.consultation?.outcome).toBe("");
    await tried("favourable", "con calma");
    await anaReads(at, circle, "con calma");
    expect(await texts(at.ana.client, circle)).not.toContain("con prisa");
    expect(requestOf(at.ana, at.id)?.consultations).toMatchObject([{ outcome: "favourable" }]);
  });

  it("that was taken before it was given up says the words of the next one", async () => {
    const { at, circle, tried } = await takenUnseen();
    //  the outcome that was taken stays
    await expect(tried("favourable", "otra cosa")).rejects.toThrow("consultation-over");
    expect(consultationOf(at.boris)?.consultation?.outcome).toBe("unlikely");
    await tried("unlikely", "con calma");
    await anaReads(at, circle, "con calma");
    expect(await texts(at.ana.client, circle)).not.toContain("otra cosa");
    const told = toldOf(at);
    expect(await at.ana.client.consulting.heard(at.id, told)).toMatchObject({
      opinion: { outcome: "unlikely" },
    });
    await expect(tried("unlikely", "una vez más")).rejects.toThrow("consultation-over");
  });

  it("is corrected at once where the server has taken the same outcome already", async () => {
    const { at, circle, tried } = await takenUnseen();
    await tried("unlikely", "con calma");
    await anaReads(at, circle, "con calma");
  });

  it("whose words were lost after its outcome was taken is said again under the same id", async () => {
    const { at, circle, tried } = await toTry();
    world.service.fault = (name, person) =>
      person === at.boris.person && name !== "answerConsultation" ? "request" : undefined;
    world.service.sockets.cut(at.boris.person);
    await until("boris is offline", () => at.boris.client.view().connection === "offline");
    await tried("favourable", "perdidas");
    const row = consultationOf(at.boris)?.consultation;
    expect(row?.outcome).toBe("favourable");
    await at.boris.client.discard(circle, row?.answer ?? "");
    reconnect(world, at.boris);
    await tried("favourable", "encontradas");
    await anaReads(at, circle, "encontradas");
    expect(await texts(at.ana.client, circle)).not.toContain("perdidas");
    const told = toldOf(at);
    expect(told.answer).toBe(row?.answer);
    expect(await at.ana.client.consulting.heard(at.id, told)).not.toBeNull();
  });

  it("leaves no outcome behind where what it says is too long", async () => {
    const at = await scene();
    const circle = await asked(at);
    const { id } = await askingOf(at, circle);
    const which = consultationOf(at.boris)?.id ?? "";
    const long = "x".repeat(16_000);
    const said = { ...opinion(id), points: [{ rule: "URG-DATE", words: long }] };
    await expect(
      at.boris.client.consulting.answer(circle, which, said, long, [at.ana.person]),
    ).rejects.toMatchObject({ code: "message-too-long" });
    expect(consultationOf(at.boris)?.consultation?.outcome).toBe("");
  });

  it("ends without an answer when whoever asked goes on", async () => {
    const at = await scene();
    await asked(at);
    await at.ana.client.consulting.end(at.id, consultationOf(at.ana)?.id ?? "");
    expect(requestOf(at.ana, at.id)).toMatchObject({
      stage: "self_check",
      consultations: [{ outcome: "withdrawn" }],
    });
    await until("boris is told", () => {
      return consultationOf(at.boris)?.consultation?.outcome === "withdrawn";
    });
  });

  it("is about what this device was given, whatever the draft says by now", async () => {
    const at = await scene();
    const { last } = watch(at.ana, at.id);
    await until("the draft is here", () => last() !== null);
    const [first] = world.service.requests.file(at.id).versions;
    if (first === undefined) throw new Error("no version");
    world.service.requests.swap = () => ({ ...first, body: new Uint8Array(8) });
    await expect(asked(at)).rejects.toMatchObject({ code: "version-behind" });
  });
});

describe("what a draft may take of a consultation", () => {
  /** A consultation that was answered and read, and what the server truly tells of it. */
  async function answered() {
    const at = await scene();
    const circle = await asked(at);
    await answer(at, circle);
    await until("it is read", async () => (await texts(at.ana.client, circle)).includes(WORDS));
    await until("ana is told", () => requestOf(at.ana, at.id)?.stage === "needs_changes");
    const told = toldOf(at);
    return { at, told };
  }

  it("is what was signed, by its author, whoever the server says it was", async () => {
    const { at, told } = await answered();
    const heard = await at.ana.client.consulting.heard(at.id, { ...told, answerer: at.ana.person });
    expect(heard).toMatchObject({ by: at.boris.person, opinion: { outcome: "with_changes" } });
  });

  const ID = crypto.randomUUID();
  it.each([
    ["an outcome that nobody signed", { outcome: "favourable" }],
    ["an outcome without an answer", { outcome: "favourable", answer: null, answerer: null }],
    ["an answer that is not here", { answer: ID }],
    ["an answer in another circle", { circle: ID }],
    ["an answer about another version", { version: 2 }],
    ["an answer about other bytes", { digest: "0".repeat(64) }],
    ["an answer of another State", { state: "GT" }],
    ["silence before its term is over", { outcome: "not_answered", answer: null }],
    ["an outcome that this program does not know", { outcome: "constructor" }],
  ])("is not %s", async (_what, lie) => {
    const { at, told } = await answered();
    expect(await at.ana.client.consulting.heard(at.id, { ...told, ...lie })).toBeNull();
  });

  /** From now on the directory enters what comes after all that was said. */
  const later = () => {
    world.authority.directory.last = Date.now() + 2_000;
  };
  /** Ana has followed the directory to its end: whom she tells is looked up first. */
  const looked = ({ ana, caseId }: Scene) =>
    expect(
      ana.client.notes.send(ID, {
        ...{ caseId, state: "MX", people: [ID], subject: "", text: "" },
        handling: { codes: ["onward"] },
      }),
    ).rejects.toMatchObject({ code: "note-person" });
  const FOCAL = ["focal-point"];
  const SIGNS = ["signatory"];
  it.each([
    ["who lost the function since", FOCAL, SIGNS, true],
    ["who has it only since", SIGNS, FOCAL, false],
  ])("is an answer of somebody %s: %#", async (_who, then, since, counts) => {
    const at = await scene();
    await world.authority.reassign(at.boris.person, ["liaison"], true, FOCAL);
    const circle = await asked(at);
    await world.authority.reassign(at.boris.person, ["liaison"], true, then);
    await answer(at, circle);
    await anaReads(at, circle, WORDS);
    later();
    await world.authority.reassign(at.boris.person, ["liaison"], true, since);
    await looked(at);
    const heard = await at.ana.client.consulting.heard(at.id, toldOf(at));
    expect(heard !== null).toBe(counts);
  });

  it("is an answer of somebody who has left since", async () => {
    const { at, told } = await answered();
    at.boris.kill();
    for (const { row } of world.service.notes.consultations.all) row.people = [at.ana.person];
    world.service.sockets.joined([at.ana.person]);
    const readers = () => consultationOf(at.ana)?.thread.readers.map(({ person }) => person);
    await until("boris is out", () => readers()?.includes(at.boris.person) === false);
    expect(await at.ana.client.consulting.heard(at.id, told)).toMatchObject({
      by: at.boris.person,
    });
  });

  it("is no answer about another request", async () => {
    const { at, told } = await answered();
    expect(await at.ana.client.consulting.heard(ID, told)).toBeNull();
  });

  it("is nothing to who drafts with the asker, and asked nobody", async () => {
    const { at, told } = await answered();
    expect(await at.boris.client.consulting.heard(at.id, told)).toBeNull();
  });

  it("is silence, once its term is over", async () => {
    const { at, told } = await answered();
    const due = "2026-01-01T00:00:00Z";
    const silent = { ...told, outcome: "not_answered", answer: null, answerer: null, due };
    expect(await at.ana.client.consulting.heard(at.id, silent)).toMatchObject({ opinion: null });
  });
});
