/** Signatures inside messages: what of them stands on each device. */

import { afterEach, describe, expect, it } from "vitest";
import { at, say, seen } from "./said";
import { type Desk, talking, World } from "./world";

let world: World;
afterEach(() => world.close());

/** The entries whose signatures are kept, each under the message that it is of. */
function signed({ disk }: Desk, circle: string): string[] {
  const names = [...disk.snapshot().values()].flatMap((store) => store.all());
  const own = names.filter(({ key }) => key.startsWith(`signed/${circle}/`));
  return own.map(({ key }) => key.split("/").slice(2).map(Number).join(":")).sort();
}

describe("the signature of what is said in a thread", () => {
  it("is kept by its author and its readers, with those of what was done to it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "Llega el martes");
    await boris.client.act(circle, seq, { kind: "acknowledge" });
    await seen(both, circle, seq, ({ acknowledged }) => acknowledged !== undefined);
    // a commit of somebody's device may have come between the two
    const { acknowledged } = (await at(ana, circle, seq)) ?? {};
    const kept = [`${seq}:${seq}`, `${seq}:${acknowledged?.[0]?.seq}`];
    for (const desk of both) expect(signed(desk, circle)).toEqual(kept);
  });

  it("goes when it is taken back, with those of its edits and of what quoted it", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    const both = [ana, boris];
    const seq = await say(ana, both, circle, "Nombre del testigo");
    await ana.client.act(circle, seq, { kind: "edit", text: "El testigo protegido" });
    await seen(both, circle, seq, ({ versions }) => versions !== undefined);
    await say(boris, both, circle, "Mejor no", { answers: seq });
    await ana.client.act(circle, seq, { kind: "withdraw" });
    await seen(both, circle, seq, ({ withdrawn }) => withdrawn !== undefined);
    const { withdrawn } = (await at(ana, circle, seq)) ?? {};
    for (const desk of both) expect(signed(desk, circle)).toEqual([`${seq}:${withdrawn?.seq}`]);
  });
});
