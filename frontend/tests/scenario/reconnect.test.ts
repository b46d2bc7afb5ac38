/** A program that comes back asks of each thread whether it has news, and reads those that have. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { talking, texts, until, World } from "./world";

/** As long as it takes at most until a log is asked for whose thread was looked at. */
const pause = () => new Promise((done) => setTimeout(done, 300));
let world: World;
beforeEach(async () => {
  world = await World.make();
});
afterEach(() => world.close());

/** What is asked of which thread from now on, by whoever opens a program from now on. */
function asked() {
  const heard: { what: "thread" | "log"; circle: string }[] = [];
  const api = world.service.api.bind(world.service);
  world.service.api = (person) => {
    const one = api(person);
    return {
      ...one,
      thread: async (circle) => {
        const info = await one.thread(circle);
        heard.push({ what: "thread", circle });
        return info;
      },
      log: (circle, ...rest) => {
        heard.push({ what: "log", circle });
        return one.log(circle, ...rest);
      },
    };
  };
  return (what: "thread" | "log", circle: string) =>
    heard.filter((one) => one.what === what && one.circle === circle).length;
}

it("reads no log of which all is here", async () => {
  const { boris, circle } = await talking(world);
  const times = asked();
  await boris.reopen();
  await until("it has looked", () => times("thread", circle) > 0);
  await pause(); // whoever was let in renews their leaf once, and reads the log for it
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
