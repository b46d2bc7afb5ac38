/** What a giver's changed program, or a host, can make of given history: nothing that is believed. */

import { afterEach, describe, expect, it } from "vitest";
import { canonical, fromCanonical } from "../../src/canonical";
import { dataOf } from "../../src/crypto/content";
import { makeEngine } from "../../src/crypto/engine";
import { openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import { type GivenList, sealHistory } from "../../src/crypto/history";
import { decodeIdentity } from "../../src/crypto/identity";
import type { InnerSignature } from "../../src/crypto/innerSignature";
import { givings, messages, offer } from "./history";
import { at, say, seen } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const COURT = { handling: { codes: ["court" as const] } };
type Opened = GivenList["messages"][number];
type Made = { messages: readonly Opened[]; edits?: readonly Opened[] };

/** The changed program of a giver: it keeps what opens each message, and gives what `gives` says. */
type Giver = {
  heard: Map<string, InnerSignature>;
  gives: (() => Made) | null;
};

const idOf = (aad: Uint8Array) => (fromCanonical(aad) as { client_msg_id: string }).client_msg_id;

function program(giver: Giver): World["engine"] {
  return async (check) => {
    const engine = await makeEngine(check);
    const { encrypt, process } = engine;
    engine.process = async (state, bytes) => {
      const read = await process.call(engine, state, bytes);
      if (read.kind === "message") giver.heard.set(idOf(read.aad), read.inner);
      return read;
    };
    engine.encrypt = async (state, plaintext, aad) => {
      const said = openEnvelope(plaintext);
      const { content } = said;
      if (content.kind !== "give-history" || giver.gives === null) {
        const made = await encrypt.call(engine, state, plaintext, aad);
        giver.heard.set(said.id, made.inner);
        return made;
      }
      const keysOf = new Map(
        engine.info(state).roster.map(({ credential }) => {
          const { device, historyKey } = decodeIdentity(credential);
          return [device, historyKey] as const;
        }),
      );
      const devices = content.sealed.map(({ device }) => {
        return { device, historyKey: keysOf.get(device) ?? new Uint8Array(32) };
      });
      const { messages: given, edits = [] } = giver.gives();
      const epochs = new Map(
        [...giver.heard.values()].map(({ epoch, tree, transcript }) => [
          epoch,
          { epoch, tree, transcript },
        ]),
      );
      const list = { epochs: [...epochs.values()], messages: given, edits };
      const [first, last] = [given[0]?.seq ?? 1, given.at(-1)?.seq ?? 1];
      const announced = { to: content.to, first, last, count: given.length };
      const grant = await sealHistory(engine, said.thread, announced, list, devices);
      const forged = { kind: "give-history" as const, about: 0, id: said.thread, ...grant };
      const data = canonical(dataOf(said.id, forged));
      return encrypt.call(engine, state, sealEnvelope({ ...said, content: forged }), data);
    };
    return engine;
  };
}

/** Ana, Boris and Mala talk; Carla comes later, and Mala's program gives her what it likes. */
async function scene(before: (all: { ana: Desk; mala: Desk; circle: string }) => Promise<void>) {
  world = await World.make();
  const { ana, circle, caseId } = await talking(world);
  const giver: Giver = { heard: new Map(), gives: null };
  world.engine = program(giver);
  const mala = await world.person();
  world.engine = undefined;
  await ana.client.addPerson(caseId, mala.person, [circle]);
  await until("mala is in", () => threadOf(mala.client, circle)?.status === "active");
  await say(mala, [ana, mala], circle, "Buenos días");
  await before({ ana, mala, circle });
  const carla = await world.person();
  await ana.client.addPerson(caseId, carla.person, [circle]);
  await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
  await until("mala knows", async () =>
    (await mala.client.historyLacking(circle)).includes(carla.person),
  );
  /** What opens an entry of Mala's record; of an act, by the entry and its id. */
  const opened = async (seq: number, id?: string): Promise<Opened> => {
    const inner = giver.heard.get(id ?? (await at(mala, circle, seq))?.id ?? "");
    if (inner?.opener === undefined) throw new Error(`nothing opens ${seq}`);
    return { seq, leaf: inner.leaf, opener: inner.opener };
  };
  /** What became of it on Carla's device. */
  const given = async (made: Made) => {
    giver.gives = () => made;
    const { digest } = await offer(mala, { ana, boris: ana, carla, circle, caseId });
    await mala.client.giveHistory(circle, carla.person, {}, digest);
    await until("carla has looked", async () =>
      (await givings(carla, circle)).some((one) => one.giving?.taken !== undefined),
    );
    return (await givings(carla, circle)).at(-1)?.giving?.taken;
  };
  return { ana, mala, carla, circle, giver, opened, given };
}

async function seqOf(desk: Desk, circle: string, text: string): Promise<number> {
  const found = (await messages(desk, circle)).find((one) => one.text === text);
  return found?.seq ?? 0;
}

describe("a giver's changed program", () => {
  it("cannot give restricted words of somebody else", async () => {
    const { mala, carla, circle, opened, given } = await scene(async ({ ana, mala, circle }) => {
      await say(ana, [ana, mala], circle, "La placa es P-123", COURT);
    });
    const seq = await seqOf(mala, circle, "La placa es P-123");
    const taken = await given({ messages: [await opened(seq)] });
    expect(taken).toMatchObject({ shown: 0, refused: { restricted: 1 } });
    expect(await messages(carla, circle)).toEqual([]);
  });

  it("cannot give a quotation of them, its own or another's", async () => {
    const { mala, circle, opened, given } = await scene(async ({ ana, mala, circle }) => {
      const seq = await say(ana, [ana, mala], circle, "La placa es P-123", COURT);
      await say(mala, [ana, mala], circle, "La busco", { answers: seq });
    });
    const seq = await seqOf(mala, circle, "La busco");
    const taken = await given({ messages: [await opened(seq)] });
    expect(taken).toMatchObject({ shown: 0, refused: { quotes: 1 } });
  });

  it("cannot leave out what an author made of their text", async () => {
    const { mala, circle, opened, given } = await scene(async ({ ana, mala, circle }) => {
      const seq = await say(ana, [ana, mala], circle, "Llega el martes");
      await ana.client.act(circle, seq, { kind: "edit", text: "Llega el jueves" });
      await seen([mala], circle, seq, ({ versions }) => versions !== undefined);
    });
    const seq = await seqOf(mala, circle, "Llega el jueves");
    const taken = await given({ messages: [await opened(seq)] });
    expect(taken).toMatchObject({ shown: 0, refused: { incomplete: 1 } });
  });

  it("cannot give what was taken back", async () => {
    const { mala, circle, opened, given } = await scene(async ({ ana, mala, circle }) => {
      const seq = await say(ana, [ana, mala], circle, "Nombre del testigo");
      await ana.client.act(circle, seq, { kind: "withdraw" });
      await seen([mala], circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    });
    const seq = (await messages(mala, circle)).find((one) => one.withdrawn)?.seq ?? 0;
    const taken = await given({ messages: [await opened(seq)] });
    expect(taken).toMatchObject({ shown: 0, refused: { withdrawn: 1 } });
  });

  it("cannot give one message in another's place, nor open one by another key", async () => {
    const { mala, circle, opened, given } = await scene(async ({ ana, mala, circle }) => {
      await say(mala, [ana, mala], circle, "Lo prometo");
      await say(mala, [ana, mala], circle, "No lo prometo");
    });
    const [one, other] = [
      await seqOf(mala, circle, "Lo prometo"),
      await seqOf(mala, circle, "No lo prometo"),
    ];
    const swapped = { ...(await opened(other)), seq: one };
    const taken = await given({ messages: [swapped] });
    expect(taken).toMatchObject({ shown: 0, refused: { inconsistent: 1 } });
  });

  it("cannot lay a message to another member's leaf", async () => {
    const { mala, circle, opened, given } = await scene(async () => undefined);
    const seq = await seqOf(mala, circle, "Buenos días");
    const own = await opened(seq);
    const taken = await given({ messages: [{ ...own, leaf: own.leaf + 1 }] });
    expect(taken).toMatchObject({ shown: 0, refused: { author: 1 } });
  });

  it("cannot name one entry twice", async () => {
    const { mala, circle, opened, given } = await scene(async () => undefined);
    const own = await opened(await seqOf(mala, circle, "Buenos días"));
    const taken = await given({ messages: [own, own] });
    expect(taken).toMatchObject({ shown: 0, whole: "unreadable" });
  });
});

describe("a host", () => {
  it("that hands out another past gets nothing of it shown", async () => {
    const { ana, mala, carla, circle, opened, given } = await scene(async () => undefined);
    const own = await opened(await seqOf(mala, circle, "Buenos días"));
    const { log } = world.service.group(circle);
    const entry = log[own.seq - 1];
    if (entry === undefined) throw new Error("no entry");
    entry.id = crypto.randomUUID();
    const taken = await given({ messages: [own] });
    expect(taken).toMatchObject({ shown: 0, whole: "log" });
    expect(threadOf(carla.client, circle)?.status).toBe("active");
    await say(ana, [ana, carla], circle, "Seguimos");
  });
});
