/**
 * Checks of Merkle proofs (RFC 9162 section 2.1) over the tree of RFC 6962 with SHA-256.
 *
 * Nothing here makes a proof: a check that made it anew would share its mistakes. The same as
 * audit/tlog/merkle.py; both run tests/vectors/audit/tlog.json.
 */

import { equal, type Hash, sha256 } from "../../bytes";
import { Unproven } from "./refusal";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of one entry. */
export const leafHash = (entry: Uint8Array): Promise<Hash> => sha256(LEAF, entry);

/** Hash of two neighbouring subtrees. */
export const nodeHash = (left: Hash, right: Hash): Promise<Hash> => sha256(NODE, left, right);

/** Root of a tree without leaves. */
export const emptyRoot = (): Promise<Hash> => sha256();

const half = (value: number): number => Math.floor(value / 2); // beyond 2^31, where >> ends
const isOdd = (value: number): boolean => value % 2 === 1;

/** Where a path has come to: the place in its row, and the last place of that row. */
class Climb {
  constructor(
    private place: number,
    private last: number,
  ) {}

  /** Up to the first row in which the old tree's last node is a left one. */
  skipComplete(): void {
    while (isOdd(this.place)) this.up();
  }

  /** Which side the next hash of the path stands on; the climb goes one row up. */
  next(): "left" | "right" {
    if (this.last === 0) throw new Unproven("the path is too long");
    const left = isOdd(this.place) || this.place === this.last;
    while (left && !isOdd(this.place) && this.place !== 0) this.up();
    this.up();
    return left ? "left" : "right";
  }

  end(): void {
    if (this.last !== 0) throw new Unproven("the path is too short");
  }

  private up(): void {
    this.place = half(this.place);
    this.last = half(this.last);
  }
}

/**
 * That the tree of `size` leaves with this `root` holds the leaf hash at `index`, from 0.
 *
 * @throws {Unproven} if the path, from the leaf's sibling upwards, does not show it.
 */
export async function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  path: readonly Hash[],
  root: Hash,
): Promise<void> {
  if (!(index >= 0 && index < size)) throw new Unproven("the tree has no such index");
  const climb = new Climb(index, size - 1);
  let reached = leaf;
  for (const one of path) {
    reached = await (climb.next() === "left" ? nodeHash(one, reached) : nodeHash(reached, one));
  }
  climb.end();
  if (!equal(reached, root)) throw new Unproven("the path leads to another root");
}

export type Tree = { readonly size: number; readonly root: Hash };

/**
 * That the tree `after` begins with the tree `before`.
 *
 * @throws {Unproven} if the path does not show it.
 */
export async function verifyConsistency(
  before: Tree,
  after: Tree,
  path: readonly Hash[],
): Promise<void> {
  if (!(before.size >= 0 && before.size <= after.size))
    throw new Unproven("a tree does not shrink");
  if (before.size === 0 || before.size === after.size) {
    const same = before.size === 0 ? await emptyRoot() : after.root;
    if (path.length > 0 || !equal(before.root, same)) {
      throw new Unproven("equal sizes need equal roots, and no path");
    }
    return;
  }
  const complete = Number.isInteger(Math.log2(before.size));
  const shown = await rootsShown(before.size, after.size, complete ? [before.root, ...path] : path);
  if (!equal(shown.before, before.root) || !equal(shown.after, after.root)) {
    throw new Unproven("the path leads to other roots");
  }
}

/**
 * The roots of the first `before` of `after` leaves, and of all of them, as a path shows them.
 *
 * Here the path begins with the hash that a proof between sizes leaves out when `before` is a power
 * of two. Where `after` comes out as it was signed and `before` does not, two signed trees
 * contradict each other, and whoever reads the path sees that.
 *
 * @throws {Unproven} if it is no path between such sizes.
 */
export async function rootsShown(
  before: number,
  after: number,
  path: readonly Hash[],
): Promise<{ before: Hash; after: Hash }> {
  const [first, ...rest] = path;
  if (!(before > 0 && before < after) || first === undefined) {
    throw new Unproven("the path is empty");
  }
  const climb = new Climb(before - 1, after - 1);
  climb.skipComplete();
  let [old, now] = [first, first];
  for (const one of rest) {
    if (climb.next() === "left") [old, now] = [await nodeHash(one, old), await nodeHash(one, now)];
    else now = await nodeHash(now, one);
  }
  climb.end();
  return { before: old, after: now };
}
