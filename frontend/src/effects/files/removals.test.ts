import { describe, expect, it } from "vitest";
import { ApiError, Unreachable } from "../../api/errors";
import { keys } from "../../store/records";
import type { Core } from "../core";
import { removeWithdrawn } from "./removals";

const refused = (code: string, status: number) => new ApiError(code, status, "", "", {});

/** What is asked of the server while it answers so, and what is left to be asked. */
function removing(answers: (id: string) => Error | null) {
  const left = new Map(["a", "b", "c"].map((id) => [keys.removal(id), "t1"] as const));
  const asked: string[] = [];
  const reads = new Map([["t1", {}]]);
  const core = {
    mirror: { circles: () => reads },
    over: false,
    vault: { list: async () => [...left] },
    exclusive: async (write: (tx: unknown) => Promise<unknown>) =>
      write({ remove: (key: ReturnType<typeof keys.removal>) => left.delete(key) }),
    deps: { locks: { run: async (_: string, task: () => Promise<void>) => task() } },
    api: {
      attachments: {
        remove: async (id: string) => {
          asked.push(id);
          const error = answers(id);
          if (error !== null) throw error;
        },
      },
    },
  };
  return { asked, left, reads, core: core as unknown as Core };
}

describe("the files of a message that was withdrawn", () => {
  it("are destroyed, and not asked for again", async () => {
    const { core, asked, left } = removing(() => null);
    await removeWithdrawn(core);
    await removeWithdrawn(core);
    expect(asked).toEqual(["a", "b", "c"]);
    expect(left.size).toBe(0);
  });

  it.each([
    ["the network is away", new Unreachable()],
    ["the server is busy", refused("busy", 503)],
    ["it is refused", refused("device-needed", 403)],
  ])("are asked for again where %s, one not instead of the other", async (_, error) => {
    const { core, asked, left } = removing((id) => (id === "a" ? error : null));
    await removeWithdrawn(core);
    expect([...left.keys()]).toEqual([keys.removal("a")]);
    await removeWithdrawn(core);
    expect(asked).toEqual(["a", "b", "c", "a"]);
  });

  it("that another device has destroyed are done with", async () => {
    const { core, left } = removing(() => refused("not-found", 404));
    await removeWithdrawn(core);
    expect(left.size).toBe(0);
  });

  it("are asked for once their author reads the thread again, who read it no more", async () => {
    const { core, left, reads } = removing(() => refused("not-found", 404));
    reads.clear();
    await removeWithdrawn(core);
    expect(left.size).toBe(3);
    reads.set("t1", {});
    await removeWithdrawn(core);
    expect(left.size).toBe(0);
  });
});
