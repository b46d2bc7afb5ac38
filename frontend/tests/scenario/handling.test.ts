/** Information given under terms: what its readers see, and what it takes to use it elsewhere. */

import { afterEach, describe, expect, it } from "vitest";
import { canonical } from "../../src/canonical";
import { dataOf, digestOf } from "../../src/crypto/content";
import { makeEngine } from "../../src/crypto/engine";
import { type Opened, openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import type { Handling } from "../../src/crypto/handling";
import type { ActLine, Message } from "../../src/effects/shapes";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const COURT: Handling = { codes: ["court"] };
const TERMS: Handling = { codes: ["onward", "conditions"], conditions: "Solo la fiscal Ruiz" };

async function messages(desk: Desk, circle: string): Promise<Message[]> {
  const lines = await desk.client.lines(circle);
  return lines.flatMap((line) => (line.kind === "message" ? [line.message] : []));
}

async function acts(desk: Desk, circle: string): Promise<ActLine[]> {
  const lines = await desk.client.lines(circle);
  return lines.flatMap((line) => (line.kind === "act" ? [line] : []));
}

/** The entry of a message once all have it. */
async function standing(
  all: Desk[],
  circle: string,
  id: string,
): Promise<Message & { seq: number }> {
  let last: Message | undefined;
  for (const desk of all) {
    await until("the message is read", async () => {
      last = (await messages(desk, circle)).find((one) => one.id === id);
      return last?.seq != null;
    });
  }
  return last as Message & { seq: number };
}

async function say(by: Desk, all: Desk[], circle: string, text: string, beside = {}) {
  return standing(all, circle, await by.client.send(circle, text, undefined, beside));
}

/** Ana gives information under terms in a thread with Boris, who has another one with Carla. */
async function given(handling: Handling | null) {
  world = await World.make();
  const { ana, boris, circle, caseId } = await talking(world);
  const carla = await world.person();
  await boris.client.addPerson(caseId, carla.person, []);
  const other = await boris.client.openThread(caseId, "Otro hilo", [carla.person]);
  await until("carla is in", () => threadOf(carla.client, other)?.status === "active");
  const said = await say(ana, [ana, boris], circle, "La placa es P-123", { handling });
  return { ana, boris, carla, circle, other, caseId, seq: said.seq };
}

type Scene = Awaited<ReturnType<typeof given>>;

/** Boris asks; the entry of his asking, once Ana has it. */
async function asked({ ana, boris, circle, other, seq }: Scene): Promise<number> {
  await boris.client.act(circle, seq, {
    kind: "ask-leave",
    use: "thread",
    into: other,
    states: ["SV"],
    reason: "Para la fiscal Carla",
  });
  let ask = 0;
  for (const desk of [ana, boris]) {
    await until("the asking is read", async () => {
      const found = (await acts(desk, circle)).find((one) => one.what === "ask-leave");
      ask = found?.outcome === "done" ? (found.seq ?? 0) : 0;
      return ask > 0;
    });
  }
  return ask;
}

async function answered({ boris, circle }: Scene, what: "given" | "refused"): Promise<void> {
  await until("the answer is read", async () => {
    const found = (await acts(boris, circle)).find((one) => one.what === "ask-leave");
    return found?.asking?.answered === what;
  });
}

async function carriedTo(desk: Desk, { boris, other }: Scene, id: string) {
  const { carried, handling } = await standing([boris, desk], other, id);
  if (carried === undefined) throw new Error("nothing was carried");
  const verdict = await desk.client.judgeCarried(carried, boris.person, other);
  return { carried, handling, verdict };
}

describe("a handling code", () => {
  it("stands at the message and goes with what quotes it", async () => {
    const { ana, boris, circle, seq } = await given(TERMS);
    const answer = await say(boris, [ana, boris], circle, "Recibido", { answers: seq });
    expect(answer.quote).toMatchObject({ person: ana.person, handling: TERMS });
    for (const desk of [ana, boris]) {
      const found = (await messages(desk, circle)).find((one) => one.seq === seq);
      expect(found?.handling).toEqual(TERMS);
    }
  });

  it("goes with what is brought into another thread, and with the author's name", async () => {
    const scene = await given({ codes: ["lawful"] });
    const { ana, boris, carla, circle, other, seq } = scene;
    const id = await boris.client.pass(circle, seq, other, "Vea esto");
    const found = await carriedTo(carla, scene, id);
    expect(found.carried).toMatchObject({ text: "La placa es P-123", person: ana.person });
    expect(found.handling).toEqual({ codes: ["lawful"] });
    expect(found.verdict).toBe("free");
  });
});

describe("restricted information", () => {
  it("leaves its thread in no honest program without leave", async () => {
    const scene = await given(COURT);
    const { boris, circle, other, caseId, seq } = scene;
    await expect(boris.client.pass(circle, seq, other, "Vea")).rejects.toThrow("leave-needed");
    const used = boris.client.used(circle, seq, "request", caseId);
    await expect(used).rejects.toThrow("leave-needed");
  });

  it("goes on with the leave of its author, which everybody there can check", async () => {
    const scene = await given(COURT);
    const { ana, boris, carla, circle, other, seq } = scene;
    await ana.client.answerLeave(circle, await asked(scene), { give: true });
    await answered(scene, "given");
    const id = await boris.client.pass(circle, seq, other, "Vea esto");
    expect(await carriedTo(carla, scene, id)).toMatchObject({ verdict: "leave", handling: COURT });
  });

  it("is given leave for one use, and for no other", async () => {
    const scene = await given(COURT);
    const { ana, boris, circle, caseId, seq } = scene;
    await ana.client.answerLeave(circle, await asked(scene), { give: true });
    await answered(scene, "given");
    const third = await boris.client.openThread(caseId, "Tercero", []);
    for (const [use, into] of [
      ["thread", third],
      ["request", caseId],
    ] as const) {
      await expect(boris.client.used(circle, seq, use, into)).rejects.toThrow("leave-needed");
    }
  });

  it("stays where it is when its author refuses, who says why", async () => {
    const scene = await given(COURT);
    const { ana, boris, circle, other, seq } = scene;
    await ana.client.answerLeave(circle, await asked(scene), {
      reason: "Hay un agente encubierto",
    });
    await answered(scene, "refused");
    const refusal = (await acts(boris, circle)).find((one) => one.what === "refuse-leave");
    expect(refusal).toMatchObject({ text: "Hay un agente encubierto", outcome: "done" });
    await expect(boris.client.pass(circle, seq, other, "Vea")).rejects.toThrow("leave-needed");
  });

  it("needs another leave once it says something else", async () => {
    const scene = await given(COURT);
    const { ana, boris, circle, other, seq } = scene;
    await ana.client.answerLeave(circle, await asked(scene), { give: true });
    await answered(scene, "given");
    await ana.client.act(circle, seq, { kind: "edit", text: "La placa es P-321" });
    await until("boris reads the edit", async () =>
      (await messages(boris, circle)).some((one) => one.text.endsWith("321")),
    );
    await expect(boris.client.pass(circle, seq, other, "Vea")).rejects.toThrow("leave-needed");
  });

  it("is its author's to use, without asking anybody", async () => {
    const { ana, boris, circle, caseId, seq } = await given(COURT);
    const mine = await ana.client.openThread(caseId, "De Ana", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, mine)?.status === "active");
    const id = await ana.client.pass(circle, seq, mine, "Lo mismo aquí");
    const { carried } = await standing([ana, boris], mine, id);
    if (carried === undefined) throw new Error("nothing was carried");
    expect(await boris.client.judgeCarried(carried, ana.person, mine)).toBe("own");
    const ask = { kind: "ask-leave", use: "thread", into: mine, states: [], reason: "x" } as const;
    await expect(ana.client.act(circle, seq, ask)).rejects.toThrow("leave-own");
  });

  it("may be used by the leave of nobody but its author", async () => {
    const scene = await given(COURT);
    const ask = await asked(scene);
    const own = scene.boris.client.answerLeave(scene.circle, ask, { give: true });
    await expect(own).rejects.toThrow("leave-not-yours");
  });

  it("is asked about once and answered once", async () => {
    const scene = await given(COURT);
    const { ana, circle } = scene;
    const ask = await asked(scene);
    await ana.client.answerLeave(circle, ask, { give: true });
    await answered(scene, "given");
    const again = ana.client.answerLeave(circle, ask, { reason: "No" });
    await expect(again).rejects.toThrow("message-act-done");
  });
});

describe("a changed program", () => {
  /** Boris's program says what `forge` makes of his words. */
  async function forged(forge: (opened: Opened) => Opened) {
    world = await World.make();
    const ana = await world.person();
    const carla = await world.person();
    let on = false;
    world.engine = async (check) => {
      const engine = await makeEngine(check);
      const { encrypt } = engine;
      engine.encrypt = (state, plaintext, aad) => {
        if (!on) return encrypt.call(engine, state, plaintext, aad);
        const told = forge(openEnvelope(plaintext));
        const data = canonical(dataOf(told.id, told.content));
        return encrypt.call(engine, state, sealEnvelope(told), data);
      };
      return engine;
    };
    const boris = await world.person();
    world.engine = undefined;
    const caseId = await ana.client.openCase(["SV"], "Caso");
    for (const { person } of [boris, carla]) await ana.client.addPerson(caseId, person, []);
    const circle = await ana.client.openThread(caseId, "Hilo", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, circle)?.status === "active");
    const other = await boris.client.openThread(caseId, "Otro", [carla.person]);
    await until("carla is in", () => threadOf(carla.client, other)?.status === "active");
    const { seq } = await say(ana, [ana, boris], circle, "Secreto", { handling: COURT });
    on = true;
    return { ana, boris, carla, circle, other, caseId, seq };
  }

  const carrying = (author: string, more: object): ((opened: Opened) => Opened) => {
    const at = new Date(0).toISOString();
    const place = { circle: author, seq: 1, id: author, person: author, at };
    const carried = { ...place, text: "Secreto", handling: COURT, ...more };
    return (opened) => ({ ...opened, content: { kind: "text", text: "Vea", carried } as never });
  };

  it("that asks for leave of a text that its author took back is given none", async () => {
    let forge: (opened: Opened) => Opened = (opened) => opened;
    const scene = await forged((opened) => forge(opened));
    const { ana, boris, circle, other, seq } = scene;
    await ana.client.act(circle, seq, { kind: "edit", text: "Corregido" });
    await until("it is read", async () =>
      (await messages(boris, circle)).some((one) => one.text === "Corregido"),
    );
    const digest = await digestOf("Secreto");
    forge = (opened) => ({ ...opened, content: { ...opened.content, digest } as never });
    const asking = { use: "thread", into: other, states: ["SV"], reason: "Para Carla" } as const;
    await boris.client.act(circle, seq, { kind: "ask-leave", ...asking });
    await until("it is refused", async () =>
      (await acts(ana, circle)).some(
        (one) => one.what === "ask-leave" && one.outcome === "refused",
      ),
    );
    expect((await messages(ana, circle)).flatMap((one) => one.leaves ?? [])).toEqual([]);
  });

  it("that names a place where nobody said anything is found out by whoever reads it", async () => {
    let forge: (opened: Opened) => Opened = (opened) => opened;
    const scene = await forged((opened) => forge(opened));
    const { ana, boris, circle, caseId, seq } = scene;
    const both = await ana.client.openThread(caseId, "De los dos", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, both)?.status === "active");
    const judged = async (at: number, more = {}) => {
      const words = { text: "Ana confiesa", handling: { codes: ["lawful"] } };
      forge = carrying(ana.person, { circle, seq: at, ...words, ...more });
      const id = await boris.client.send(both, "Vea");
      const { carried } = await standing([ana], both, id);
      if (carried === undefined) throw new Error("nothing was carried");
      return ana.client.judgeCarried(carried, boris.person, both);
    };
    expect(await judged(seq - 1)).toBe("differs");
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await until("it is withdrawn", async () =>
      (await messages(ana, circle)).some((one) => one.withdrawn !== undefined),
    );
    expect(await judged(seq)).toBe("differs");
  });

  it("that brings it without leave is shown as that", async () => {
    let forge: (opened: Opened) => Opened = (opened) => opened;
    const scene = await forged((opened) => forge(opened));
    forge = carrying(scene.ana.person, {});
    const id = await scene.boris.client.send(scene.other, "Vea");
    expect((await carriedTo(scene.carla, scene, id)).verdict).toBe("without");
  });

  it("that makes up a leave gains nothing by it", async () => {
    let forge: (opened: Opened) => Opened = (opened) => opened;
    const scene = await forged((opened) => forge(opened));
    const { ana, boris, carla, circle } = scene;
    const device = (await messages(ana, circle))[0]?.device;
    const leave = { ask: ana.person, device, signature: "A".repeat(86) };
    forge = carrying(ana.person, { leave });
    const id = await boris.client.send(scene.other, "Vea");
    expect((await carriedTo(carla, scene, id)).verdict).toBe("without");
  });

  it("that changes the words or drops the code is found out by whoever reads both threads", async () => {
    let forge: (opened: Opened) => Opened = (opened) => opened;
    const scene = await forged((opened) => forge(opened));
    const { ana, boris, circle, caseId, seq } = scene;
    const both = await ana.client.openThread(caseId, "De los dos", [boris.person]);
    await until("boris is in", () => threadOf(boris.client, both)?.status === "active");
    const first = (await messages(ana, circle)).find((one) => one.seq === seq);
    const LAWFUL: Handling = { codes: ["lawful"] };
    for (const more of [{ text: "Otra cosa" }, { handling: LAWFUL }]) {
      forge = carrying(ana.person, { circle, seq, id: first?.id, ...more });
      const id = await boris.client.send(both, "Vea");
      const { carried } = await standing([ana], both, id);
      if (carried === undefined) throw new Error("nothing was carried");
      expect(await ana.client.judgeCarried(carried, boris.person, both)).toBe("differs");
    }
  });
});
