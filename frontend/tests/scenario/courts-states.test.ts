/** Which States' information the coordination consents to let go, and which is in the file. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NEIGHBOUR } from "./authority";
import { ask, begin, deviceOf, neighbourIn, TOOLS } from "./courtRoom";
import { say } from "./said";
import { until, World } from "./world";

let world: World;
beforeEach(async () => {
  world = await World.make();
});
afterEach(() => world.close());

describe("a wish that does not name every State whose information is in it", () => {
  it("makes no export that anybody believes, also with the consent that it got", async () => {
    const { ana, circle, caseId, courts } = await begin(world);
    const mara = await neighbourIn(world, ana, caseId, circle);
    const chief = await world.device(world.authority.chief());
    await say(mara, [ana, mara], circle, "Cruzó la frontera");
    expect(NEIGHBOUR).not.toBe("PA");
    await ask(ana, circle, { states: ["PA"] });
    const [waiting] = await world.service.api(chief.person).exports();
    const wish = waiting && (await chief.client.exports.open(waiting));
    if (!waiting || !wish) throw new Error("nothing waits");
    courts.devices.set(chief.person, deviceOf(world, chief));
    await chief.client.exports.agree(waiting, wish);
    await until("it may be made", async () => {
      const [now] = await world.service.api(ana.person).exports();
      return now?.step === "ready";
    });
    const [ready] = await world.service.api(ana.person).exports();
    if (ready === undefined) throw new Error("nothing is ready");
    await expect(ana.client.exports.make(ready, TOOLS)).rejects.toMatchObject({
      code: "export-unsound",
      params: { code: "states" },
    });
  });
});
