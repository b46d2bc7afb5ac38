/** Who is named in a message, or asked to acknowledge it, sees that it waits, wherever they are. */

import { afterEach, describe, expect, it } from "vitest";
import { type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const calls = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.calls ?? [];

async function asked() {
  world = await World.make();
  const scene = await talking(world);
  const { ana, boris, circle } = scene;
  const beside = { mentions: [boris.person], asks: true } as const;
  await ana.client.send(circle, "Boris: ¿lo tiene usted?", undefined, beside);
  await until("he is called", () => calls(boris, circle).length === 1);
  return scene;
}

describe("a message that names somebody and asks for acknowledgement", () => {
  it("calls its reader and not its author", async () => {
    const { ana, boris, circle } = await asked();
    expect(calls(boris, circle)).toMatchObject([{ by: ana.person, named: true, owed: true }]);
    expect(calls(ana, circle)).toEqual([]);
  });

  it("is owed an answer also once it was read", async () => {
    const { boris, circle } = await asked();
    await boris.client.markRead(circle);
    await until("it was read", () => calls(boris, circle)[0]?.named === undefined);
    expect(calls(boris, circle)).toMatchObject([{ owed: true }]);
  });

  it("waits no more once it was acknowledged", async () => {
    const { boris, circle } = await asked();
    await boris.client.markRead(circle);
    const [call] = calls(boris, circle);
    await boris.client.act(circle, call?.seq ?? 0, { kind: "acknowledge" });
    await until("it is given", () => calls(boris, circle).length === 0);
  });

  it("calls nobody once it was withdrawn", async () => {
    const { ana, boris, circle } = await asked();
    await ana.client.act(circle, calls(boris, circle)[0]?.seq ?? 0, { kind: "withdraw" });
    await until("it is gone", () => calls(boris, circle).length === 0);
  });

  it("is still known after the page was closed", async () => {
    const { ana, boris, circle } = await asked();
    await boris.reopen();
    expect(calls(boris, circle)).toMatchObject([{ by: ana.person, named: true, owed: true }]);
    expect(await texts(boris.client, circle)).toContain("Boris: ¿lo tiene usted?");
  });
});
