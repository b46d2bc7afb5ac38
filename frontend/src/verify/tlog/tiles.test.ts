import { describe, expect, it } from "vitest";
import { hashOf, leavesOf, naiveRoot, rootOf, TLOG } from "../../../tests/vectors/tlog";
import { concat, equal, type Hash, hex, sha256 } from "../../bytes";
import { verifyConsistency, verifyInclusion } from "./merkle";
import { Unproven } from "./refusal";
import { consistencyPath, inclusionPath, pathOf, Tiles } from "./tiles";

const leaves = await leavesOf(300);
const above = await naiveRoot(leaves.slice(0, 256));

/** The files of a log of `size` entries, as its server has them. */
function filesOf(size: number): Map<string, Uint8Array> {
  const bottom = leaves.slice(0, size);
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at < size; at += 256) {
    const tile = bottom.slice(at, at + 256);
    files.set(pathOf(0, at / 256, tile.length), concat(...tile));
  }
  if (size >= 256) files.set(pathOf(1, 0, 1), above);
  return files;
}

function treeOf(size: number, files = filesOf(size)): Tiles {
  return new Tiles(size, async (path) => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`nobody has ${path}`);
    return file;
  });
}

describe("a tile", () => {
  it.each([
    [0, 0, 256, TLOG.tile_paths["level 0, n 0"]],
    [0, 273, 112, TLOG.tile_paths["level 0, n 273, width 112"]],
    [1, 1000, 256, TLOG.tile_paths["level 1, n 1000"]],
    [0, 1234067, 256, TLOG.tile_paths["level 0, n 1234067"]],
    [null, 5, 3, TLOG.tile_paths["entries n 5 width 3"]],
  ])("of level %s, number %i, width %i has its place", (level, number, width, path) => {
    expect(pathOf(level, number, width)).toBe(path);
  });
});

describe("the files of 300 entries", () => {
  it("have the bytes of the vectors, as this file makes them", async () => {
    const found = new Map<string, string>();
    for (const [path, bytes] of filesOf(300)) found.set(path, hex.encode(await sha256(bytes)));
    expect(Object.fromEntries(found)).toEqual(TLOG.tiles_of_300);
  });
});

describe("a path made from tiles", () => {
  it.each(TLOG.consistency)("is the vectors': $old to $new", async ({ old, new: size, proof }) => {
    const path = await consistencyPath(old, treeOf(size));
    expect(path).toEqual(proof.map(hashOf));
  });

  it.each(TLOG.inclusion)("is the vectors': $index of $size", async ({ index, size, proof }) => {
    expect(await inclusionPath(index, treeOf(size))).toEqual(proof.map(hashOf));
  });

  it("shows that a log of 300 begins with any earlier one, and holds any leaf", async () => {
    const tree = treeOf(300);
    const after = { size: 300, root: rootOf(300) };
    for (const old of [1, 2, 3, 100, 128, 255, 256, 257, 299]) {
      const before = { size: old, root: await naiveRoot(leaves.slice(0, old)) };
      await verifyConsistency(before, after, await consistencyPath(old, tree));
    }
    for (const index of [0, 1, 127, 255, 256, 299]) {
      const path = await inclusionPath(index, tree);
      await verifyInclusion(leaves[index] as Hash, index, 300, path, after.root);
    }
  });

  it("from a tile that lies leads elsewhere", async () => {
    const files = filesOf(300);
    const tile = files.get(pathOf(0, 1, 44)) ?? new Uint8Array();
    files.set(pathOf(0, 1, 44), tile.with(3, (tile[3] ?? 0) ^ 1));
    const path = await consistencyPath(256, treeOf(300, files));
    const [before, after] = [256, 300].map((size) => ({ size, root: rootOf(size) }));
    if (before === undefined || after === undefined) throw new Error("two trees");
    expect(equal(before.root, above)).toBe(true);
    await expect(verifyConsistency(before, after, path)).rejects.toThrow(Unproven);
  });

  it("is none where a tile is too short, or the tree too small", async () => {
    const files = filesOf(300);
    files.set(pathOf(0, 1, 44), new Uint8Array(31));
    await expect(consistencyPath(256, treeOf(300, files))).rejects.toThrow(Unproven);
    await expect(consistencyPath(301, treeOf(300))).rejects.toThrow(Unproven);
    await expect(inclusionPath(300, treeOf(300))).rejects.toThrow(Unproven);
  });

  it("reads each tile once", async () => {
    const asked: string[] = [];
    const files = filesOf(300);
    const tree = new Tiles(300, async (path) => {
      asked.push(path);
      return files.get(path) ?? new Uint8Array();
    });
    await consistencyPath(37, tree);
    await inclusionPath(37, tree);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
