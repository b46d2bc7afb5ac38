import { expect, it } from "vitest";
import { keys } from "../store/records";
import type { Core } from "./core";
import { Sync } from "./sync";

/** A thread with nothing new; `looked` is told each time the log is asked for. */
function quiet(looked: () => void): Core {
  const thread = { status: "active", seq: 0 };
  return {
    vault: { read: async (key: string) => (key === keys.thread("c") ? thread : undefined) },
    mirror: { threads: new Map([["c", thread]]), heads: new Map() },
    people: { size: 0 },
    api: {
      log: async () => {
        looked();
        return { head: 0, entries: [] };
      },
    },
  } as unknown as Core;
}

it.each(Array.from({ length: 12 }, (_, turns) => turns))(
  "looks at the log after it was asked to, %i turns after an earlier look began",
  async (turns) => {
    let looks = 0;
    const sync = new Sync(quiet(() => (looks += 1)));
    const earlier = sync.catchUp("c");
    for (let turn = 0; turn < turns; turn += 1) await null;
    const before = looks;
    await sync.catchUp("c");
    expect(looks).toBeGreaterThan(before);
    await earlier;
  },
);
