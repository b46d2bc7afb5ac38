import { afterEach, describe, expect, it } from "vitest";
import { accepted, type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** Do `acts` in order until the process dies; which of them were confirmed to the person? */
async function untilCrash<T>(acts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const confirmed: T[] = [];
  for (const act of acts) {
    try {
      const done = await Promise.race([act(), dead()]);
      if (done === undefined) break;
      confirmed.push(done);
    } catch {
      break;
    }
  }
  return confirmed;
}

/** A process that died answers nothing. */
function dead(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 600));
}

const POINTS = [1, 2, 3, 4, 5, 6, 8, 10, 12].flatMap((write) => [
  { write, after: false },
  { write, after: true },
]);

describe("a crash at any write", () => {
  it("loses no confirmed message and doubles none", { timeout: 120_000 }, async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const confirmed: string[] = [];
    for (const [round, point] of POINTS.entries()) {
      ana.disk.powerOn();
      ana.disk.crashAt = point;
      const names = [0, 1, 2].map((at) => `r${round}-${at}`);
      const acts = names.map((name) => async () => {
        await ana.client.send(circle, name);
        return name;
      });
      if (round % 3 === 1) void ana.client.renewKeys(circle).catch(() => undefined);
      confirmed.push(...(await untilCrash(acts)));
      await new Promise((resolve) => setTimeout(resolve, 40));
      await ana.reopen();
      await until(`all of round ${round} arrived`, async () => {
        const seen = await texts(boris.client, circle);
        return confirmed.every((text) => seen.includes(text));
      });
    }
    await until("ana agrees", async () => {
      const [a, b] = [await accepted(ana.client, circle), await accepted(boris.client, circle)];
      return a.join() === b.join();
    });
    const seen = await accepted(boris.client, circle);
    expect(new Set(seen).size).toBe(seen.length);
    expect(boris.client.view().alarm).toBeNull();
    expect(ana.client.view().alarm).toBeNull();
  });

  it("finishes opening a case and a thread that was begun", { timeout: 120_000 }, async () => {
    world = await World.make();
    world.stock = null; // each round takes one of them, and a crashed one more
    const ana = await world.person();
    const boris = await world.person();
    for (const [round, point] of POINTS.entries()) {
      ana.disk.powerOn();
      ana.disk.crashAt = point;
      const title = `Caso ${round}`;
      const confirmed = await untilCrash([
        () => ana.client.openCase(["SV"], title),
        async () => {
          const found = ana.client.view().cases.find((one) => one.title === title);
          await ana.client.addPerson(found?.id ?? "", boris.person, []);
          return "added";
        },
      ]);
      await ana.reopen();
      const mine = () => ana.client.view().cases.filter((one) => one.title === title);
      await until("intents are done", async () => world.service.unfinished(ana.person) === 0);
      expect(mine().length).toBeLessThanOrEqual(1);
      if (confirmed.length > 0) await until("it is there", () => mine().length === 1);
      await until("titles are told", () => {
        const [one] = mine();
        return one === undefined || isTold(ana, one.threads[0]?.circle ?? "");
      });
    }
    // Nothing stays half open: every case that the server has is titled here, once.
    const titles = () => ana.client.view().cases.map((one) => one.title);
    await until("all are titled", async () => {
      const intents = ana.client.view().cases.length === world.service.cases.length;
      return intents && !titles().includes(null);
    });
    expect(new Set(titles()).size).toBe(titles().length);
  });
});

function isTold(desk: Desk, circle: string): boolean {
  return threadOf(desk.client, circle)?.status === "active";
}

describe("two tabs of one person", () => {
  it("share one store: nothing is doubled, both see everything", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const second = await ana.tab();
    const all: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const [left, right, other] = [`l${at}`, `r${at}`, `b${at}`];
      await Promise.all([
        ana.client.send(circle, left),
        second.send(circle, right),
        boris.client.send(circle, other),
      ]);
      all.push(left, right, other);
    }
    for (const client of [ana.client, second, boris.client]) {
      await until("everything", async () => (await accepted(client, circle)).length === all.length);
      expect([...(await accepted(client, circle))].sort()).toEqual([...all].sort());
    }
    expect(await accepted(second, circle)).toEqual(await accepted(boris.client, circle));
    second.markRead(circle);
    await until("read in both", () => threadOf(ana.client, circle)?.unread === 0);
    ana.client.setDraft(circle, "a medias");
    await until("the draft is in both", () => threadOf(second, circle)?.draft === "a medias");
    await second.close();
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
  });
});
