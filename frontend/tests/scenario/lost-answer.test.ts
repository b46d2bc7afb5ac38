import { afterEach, describe, expect, it } from "vitest";
import type { Entry, Receipt } from "../../src/api/schema";
import { hex, sha256 } from "../../src/bytes";
import { canonical } from "../../src/canonical";
import { MOST_ASKS } from "../../src/effects/log/sought";
import { commitmentTo } from "../../src/verify/tlog/event";
import { toBase64 } from "../../src/verify/tlog/text";
import { LogInHand } from "../vectors/log";
import { TLOG } from "../vectors/tlog";
import type { Socket } from "./sockets";
import { accepted, type Desk, talking, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** What the public log holds of a message: alone in its log, as it is asked for. */
async function receiptOf(event: number, entry: Entry, thread: string, actor: string) {
  const { seq, epoch, device, at } = entry;
  const digest = hex.encode(await sha256(entry.body));
  const payload = canonical({
    actor,
    at,
    kind: "messaging.message.accepted",
    payload: { device, digest, epoch, seq, thread },
    states: [],
    v: 1,
  });
  const salt = new Uint8Array(32).fill(9);
  const c = toBase64(await commitmentTo(payload, salt));
  const leaf = canonical({ c, g: [], k: "event", t: Math.floor(Date.parse(at) / 1_000), v: 1 });
  const note = await (await LogInHand.from([leaf])).note(1);
  const receipt: Receipt = {
    event,
    leaf: toBase64(leaf),
    payload: toBase64(payload),
    salt: toBase64(salt),
    log: "acts-2026",
    proof: `c2sp.org/tlog-proof@v1\nindex 0\n\n${note}`,
  };
  return receipt;
}

/**
 * Two in a thread. The next message there, or the one after it, has its act in the public log,
 * which holds nothing else; `shown` says the act of which one the server shows for it.
 */
async function logged(after = 1, shown = after) {
  world = await World.make();
  let answer = (_event: number): Promise<Receipt[]> => Promise.resolve([]);
  world.authority.directory.acts = {
    vkey: TLOG.log.vkey,
    receipts: async (events) => (await Promise.all(events.map((one) => answer(one)))).flat(),
  };
  const both = await talking(world);
  const { ana, boris, circle } = both;
  await boris.client.renewKeys(circle); // or that would come between the entries that are counted
  const { log } = world.service.group(circle);
  const head = log.length;
  world.service.sockets.named = (thread, { seq }) =>
    thread === circle && seq === head + after ? { event: 100, promise: null } : {};
  answer = async (event) => {
    const entry = log[head + shown - 1];
    return entry === undefined ? [] : [await receiptOf(event, entry, circle, ana.person)];
  };
  return both;
}

/** The service takes what a person posts, and no answer to it comes, until it is told to. */
function losing(person: string): { posted: string[]; answers: boolean } {
  const state = { posted: [] as string[], answers: false };
  world.service.sockets.taken = (socket: Socket, frame) => {
    if (frame.type === "post" && socket.person === person) state.posted.push(frame.id);
    return false;
  };
  world.service.fault = (name, by) =>
    name === "post" && by === person && !state.answers ? "answer" : undefined;
  return state;
}

async function mark({ client }: Desk, circle: string, text: string) {
  const lines = await client.lines(circle);
  const found = lines.flatMap((line) =>
    line.kind === "message" && line.message.text === text ? [line.message] : [],
  );
  return found[0]?.settled ?? null;
}

async function constancy({ client }: Desk): Promise<string[]> {
  return (await client.constancy()).rows.map(({ stage }) => stage);
}

const shown = (desk: Desk, circle: string, text: string) =>
  until("it is shown", async () => (await accepted(desk.client, circle)).includes(text));

describe("an own message whose answer was lost", () => {
  it("is marked as entered once the answer can be had, and stands there once", async () => {
    const { ana, boris, circle } = await logged();
    const net = losing(ana.person);
    await ana.client.send(circle, "uno");
    await shown(ana, circle, "uno");
    expect(await mark(ana, circle, "uno")).toBeNull();
    net.answers = true;
    await until("marked", async () => (await mark(ana, circle, "uno")) !== null);
    expect(await mark(ana, circle, "uno")).toEqual({ index: 0, cosigned: [] });
    expect(await accepted(boris.client, circle)).toEqual(["uno"]);
  });

  it("is asked for by the page that is opened later, too", async () => {
    const { ana, circle } = await logged();
    const net = losing(ana.person);
    await ana.client.send(circle, "uno");
    await shown(ana, circle, "uno");
    await ana.reopen();
    net.answers = true;
    await until("marked", async () => (await mark(ana, circle, "uno")) !== null);
  });

  it("stays without its mark where no answer ever comes, and is asked for a few times only", async () => {
    const { ana, circle } = await logged();
    const net = losing(ana.person);
    const sent = await ana.client.send(circle, "uno");
    await shown(ana, circle, "uno");
    const asks = () => net.posted.filter((id) => id === sent).length - 1;
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // five minutes, at their pace here
    expect(asks()).toBeGreaterThan(0);
    expect(asks()).toBeLessThanOrEqual(MOST_ASKS);
    expect(await mark(ana, circle, "uno")).toBeNull();
  });

  it("is not marked by the entry of another message of theirs", async () => {
    const { ana, circle } = await logged(2, 1);
    const net = losing(ana.person);
    await ana.client.send(circle, "uno");
    await ana.client.send(circle, "dos");
    await shown(ana, circle, "dos");
    net.answers = true;
    await until("judged", async () => (await constancy(ana)).includes("wrong"));
    expect(await mark(ana, circle, "dos")).toBeNull();
  });
});

describe("an own message whose answer came", () => {
  it("is posted once", async () => {
    const { ana, circle } = await logged();
    const net = losing(ana.person);
    net.answers = true;
    const sent = await ana.client.send(circle, "uno");
    await until("marked", async () => (await mark(ana, circle, "uno")) !== null);
    await new Promise((resolve) => setTimeout(resolve, 300)); // half a minute, at their pace here
    expect(net.posted.filter((id) => id === sent)).toHaveLength(1);
  });
});
