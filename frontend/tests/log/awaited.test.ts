import * as v from "valibot";
import { describe, expect, it } from "vitest";
import acts from "../../src/api/acts.json";
import awaited from "../../src/api/awaited.json";
import entering from "../../src/api/entering.json";
import { type Method, makeCall } from "../../src/api/http";
import { type ActAnswered, Feed } from "../../src/api/log";
import { processLocks } from "../../src/effects/deps";
import { inMemory } from "../../src/effects/log/memory";
import { Receipts } from "../../src/effects/log/receipts";
import { keys } from "../../src/store/records";
import { fromBase64 } from "../../src/verify/tlog/text";
import { until } from "../scenario/world";
import { LogInHand } from "../vectors/log";
import { RECEIPTS } from "../vectors/receipts";
import { LogServer, watchOf } from "./server";

const DOORS = Object.entries({ ...acts, ...entering });
const [first] = RECEIPTS.events;
if (first === undefined) throw new Error("no vectors");
const log = await LogInHand.from([fromBase64(first.leaf)], `log ${RECEIPTS.promise_vkey}\n`);

/** A call of the act behind a door, on a feed. */
function calling(feed: Feed, door: string): Promise<unknown> {
  const [method, path] = door.replaceAll(/\{[^}]*\}/g, "x").split(" ") as [Method, string];
  const headers = { "CaseHub-Promise": first?.promise ?? "" };
  const call = makeCall({
    base: "",
    fetch: async () => new Response("{}", { headers }),
    csrf: () => null,
    language: () => "es",
    heard: feed.heard,
  });
  return call(method, path, v.object({}));
}

/** Whether it is over after all that can happen at once has happened. */
async function isOver(call: Promise<unknown>): Promise<boolean> {
  const later = new Promise((done) => setTimeout(done, 5, false));
  return Promise.race([call.then(() => true), later]) as Promise<boolean>;
}

describe("the call of an act", () => {
  it.each(awaited)("%s is over when its listener says so", async (act) => {
    const door = DOORS.find(([, named]) => named === act)?.[0] ?? "";
    const feed = new Feed();
    let proven = () => {};
    const heard: ActAnswered[] = [];
    feed.listen((answer) => {
      heard.push(answer);
      return new Promise((done) => {
        proven = done;
      });
    });
    const call = calling(feed, door);
    expect(await isOver(call)).toBe(false);
    expect(heard).toMatchObject([{ act, awaited: true }]);
    proven();
    expect(await isOver(call)).toBe(true);
  });

  it("that changes no trust is told to be none that is awaited", async () => {
    const feed = new Feed();
    const told = new Map<string, boolean>();
    feed.listen((answer) => void told.set(answer.act, answer.awaited));
    for (const [door] of DOORS) await calling(feed, door);
    expect([...told].filter(([, is]) => is).map(([act]) => act)).toEqual(
      expect.arrayContaining(awaited),
    );
    expect([...told.values()].filter((is) => is)).toHaveLength(awaited.length);
    expect(told.get("directory.person.suspend")).toBe(false);
    expect(told.get("directory.state.stop")).toBe(false);
  });

  it("by which one enters is awaited once somebody keeps its promise", async () => {
    const feed = new Feed();
    await calling(feed, "POST /enrolment/finish"); // nobody listens yet
    let proven = () => {};
    feed.listen(
      () =>
        new Promise((done) => {
          proven = done;
        }),
    );
    expect(await isOver(feed.earlier())).toBe(false);
    proven();
    expect(await isOver(feed.earlier())).toBe(true);
  });
});

/** A page without a person's store; its clock goes by the steps that are waited for. */
async function page() {
  const server = new LogServer(log);
  await server.show(1);
  let now = 1_795_618_800_000;
  const { watch, deps } = watchOf(server, { clock: () => now });
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      now += ms;
      run();
    }, 1);
    return () => clearTimeout(timer);
  };
  await watch.look();
  const { vault, inTurn } = inMemory();
  const all = { ...deps, timers: { after }, locks: processLocks() };
  const receipts = new Receipts(all, server, watch, vault, "nobody", inTurn, () => undefined);
  return { server, watch, receipts, vault, since: now, now: () => now };
}

describe("without a proof", () => {
  it("an act that is awaited goes on after 15 seconds, says so and keeps the promise", async () => {
    const { server, watch, receipts, vault, since, now } = await page();
    const call = calling(server.feed, "POST /oversight/unmaskings");
    await until("waiting", async () => watch.settling === 1);
    await call;
    expect(now() - since).toBeGreaterThanOrEqual(15_000);
    expect([watch.settling, watch.unsettled]).toEqual([0, 1]);
    expect(await vault.list(keys.promises)).toHaveLength(1);
    receipts.close();
  });

  it("the steps of an act go on at once, and the whole waits at its end", async () => {
    const { server, watch, receipts, since, now } = await page();
    let stepped = 0;
    await receipts.settle(async () => {
      await calling(server.feed, "POST /cases/{case}/people");
      stepped = now() - since;
    });
    expect(stepped).toBeLessThan(15_000);
    expect(now() - since).toBeGreaterThanOrEqual(15_000);
    expect([watch.settling, watch.unsettled]).toEqual([0, 1]);
    receipts.close();
  });
});
