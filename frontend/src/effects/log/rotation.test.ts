import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cosigned, quorumOfOne, vkeyOfWitness } from "../../../tests/vectors/log";
import { ROTATION } from "../../../tests/vectors/rotation";
import type { LogApi } from "../../api/log";
import { fileStores } from "../../store/file";
import { LogMemory } from "../../store/log";
import { type Deps, processLocks } from "../deps";
import { LogWatch } from "./watch";

const { keys, line, origin, checkpoint, start, end, stranger } = ROTATION;
const OLD = `log ${keys.a}\nquorum none\n`;
const BOTH = `${OLD}log ${keys.b}\n${line}\n`;
const NEW = `quorum none\nlog ${keys.b}\n${line}\n`;
const RIVAL = `log ${stranger}\nquorum none\n${ROTATION.rival_line}\n`;
const FORGED = `${OLD}log ${keys.b}\n${line.slice(0, -8)}AAAAAAA=\n`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watch-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One browser, one load of the page after the other, before a server that says what it is told. */
function browser(pinned: string | null) {
  const store = fileStores(folder);
  return async (policy: string, note: string, seconds = start + 1) => {
    const api = {
      list: async () => [{ name: "dir", origin }],
      policy: async () => policy,
      checkpoint: async () => note,
    } as unknown as LogApi;
    const timers = { after: () => () => undefined };
    const deps = { store, locks: processLocks(), clock: () => seconds * 1_000, timers };
    const watch = new LogWatch(
      { ...deps, logPolicy: pinned } as unknown as Deps,
      api,
      new LogMemory(store),
      () => undefined,
    );
    await watch.look();
    const believed = watch.policy?.keysOf(origin).length ?? 0;
    return { alarm: watch.alarm?.code ?? null, holds: !watch.failing, keys: believed };
  };
}

describe.each([
  ["pinned", OLD],
  ["kept since its first look", null],
])("a browser whose policy is %s", (_, pinned) => {
  it("goes on from one key to the next by the word of both, and remembers it", async () => {
    const look = browser(pinned);
    expect(await look(OLD, checkpoint.a)).toEqual({ alarm: null, holds: true, keys: 1 });
    expect(await look(BOTH, checkpoint.ab)).toEqual({ alarm: null, holds: true, keys: 2 });
    const over = await look(NEW, checkpoint.b, end + 1);
    expect(over).toEqual({ alarm: null, holds: true, keys: 2 });
  });

  it("learns of it as well when it was away for all of the month", async () => {
    const look = browser(pinned);
    await look(OLD, checkpoint.a);
    expect(await look(NEW, checkpoint.b, end + 1)).toMatchObject({ alarm: null, holds: true });
  });

  it("does not take the old key from its end on", async () => {
    const look = browser(pinned);
    await look(BOTH, checkpoint.ab);
    const late = await look(NEW, checkpoint.a, end + 1);
    expect(late).toMatchObject({ alarm: "log-unproven", holds: false });
  });

  it("does not take a key without a statement", async () => {
    const look = browser(pinned);
    await look(OLD, checkpoint.a);
    const found = await look(`${OLD}log ${keys.b}\n`, checkpoint.b);
    expect(found).toMatchObject({ holds: false, keys: 1 });
    expect(["log-unproven", "log-policy"]).toContain(found.alarm);
  });

  it.each([
    ["forged", OLD, FORGED],
    ["about a key that is followed by another", BOTH, RIVAL],
    ["that replaces the one before", BOTH, BOTH.replace(line, ROTATION.rival_line)],
  ])("says so when it is told of a statement %s", async (_what, before, after) => {
    const look = browser(pinned);
    await look(before, checkpoint.a);
    expect(await look(after, checkpoint.a)).toMatchObject({ alarm: "log-policy", holds: false });
    // Once the server says again what it said, that is over.
    expect(await look(before, checkpoint.a)).toMatchObject({ alarm: null, holds: true });
  });
});

describe("a browser that follows the policy of its first look", () => {
  const at = (start + 1) * 1_000;

  /** One witness, reached at this port, as the demo's are after each start. */
  const asking = async (port: number) =>
    `log ${keys.a}\n${(await quorumOfOne()).replace("\nquorum", ` http://127.0.0.1:${port}\nquorum`)}`;

  it("goes on when the server starts again and its witnesses listen elsewhere", async () => {
    const look = browser(null);
    const note = await cosigned(checkpoint.a, at);
    expect(await look(await asking(40_001), note)).toMatchObject({ alarm: null, holds: true });
    expect(await look(await asking(40_002), note)).toMatchObject({ alarm: null, holds: true });
  });

  it("takes a witness that is needed beside those before, and holds the server to it", async () => {
    const look = browser(null);
    const note = await cosigned(checkpoint.a, at);
    const alone = await asking(40_001);
    const second = `witness YY ${await vkeyOfWitness("y.example", 9)}\n`;
    const both = `${alone.replace("quorum XX\n", second)}group g all XX YY\nquorum g\n`;
    expect(await look(alone, note)).toMatchObject({ alarm: null, holds: true });
    expect(await look(both, note)).toMatchObject({ alarm: "log-unproven", holds: false });
    expect(await look(alone, note)).toMatchObject({ alarm: "log-policy", holds: false });
  });
});
