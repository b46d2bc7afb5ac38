/**
 * Two people over a bad line: 600 ms there and back, 8 % of what is sent is lost and comes again a
 * second or three later, and twice the line is dark for 20 seconds. Time passes a hundred times as fast.
 */
import { afterEach, expect, it } from "vitest";
import type { Api } from "../../src/api/api";
import { Unreachable } from "../../src/api/errors";
import { chanceOf } from "../chance";
import { at, messages } from "./said";
import { Shelf } from "./shelf";
import { accepted, talking, threadOf, until, World } from "./world";

const SEED = Number(process.env.LINE_SEED ?? Date.now() % 1_000_000);
const FASTER = 100;
const ONE_WAY_MS = 300;
const LOSS = 0.08;
const AGAIN_MS = [1_000, 3_000] as const;
const DARK_MS = 20_000;
const PATIENCE_MS = 30_000;

let world: World;
afterEach(() => world.close());

const chance = chanceOf(SEED);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms / FASTER));

class Line {
  #lit: Promise<unknown> = Promise.resolve();
  dark = false;

  /** Dark for 20 seconds, and for as long as it takes to do something meanwhile. */
  async blackout(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    this.dark = true;
    let light = (): void => undefined;
    this.#lit = new Promise<void>((resolve) => {
      light = resolve;
    });
    try {
      await Promise.all([wait(DARK_MS), meanwhile()]);
    } finally {
      this.dark = false;
      light();
    }
  }

  /** Until something has come over. */
  async crossing(): Promise<void> {
    await this.#lit;
    await wait(ONE_WAY_MS);
    if (chance.happens(LOSS)) await wait(chance.pick(AGAIN_MS));
    await this.#lit;
  }

  /** What crosses in one direction arrives in the order in which it was sent. */
  lane(): (arrive: () => void) => void {
    let last: Promise<void> = Promise.resolve();
    return (arrive) => {
      const own = this.crossing();
      last = last.then(() => own).then(arrive);
    };
  }

  /** A call over it; whoever asks into the dark may find that the call was given up. */
  call<Given extends unknown[], Answer>(act: (...given: Given) => Promise<Answer>) {
    return async (...given: Given): Promise<Answer> => {
      const doomed = this.dark && chance.happens(0.5);
      await this.crossing();
      if (doomed) throw new Unreachable("the line was dark");
      const answer = await act(...given);
      await this.crossing();
      return answer;
    };
  }
}

function overTheLine(api: Api, line: Line, shelf: Shelf): Api {
  const call = line.call.bind(line);
  const calls = Object.entries(api).map(([name, act]) => [
    name,
    typeof act === "function" ? call(act as (...given: unknown[]) => Promise<unknown>) : act,
  ]);
  return {
    ...(Object.fromEntries(calls) as Api),
    attachments: shelf.routes(call),
    connect: call(async (listener) => {
      const [here, there] = [line.lane(), line.lane()];
      const socket = await api.connect({
        frame: (frame) => here(() => listener.frame(frame)),
        closed: (code) => listener.closed(code),
      });
      return {
        close: () => socket.close(),
        send: (frame) => {
          there(() => void socket.send(frame));
          return true;
        },
      };
    }),
  };
}

it(`loses nothing of what two people do over it, and says what is so (LINE_SEED=${SEED})`, {
  timeout: 120_000,
}, async () => {
  const [line, shelf] = [new Line(), new Shelf()];
  world = await World.make();
  const { service } = world;
  const honest = service.api.bind(service);
  service.api = (person) => overTheLine(honest(person), line, shelf);
  const { ana, boris, circle } = await talking(world);
  const both = [ana, boris];

  const first = await ana.client.send(circle, "La audiencia es a las 9");
  const taken = async () => (await messages(ana, circle)).find((one) => one.id === first)?.seq ?? 0;
  await until("it is taken", async () => (await taken()) > 0, PATIENCE_MS);
  const seq = await taken();

  const words = ["uno", "dos", "tres"];
  let phase = "";
  let id = "";
  // In the dark nothing counts as taken, and all that is written stays in view and in order.
  await line.blackout(async () => {
    await wait(1_000);
    for (const word of words) await ana.client.send(circle, word);
    await ana.client.act(circle, seq, { kind: "edit", text: "La audiencia es a las 10" });
    const file = new File([new Uint8Array(3_000_000).fill(7)], "acta.pdf", {
      type: "application/pdf",
    });
    id = await ana.client.attach(circle, file);
    ana.client.onUploads(circle, (all) => {
      phase = all.find((one) => one.id === id)?.phase ?? phase;
    });
    await wait(10_000);
    const shown = (await messages(ana, circle)).filter(({ text }) => words.includes(text));
    expect(shown.map(({ text, status }) => [text, status === "received"])).toEqual(
      words.map((word) => [word, false]),
    );
    expect(ana.client.view().outbox).toBeGreaterThanOrEqual(words.length);
    expect(await accepted(boris.client, circle)).not.toContain("uno");
  });

  await until("the file is there", () => phase === "ready", PATIENCE_MS);
  void line.blackout();
  await ana.client.send(circle, "El acta", undefined, { files: [id] });
  for (const { client } of both) {
    const all = async () => (await accepted(client, circle)).length >= 2 + words.length;
    await until("everything is here", all, PATIENCE_MS);
  }
  for (const desk of both) {
    const edited = async () => (await at(desk, circle, seq))?.text === "La audiencia es a las 10";
    await until("the edit is here", edited, PATIENCE_MS);
  }
  await boris.client.act(circle, seq, { kind: "acknowledge" });
  const acknowledged = async () => ((await at(ana, circle, seq))?.acknowledged?.length ?? 0) === 1;
  await until("ana sees the acknowledgement", acknowledged, PATIENCE_MS);

  const [hers, his] = [await accepted(ana.client, circle), await accepted(boris.client, circle)];
  expect(his).toEqual(hers);
  expect(hers).toEqual(["La audiencia es a las 10", ...words, "El acta"]);
  const received = (await messages(boris, circle)).find(({ text }) => text === "El acta");
  expect(received?.files).toMatchObject([{ id, size: 3_000_000 }]);
  expect(shelf.pieces.get(id)?.size).toBeGreaterThanOrEqual(3);
  for (const { client } of both) {
    await until("online", () => client.view().connection === "online", PATIENCE_MS);
    await until("nothing waits", () => client.view().outbox === 0, PATIENCE_MS);
    expect(threadOf(client, circle)).toMatchObject({ status: "active" });
    expect(client.view().alarm).toBeNull();
  }
});
