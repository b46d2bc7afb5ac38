/** A program that comes back asks of each thread whether it has news, and reads those that have. */

import { afterEach, beforeEach, expect, it } from "vitest";
import type { Api } from "../../src/api/api";
import { Malformed } from "../../src/api/errors";
import { talking, texts, threadOf, until, World } from "./world";

/** As long as it takes at most until a log is asked for whose thread was looked at. */
const pause = () => new Promise((done) => setTimeout(done, 300));
let world: World;
beforeEach(async () => {
  world = await World.make();
});
afterEach(() => world.close());

/** How it stands, among all or by itself; its log. */
type Asked = "thread" | "itself" | "log";

/** What is asked of which thread from now on, by whoever opens a program from now on. */
function asked() {
  const heard: { what: Asked; circle: string }[] = [];
  const api = world.service.api.bind(world.service);
  world.service.api = (person) => {
    const one = api(person);
    return {
      ...one,
      thread: (circle) => {
        heard.push({ what: "itself", circle });
        return one.thread(circle);
      },
      threads: async (after) => {
        const page = await one.threads(after);
        for (const { thread: circle } of page.threads) heard.push({ what: "thread", circle });
        return page;
      },
      log: (circle, ...rest) => {
        heard.push({ what: "log", circle });
        return one.log(circle, ...rest);
      },
    };
  };
  return (what: Asked, circle: string) =>
    heard.filter((one) => one.what === what && one.circle === circle).length;
}

it("reads no log of which all is here", async () => {
  const { boris, circle } = await talking(world);
  await boris.client.renewKeys(circle); // as whoever was let in does once, and reads the log for it
  const times = asked();
  await boris.reopen();
  await until("it has looked", () => times("thread", circle) > 0);
  await pause();
  const [looked, read] = [times("thread", circle), times("log", circle)];
  await boris.reopen();
  await until("it has looked again", () => times("thread", circle) > looked);
  await pause();
  expect(times("log", circle)).toBe(read);
});

it("reads what came while it was away", async () => {
  const { ana, boris, circle } = await talking(world);
  boris.kill();
  await ana.client.send(circle, "Salieron a las 5");
  await until("it is taken", async () => (await texts(ana.client, circle)).length === 1);
  const times = asked();
  await boris.reopen();
  await until("it is read", async () =>
    (await texts(boris.client, circle)).includes("Salieron a las 5"),
  );
  expect(times("log", circle)).toBeGreaterThan(0);
});

it("asks for all threads at once, page by page, and for none by itself", async () => {
  const { ana, boris, circle, caseId } = await talking(world);
  const others: string[] = [];
  for (const name of ["Bancos", "Rutas", "Testigos"]) {
    others.push(await ana.client.openThread(caseId, name, [boris.person]));
  }
  await until("boris is in all", () =>
    others.every((one) => threadOf(boris.client, one)?.status === "active"),
  );
  boris.kill();
  await pause();
  const times = asked();
  await boris.reopen();
  await until("it has looked", () => [circle, ...others].every((one) => times("thread", one) > 0));
  expect([circle, ...others].filter((one) => times("itself", one) > 0)).toEqual([]);
});

/** What every program that is opened from now on is told of all threads. */
function telling(told: (truth: Api["threads"]) => ReturnType<Api["threads"]>) {
  const api = world.service.api.bind(world.service);
  world.service.api = (person) => {
    const one = api(person);
    return { ...one, threads: () => told(one.threads) };
  };
}

it("asks for no more pages than its threads can fill, whatever the server says", async () => {
  const { boris, circle } = await talking(world);
  const times = asked();
  let pages = 0;
  telling(async (truth) => {
    const [first] = (await truth(null)).threads;
    const named = (at: number) => `${pages}`.padStart(9, "0") + `${at}`.padStart(3, "0");
    pages += 1;
    if (pages > 50) throw new Error("it asks for ever"); // or the test would not end
    const threads = Array.from({ length: 100 }, (_, at) => ({ ...first, thread: named(at) }));
    return { threads, more: true } as Awaited<ReturnType<Api["threads"]>>;
  });
  await boris.reopen();
  await until("it has looked", () => times("itself", circle) > 0);
  expect(pages).toBeLessThan(10);
  expect(boris.errors).toEqual([]);
});

it("looks at each thread by itself if a page of all of them is none", async () => {
  const { boris, circle } = await talking(world);
  const times = asked();
  telling(() => Promise.reject(new Malformed("a page that is none")));
  await boris.reopen();
  await until("it has looked", () => times("itself", circle) > 0);
  expect(boris.errors.map(String)).toContain("Malformed: a page that is none");
});

it("takes nobody out who came in while it was asking", async () => {
  const { ana, boris, circle, caseId } = await talking(world);
  const carla = await world.person();
  const dario = await world.authority.addPerson(); // has no device yet: ana is to let them in
  await ana.client.addPerson(caseId, dario, [circle]);
  ana.kill();
  const api = world.service.api.bind(world.service);
  let late = false;
  world.service.api = (person) => {
    const one = api(person);
    return {
      ...one,
      threads: async (after) => {
        const page = await one.threads(after);
        if (!late) {
          late = true;
          await boris.client.addPerson(caseId, carla.person, [circle]);
          await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
        }
        return page;
      },
    };
  };
  await ana.reopen();
  await until(
    "ana knows",
    () =>
      threadOf(ana.client, circle)?.readers.some(({ person }) => person === carla.person) === true,
  );
  await pause();
  await ana.client.send(circle, "sigue ahí");
  await until("carla reads", async () => (await texts(carla.client, circle)).includes("sigue ahí"));
});
