import { afterEach, describe, expect, it } from "vitest";
import type { ClientFrame } from "../../src/api/schema";
import { b64u } from "../../src/bytes";
import { nextChain } from "../../src/state/chain";
import type { Socket } from "./sockets";
import { accepted, type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

type Post = Extract<ClientFrame, { type: "post" }>;

/** Say to the sender that a message was taken, where it would stand or where another one does. */
async function pretend(
  socket: Socket,
  { thread, epoch, id, body }: Post,
  taken: boolean,
): Promise<void> {
  const { log, first } = world.service.group(thread);
  const { device } = socket;
  if (device === null) return;
  const bare = { seq: log.length + (taken ? 0 : 1), epoch, device, id, body: b64u.decode(body) };
  const chain = await nextChain(log.at(-1)?.chain ?? first, { ...bare, kind: "message" });
  const at = new Date().toISOString();
  world.service.sockets.tell(socket, { type: "accepted", id, thread, seq: bare.seq, chain, at });
}

/** Every message of a person is taken by somebody between, who says that the server has it. */
function fakeReceipts(person: string, taken = false): { told: string[] } {
  const told: string[] = [];
  world.service.sockets.taken = (socket, frame) => {
    if (frame.type !== "post" || socket.person !== person) return false;
    told.push(frame.id);
    void pretend(socket, frame, taken);
    return true;
  };
  return { told };
}

const honest = () => {
  world.service.sockets.taken = () => false;
};

async function statuses({ client }: Desk, circle: string): Promise<string[]> {
  const lines = await client.lines(circle);
  return lines.flatMap((line) => (line.kind === "message" ? [line.message.status] : []));
}

describe("a receipt that the server never gave", () => {
  it("confirms nothing: the message goes on waiting, and arrives once when it can", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const between = fakeReceipts(ana.person);
    await ana.client.send(circle, "uno");
    await until("twice told that it was taken", () => between.told.length >= 2);
    expect(await statuses(ana, circle)).toEqual(["sent"]);
    expect(new Set(between.told).size).toBe(1);
    await boris.client.send(circle, "entretanto");
    await until("ana reads", async () => (await accepted(ana.client, circle)).length === 1);
    expect(await accepted(ana.client, circle)).toEqual(["entretanto"]);
    honest();
    await ana.client.send(circle, "dos");
    for (const desk of [ana, boris]) {
      await until("all", async () => (await accepted(desk.client, circle)).length === 3);
      expect(await accepted(desk.client, circle)).toEqual(["entretanto", "uno", "dos"]);
      expect(threadOf(desk.client, circle)?.status).toBe("active");
      expect(desk.client.view().alarm).toBeNull();
    }
  });

  it("does not make the message be sent without a pause", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const between = fakeReceipts(ana.person, true);
    await ana.client.send(circle, "uno");
    await until("told", () => between.told.length > 0);
    const before = between.told.length;
    await new Promise((resolve) => setTimeout(resolve, 200)); // 20 seconds, at their pace here
    expect(between.told.length - before).toBeLessThanOrEqual(20);
  });
});

describe("a receipt for what the log already shows", () => {
  it("changes nothing, however often it comes", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await ana.client.send(circle, "uno");
    await until("read", async () => (await accepted(boris.client, circle)).length === 1);
    const [entry] = world.service.group(circle).log.slice(-1);
    if (entry === undefined) throw new Error("nothing was sent");
    const { id, seq, chain, at } = entry;
    for (const socket of world.service.sockets.open) {
      for (let again = 0; again < 3; again += 1) {
        world.service.sockets.tell(socket, {
          type: "accepted",
          id,
          thread: circle,
          seq,
          chain,
          at,
        });
      }
    }
    await ana.client.send(circle, "dos");
    await until("read", async () => (await accepted(boris.client, circle)).length === 2);
    expect(await accepted(ana.client, circle)).toEqual(["uno", "dos"]);
  });
});

describe("a gap", () => {
  it("is said while it lasts, and nothing from behind it is shown", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const missing = () => threadOf(boris.client, circle)?.missing;
    await ana.client.send(circle, "uno");
    await until("read", async () => (await accepted(boris.client, circle)).length === 1);
    await until("quiet", () => missing() === 0);
    world.service.fault = (name, person) =>
      name === "log" && person === boris.person ? "request" : undefined;
    const { sockets } = world.service;
    const tell = sockets.tell.bind(sockets);
    let lost = 0;
    sockets.tell = (socket, frame) => {
      // The first that is told of does not come; what follows does.
      if (socket.person === boris.person && frame.type === "entries" && lost++ === 0) return;
      tell(socket, frame);
    };
    for (const text of ["dos", "tres", "cuatro"]) await ana.client.send(circle, text);
    await until("three are missing", () => missing() === 3);
    expect(await accepted(boris.client, circle)).toEqual(["uno"]);
    world.service.fault = () => undefined;
    world.service.tellHeads();
    await until("all are here", async () => (await accepted(boris.client, circle)).length === 4);
    expect(missing()).toBe(0);
    expect(await accepted(boris.client, circle)).toEqual(["uno", "dos", "tres", "cuatro"]);
  });
});
