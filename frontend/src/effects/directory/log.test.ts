/** The directory's log is followed as far as its files make the root that is believed. */

import { describe, expect, it } from "vitest";
import type { Api } from "../../api/api";
import { concat, type Hash, utf8 } from "../../bytes";
import type { Tx } from "../../store/vault";
import { Frontier } from "../../verify/tlog/entries";
import { leafHash } from "../../verify/tlog/merkle";
import type { BelievedDirectory } from "../log/believed";
import { DirectoryLog } from "./log";

const ORIGIN = "dir.casehub.example";
const DAY = 86_400_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
const leafAt = (t: number) => utf8.encode(`{"k":"close","t":${t},"v":1}`);
const LEAVES = [1, 2, 3].map(leafAt);

async function rootOf(leaves: readonly Uint8Array[]) {
  const tree = new Frontier();
  for (const leaf of leaves) await tree.append(await leafHash(leaf));
  return tree.root();
}

const bundled = (leaves: readonly Uint8Array[]) =>
  concat(...leaves.map((leaf) => concat(Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf)));

/** A device that is handed these entries of a log whose believed root is of `LEAVES`. */
async function device(
  handed: readonly Uint8Array[],
  cosigned: number | null = null,
  grown: { leaves: readonly Uint8Array[] } = { leaves: LEAVES },
  meanwhile: (log: DirectoryLog) => Promise<void> = async () => undefined,
) {
  const accused: unknown[] = [];
  const root = await rootOf(grown.leaves);
  const believed = async () => {
    const { leaves } = grown;
    const files = leaves.length === LEAVES.length ? handed : leaves;
    const checkpoint = { origin: ORIGIN, size: leaves.length, root: await rootOf(leaves) };
    return {
      ...{ origin: ORIGIN, note: "", at: cosigned, read: async () => bundled(files) },
      opened: { checkpoint, cosigned: new Map() },
    } as unknown as BelievedDirectory;
  };
  const directoryLog: Api["directoryLog"] = async () => {
    await meanwhile(log);
    return { size: 0, entries: [] };
  };
  const watch = {
    directory: believed,
    accuse: async (found: unknown) => void accused.push(found),
    look: async () => undefined,
  };
  const log = new DirectoryLog({ directoryLog }, watch, {});
  await log.advance();
  return { log, accused, root };
}

describe("the directory's log", () => {
  it("is followed to the root that is believed", async () => {
    const { log, accused, root } = await device(LEAVES);
    expect([log.origin, log.size, accused]).toEqual([ORIGIN, 3, [null]]);
    expect(await log.rootAt(3)).toEqual(root);
    expect(await log.rootAt(2)).toEqual(await rootOf(LEAVES.slice(0, 2)));
    expect(await log.rootAt(4)).toBeNull();
  });

  it("has the root of what was followed before while it is followed on", async () => {
    const leaves = Array.from({ length: 40 }, (_, at) => leafAt(at + 1));
    const handed = { leaves: leaves.slice(0, 3) };
    const { log } = await device(handed.leaves, null, handed);
    const roots = new Map<number, Hash>();
    for (const size of [3, leaves.length]) roots.set(size, await rootOf(leaves.slice(0, size)));
    handed.leaves = leaves;
    let over = false;
    void log.advance().finally(() => {
      over = true;
    });
    while (!over) {
      const { size } = log;
      expect([size, await log.rootAt(size)]).toEqual([size, roots.get(size)]);
    }
    expect(log.size).toBe(leaves.length);
  });

  it("accuses nobody of what another tab has read on meanwhile", async () => {
    const grown = { leaves: [1, 1_000, 2_000].map(leafAt) };
    const { log: another } = await device(grown.leaves, null, grown);
    const kept = new Map<string, unknown>();
    const tx = {
      get: async (key: string) => kept.get(key),
      list: async (prefix: string) => [...kept].filter(([key]) => key.startsWith(prefix)),
      put: (key: string, value: unknown) => kept.set(key, value),
      remove: (key: string) => kept.delete(key),
    } as unknown as Tx;
    await another.save(tx);
    const { log, accused } = await device(grown.leaves, null, grown, (one) => one.recall(tx));
    expect([log.size, accused.filter((one) => one !== null)]).toEqual([3, []]);
    expect(await log.rootAt(3)).toEqual(await another.rootAt(3));
  });

  it.each([
    ["another entry among them", [leafAt(1), leafAt(9), leafAt(3)]],
    ["another order", [leafAt(2), leafAt(1), leafAt(3)]],
    ["one less", LEAVES.slice(0, 2)],
    ["one more", [...LEAVES, leafAt(4)]],
  ])("is not believed from files with %s, which accuse nobody", async (_what, handed) => {
    const { log, accused } = await device(handed);
    expect([log.size, accused]).toEqual([0, []]);
  });

  it.each([
    ["a moment ago", NOW, false],
    ["almost a day ago", NOW - DAY + 1_000, false],
    ["a day ago", NOW - DAY, true],
  ])("that was cosigned %s is too old to let anybody in: %j, %j", async (_when, at, old) => {
    const { log } = await device(LEAVES, at / 1_000);
    expect(log.isOld(NOW)).toBe(old);
  });

  it("that nobody has to cosign is never too old", async () => {
    expect((await device(LEAVES)).log.isOld(NOW)).toBe(false);
  });
});
