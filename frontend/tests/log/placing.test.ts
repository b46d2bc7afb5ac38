import { describe, expect, it } from "vitest";
import { Unreachable } from "../../src/api/errors";
import { hex } from "../../src/bytes";
import { placeOf } from "../../src/effects/log/placing";
import { toBase64 } from "../../src/verify/tlog/text";
import { inclusionPath, Tiles } from "../../src/verify/tlog/tiles";
import { cosigned, LogInHand, quorumOfOne } from "../vectors/log";
import { LogServer, watchOf } from "./server";

const NOW = Date.UTC(2026, 10, 26);
const honest = await LogInHand.of(300);
const forged = await LogInHand.of(300, { from: 100 });
const NAME = `acts-${honest.origin.split("/")[1]}`;

/** What the console is told of entry `position` of a tree of `size`. */
async function told(position: number, size: number, log = honest) {
  const part = await LogInHand.from(log.entries.slice(0, size));
  const path = await inclusionPath(position, new Tiles(size, part.read));
  const lines = ["c2sp.org/tlog-proof@v1", `index ${position}`, ...path.map(toBase64)];
  const note = await log.note(size);
  const by = log === honest ? await cosigned(note, NOW) : note; // no witness signs the other one
  return {
    log: NAME,
    position,
    leaf_hash: hex.encode(log.leaves[position] ?? new Uint8Array()),
    proof_text: `${lines.join("\n")}\n\n${by}`,
  };
}

/** A browser that follows 200 witnessed entries. */
async function following() {
  const server = new LogServer(honest);
  server.policyText = honest.policyText.replace("quorum none\n", await quorumOfOne());
  server.note = await cosigned(await honest.note(200), NOW);
  const page = watchOf(server, { clock: () => NOW });
  await page.watch.look();
  return { server, ...page };
}

describe("an entry that an auditor opens", () => {
  it.each([150, 200, 300])(
    "stands in a witnessed tree of %i entries, as checked here",
    async (n) => {
      const { watch } = await following();
      expect(await placeOf(await told(120, n), watch)).toEqual({
        size: n,
        cosigned: [{ witness: "XX", at: new Date(NOW).toISOString() }],
      });
      expect(watch.alarm).toBeNull();
    },
  );

  it.each([
    ["at another place", { position: 121 }],
    ["in another log", { log: "dir" }],
    ["with another leaf", { leaf_hash: "5f".repeat(32) }],
    ["with what is no hash", { leaf_hash: "leaf" }],
    ["with no proof", { proof_text: null }],
    ["with what is no proof", { proof_text: "proof" }],
  ])("%s is not taken for proven", async (_, over) => {
    const { watch } = await following();
    const placed = placeOf({ ...(await told(120, 200)), ...over }, watch);
    await expect(placed).rejects.toMatchObject({ code: "log-not-followed" });
    expect(watch.alarm).toBeNull();
  });

  it("of another history is not either, and is an alarm where signatures show it", async () => {
    const { watch } = await following();
    const placed = placeOf(await told(120, 200, forged), watch);
    await expect(placed).rejects.toMatchObject({ code: "log-not-followed" });
    expect(watch.alarm?.code).toBe("log-forked");
  });

  it("accuses nobody while the log's files cannot be read", async () => {
    const { watch, server } = await following();
    server.file = async () => {
      throw new Unreachable("away");
    };
    await expect(placeOf(await told(120, 300), watch)).rejects.toBeInstanceOf(Unreachable);
  });
});
