import { describe, expect, it } from "vitest";
import { keys } from "../store/records";
import type { Core } from "./core";
import { Reads } from "./reads";

const HEAD = 7;

/** A store in which thread "t" is here up to entry 7 and is held to be read up to `read`. */
function holding(read: number) {
  const kept = new Map<string, unknown>([
    [keys.thread("t"), { circle: "t", status: "active", seq: HEAD }],
    [keys.read("t"), read],
  ]);
  const posted: unknown[] = [];
  const core = {
    mirror: {
      threads: new Map([["t", { seq: HEAD }]]),
      reads: new Map([["t", read]]),
      kept: new Map(),
      saidRead: new Map(),
    },
    post: (frame: unknown) => posted.push(frame) > 0,
    exclusive: (task: (tx: unknown) => Promise<unknown>) =>
      task({
        get: async (key: string) => kept.get(key),
        put: (key: string, value: unknown) => kept.set(key, value),
        remove: (key: string) => kept.delete(key),
      }),
  };
  const reads = new Reads(core as unknown as Core);
  return { reads, posted, stored: () => kept.get(keys.read("t")) };
}

describe("a mark that is of before the thread came so far", () => {
  it.each([
    ["as the server says", { t: 3 }, 3],
    ["as far as it is here, if the server says more", { t: 9 }, HEAD],
    ["nothing, if the server says nothing of it", {}, 0],
  ])("stands once greeted: %s", async (_, told, stands) => {
    const { reads, posted, stored } = holding(1e9);
    await reads.merge(told as Record<string, number>, {});
    expect(stored()).toBe(stands);
    expect(posted).toEqual([]);
  });

  it("keeps nobody from reading it", async () => {
    const { reads, posted, stored } = holding(1e9);
    await reads.mark("t");
    expect(stored()).toBe(HEAD);
    expect(posted).toEqual([{ type: "read", thread: "t", seq: HEAD }]);
  });

  it("is told of again where it is no further than what is here", async () => {
    const { reads, posted, stored } = holding(5);
    await reads.merge({ t: 3 }, {});
    expect(stored()).toBe(5);
    expect(posted).toEqual([{ type: "read", thread: "t", seq: 5 }]);
  });
});
