/**
 * Changes of a message that no reader takes: its author's that are none, and others'. They change
 * nothing, and bar nobody from carrying the message to a court or giving it to whoever comes later.
 */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonical } from "../../src/canonical";
import { makeEngine } from "../../src/crypto/engine";
import { type Opened, openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import { checkExport } from "../../src/verify/court/file";
import { ask, begin, codes, make, own, said } from "./courtRoom";
import { give, messages } from "./history";
import { acts, at, say } from "./said";
import { type Desk, threadOf, until, World } from "./world";

type Made = { act: string; about: number; plaintext: Uint8Array };

let world: World;
/** What the program that says "x" makes of it. */
let bent: ((opened: Opened) => Made) | null;

beforeEach(async () => {
  world = await World.make();
  bent = null;
  world.engine = async (check) => {
    const engine = await makeEngine(check);
    const { encrypt } = engine;
    engine.encrypt = (state, plaintext, aad) => {
      const opened = openEnvelope(plaintext);
      const { content, id } = opened;
      if (bent === null || content.kind !== "text" || content.text !== "x")
        return encrypt.call(engine, state, plaintext, aad);
      const { act, about, plaintext: made } = bent(opened);
      const data = canonical({ about, act, client_msg_id: id, v: 2 });
      return encrypt.call(engine, state, made, data);
    };
    return engine;
  };
});
afterEach(() => world.close());

/** Post it as somebody's changed program, and wait until `others` have it. */
async function post(by: Desk, others: Desk[], circle: string, made: (opened: Opened) => Made) {
  bent = made;
  const id = await by.client.send(circle, "x");
  for (const desk of others) {
    await until("it is there", async () => {
      const all = [...(await acts(desk, circle)), ...(await messages(desk, circle))];
      return all.some((one) => one.id === id && one.seq !== null);
    });
  }
  bent = null;
}

async function comesLater(by: Desk, others: Desk[], circle: string, caseId: string) {
  const carla = await world.person();
  await by.client.addPerson(caseId, carla.person, [circle]);
  await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
  for (const desk of others) {
    await until("the others know", async () =>
      (await desk.client.historyLacking(circle)).includes(carla.person),
    );
  }
  return carla;
}

/** What somebody's export shows, once it is known to be sound. */
async function exported(desk: Desk, circle: string) {
  await ask(desk, circle);
  const verdict = await checkExport(await make(desk), await own(world));
  expect(codes(verdict)).toEqual([]);
  return said(verdict);
}

const uuid = () => crypto.randomUUID();
const edit = (about: number, id: string) => ({ kind: "edit" as const, about, id, text: "x" });

/** What stands inside an edit of the message at `seq`, whose id is `id`, that is none. */
const NONE: readonly [string, (opened: Opened, seq: number, id: string) => Uint8Array][] = [
  ["names another id", (one, seq) => sealEnvelope({ ...one, content: edit(seq, uuid()) })],
  ["is of another entry", (one, seq, id) => sealEnvelope({ ...one, content: edit(seq - 1, id) })],
  ["is no edit", (one) => sealEnvelope(one)],
  [
    "is of another thread",
    (one, seq, id) => sealEnvelope({ ...one, thread: uuid(), content: edit(seq, id) }),
  ],
  ["cannot be read", () => new Uint8Array(100).fill(0x80)],
];

describe("an edit by a message's own author that", () => {
  it.each(NONE)("%s bars its message from nothing", async (_what, inside) => {
    const { ana, boris, circle, caseId, all } = await begin(world);
    const seq = await say(ana, all, circle, "Llega el martes");
    const id = (await at(boris, circle, seq))?.id ?? "";
    await post(ana, [boris], circle, (opened) => ({
      act: "edit",
      about: seq,
      plaintext: inside(opened, seq, id),
    }));
    await say(boris, all, circle, "Recibido");
    expect((await at(boris, circle, seq))?.text).toBe("Llega el martes");
    expect(await exported(boris, circle)).toEqual(["Llega el martes", "Recibido"]);
    const carla = await comesLater(ana, [boris], circle, caseId);
    await give(boris, { ana, boris, carla, circle, caseId });
    const given = async () => (await messages(carla, circle)).map(({ text }) => text);
    expect(await given()).toEqual(["Llega el martes", "Recibido"]);
    expect(await exported(carla, circle)).toEqual(["Llega el martes", "Recibido"]);
    // Whoever was given it gives it on.
    const dora = await comesLater(ana, [carla], circle, caseId);
    await give(carla, { ana, boris, carla: dora, circle, caseId });
    expect((await messages(dora, circle)).map(({ text }) => text)).toContain("Llega el martes");
  });
});

describe("a change of somebody else's message, which a host has taken all the same,", () => {
  const made = (act: "edit" | "withdraw", seq: number, id: string) => (opened: Opened) => {
    const content = act === "edit" ? edit(seq, id) : { kind: act, about: seq, id };
    return { act, about: seq, plaintext: sealEnvelope({ ...opened, content }) };
  };

  it.each(["withdraw", "edit"] as const)("bars it from no export: %s", async (act) => {
    const { ana, boris, circle, all } = await begin(world);
    const seq = await say(ana, all, circle, "Llega el martes");
    const id = (await at(boris, circle, seq))?.id ?? "";
    await post(boris, [ana], circle, made(act, seq, id));
    await say(ana, all, circle, "Lo dicho", { answers: seq });
    expect((await acts(ana, circle)).at(-1)).toMatchObject({ why: "message-not-yours" });
    expect(await exported(ana, circle)).toEqual(["Llega el martes", "Lo dicho"]);
  });

  it.each(["withdraw", "edit"] as const)("before somebody came: %s", async (act) => {
    const { ana, boris, circle, caseId, all } = await begin(world);
    const seq = await say(ana, all, circle, "Llega el martes");
    await say(ana, all, circle, "Lo dicho", { answers: seq });
    const id = (await at(boris, circle, seq))?.id ?? "";
    await post(boris, [ana], circle, made(act, seq, id));
    const carla = await comesLater(ana, [ana], circle, caseId);
    await give(ana, { ana, boris, carla, circle, caseId });
    const given = (await messages(carla, circle)).map(({ text, quote }) => [text, quote?.excerpt]);
    expect(given).toEqual([
      ["Llega el martes", undefined],
      ["Lo dicho", "Llega el martes"],
    ]);
    expect(await exported(carla, circle)).toEqual(["Llega el martes", "Lo dicho"]);
  });

  it.each(["withdraw", "edit"] as const)("after somebody came: %s", async (act) => {
    const { ana, boris, circle, caseId, all } = await begin(world);
    const seq = await say(ana, all, circle, "Llega el martes");
    await say(ana, all, circle, "Lo dicho", { answers: seq });
    const id = (await at(boris, circle, seq))?.id ?? "";
    const carla = await comesLater(ana, [ana], circle, caseId);
    await post(boris, [ana, carla], circle, made(act, seq, id));
    await give(ana, { ana, boris, carla, circle, caseId });
    const texts = ["Llega el martes", "Lo dicho"];
    expect((await messages(carla, circle)).map(({ text }) => text)).toEqual(texts);
    expect(await exported(carla, circle)).toEqual(texts);
    const dora = await comesLater(ana, [carla], circle, caseId);
    await give(carla, { ana, boris, carla: dora, circle, caseId });
    expect((await messages(dora, circle)).map(({ text }) => text)).toEqual(texts);
  });
});
