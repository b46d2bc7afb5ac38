import { describe, expect, it } from "vitest";
import {
  entry,
  hashOf,
  leavesOf,
  naiveConsistency,
  naivePath,
  naiveRoot,
  rootOf,
  TLOG,
} from "../../../tests/vectors/tlog";
import { type Hash, hex } from "../../bytes";
import { Frontier } from "./entries";
import { emptyRoot, leafHash, nodeHash, verifyConsistency, verifyInclusion } from "./merkle";
import { Unproven } from "./refusal";

const LARGEST = 70; // beyond the 64 leaves of a complete tree
const leaves = await leavesOf(LARGEST);
const roots = await Promise.all(leaves.map((_, at) => naiveRoot(leaves.slice(0, at + 1))));
const treeOf = (size: number) => ({ size, root: roots[size - 1] as Hash });
const flipped = (hash: Hash): Hash => hash.map((byte, at) => (at === 7 ? byte ^ 1 : byte)) as Hash;

async function allUnproven(checks: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(checks)) {
    expect(one).toMatchObject({ status: "rejected", reason: expect.any(Unproven) });
  }
}

describe("a leaf", () => {
  it("is hashed apart from nodes", async () => {
    expect(hex.encode(await leafHash(entry(0)))).toBe(TLOG.leaf_hash_0);
    expect(hex.encode(await emptyRoot())).toBe(TLOG.roots[0]);
    const [left, right] = [await leafHash(entry(0)), await leafHash(entry(1))];
    expect(hex.encode(await nodeHash(left, right))).toBe(TLOG.node_hash_0_1);
  });
});

describe("a tree", () => {
  it.each(Object.keys(TLOG.roots))("of %s entries has the vectors' root", async (size) => {
    const edge = new Frontier();
    for (let at = 0; at < Number(size); at += 1) await edge.append(await leafHash(entry(at)));
    expect(hex.encode(await edge.root())).toBe(TLOG.roots[size]);
  });
});

describe("an inclusion proof", () => {
  it.each(TLOG.inclusion)(
    "of the vectors holds: $index of $size",
    async ({ index, size, proof }) => {
      const leaf = await leafHash(entry(index));
      await verifyInclusion(leaf, index, size, proof.map(hashOf), rootOf(size));
    },
  );

  it("holds for every leaf of every small tree, and for no other place or hash", async () => {
    for (let size = 1; size <= LARGEST; size += size > 17 ? 6 : 1) {
      for (let index = 0; index < size; index += size > 17 ? 5 : 1) {
        const path = await naivePath(index, leaves.slice(0, size));
        const { root } = treeOf(size);
        const leaf = leaves[index] as Hash;
        await verifyInclusion(leaf, index, size, path, root);
        const wrong = [
          verifyInclusion(flipped(leaf), index, size, path, root),
          verifyInclusion(leaf, index, size, path, flipped(root)),
          verifyInclusion(leaf, index, size, [...path, leaf], root),
          verifyInclusion(leaf, size, size, path, root),
          verifyInclusion(leaf, -1, size, path, root),
          ...path.map((_, at) =>
            verifyInclusion(leaf, index, size, path.with(at, flipped(path[at] as Hash)), root),
          ),
          ...(path.length > 0 ? [verifyInclusion(leaf, index, size, path.slice(1), root)] : []),
        ];
        await allUnproven(wrong);
      }
    }
  });
});

describe("a consistency proof", () => {
  it.each(TLOG.consistency)("of the vectors holds: $old to $new", async (vector) => {
    const [before, after] = [vector.old, vector.new];
    const trees = [before, after].map((size) => ({ size, root: rootOf(size) }));
    const [old, now] = trees as [(typeof trees)[0], (typeof trees)[0]];
    await verifyConsistency(old, now, vector.proof.map(hashOf));
  });

  it("holds between all small trees, and not for a tree that was changed", async () => {
    for (let size = 2; size <= LARGEST; size += size > 17 ? 6 : 1) {
      for (let old = 1; old <= size; old += size > 17 ? 5 : 1) {
        const path = await naiveConsistency(old, leaves.slice(0, size));
        const [before, after] = [treeOf(old), treeOf(size)];
        await verifyConsistency(before, after, path);
        const changed = { ...before, root: flipped(before.root) };
        const forked = { ...after, root: flipped(after.root) };
        await allUnproven([
          verifyConsistency(changed, after, path),
          verifyConsistency(before, forked, path),
          verifyConsistency(before, after, [...path, before.root]),
          ...(path.length > 0 ? [verifyConsistency(before, after, path.slice(1))] : []),
        ]);
      }
    }
  });

  it("from nothing is empty, and nothing shrinks", async () => {
    const nothing = { size: 0, root: await emptyRoot() };
    await verifyConsistency(nothing, treeOf(5), []);
    await expect(verifyConsistency(treeOf(5), nothing, [])).rejects.toThrow("shrink");
    const odd = { size: 0, root: treeOf(1).root };
    await expect(verifyConsistency(odd, treeOf(5), [])).rejects.toThrow(Unproven);
  });
});
