/**
 * C2SP tlog-tiles: proofs made by the reader, from the log's files of 256 hashes.
 *
 * What is read here is believed by nobody: the path that comes out is checked by merkle.ts against
 * signed roots, and a lying tile only makes a path that leads elsewhere. Python: audit/tlog/tiles.py.
 */

import { asHash, type Hash } from "../../bytes";
import { nodeHash } from "./merkle";
import { Unproven } from "./refusal";

const HEIGHT = 8;
const WIDTH = 256; // hashes in a full tile
const HASH = 32; // bytes

/** Fetches a file of the log by its path below the log's prefix, such as `tile/0/x001/067.p/12`. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** The path of a tile; of a bundle of entries if `level` is null. */
export function pathOf(level: number | null, number: number, width: number): string {
  const groups = number
    .toString()
    .padStart(Math.ceil(Math.max(number.toString().length, 1) / 3) * 3, "0")
    .match(/\d{3}/g);
  const place = (groups ?? []).map((one, at, all) => (at < all.length - 1 ? `x${one}` : one));
  const partial = width === WIDTH ? "" : `.p/${width}`;
  return `tile/${level ?? "entries"}/${place.join("/")}${partial}`;
}

/** The tree of `size` leaves as its tiles hold it; each tile is read once. */
export class Tiles {
  readonly #known = new Map<string, Promise<Uint8Array>>();

  constructor(
    readonly size: number,
    private readonly read: ReadFile,
  ) {}

  /**
   * Root of the complete subtree of 2^height leaves that begins at leaf index * 2^height.
   *
   * @throws {Unproven} if a tile is too short for what is asked.
   */
  async node(height: number, index: number): Promise<Hash> {
    const level = Math.floor(height / HEIGHT);
    const count = 2 ** (height % HEIGHT);
    const first = index * count;
    const number = Math.floor(first / WIDTH);
    const tile = await this.#tile(level, number);
    const from = (first % WIDTH) * HASH;
    if (tile.length < from + count * HASH) throw new Unproven("a tile is too short");
    const hashes = Array.from({ length: count }, (_, at) =>
      asHash(tile.slice(from + at * HASH, from + (at + 1) * HASH)),
    );
    return fold(hashes);
  }

  #tile(level: number, number: number): Promise<Uint8Array> {
    const inRow = Math.floor(this.size / WIDTH ** level);
    const width = Math.min(inRow - number * WIDTH, WIDTH);
    if (width <= 0) throw new Unproven("the tree has no such tile");
    const path = pathOf(level, number, width);
    const known = this.#known.get(path) ?? this.read(path);
    this.#known.set(path, known);
    return known;
  }
}

async function fold(hashes: readonly Hash[]): Promise<Hash> {
  const [first, second] = hashes;
  if (first === undefined) throw new Unproven("a tile is too short");
  if (second === undefined) return first;
  const pairs = Array.from({ length: hashes.length / 2 }, (_, at) =>
    nodeHash(hashes[2 * at] ?? first, hashes[2 * at + 1] ?? second),
  );
  return fold(await Promise.all(pairs));
}

/** The largest power of two below `count`, which is at least 2. */
function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** Hash of leaves first..end-1, a range as RFC 6962 cuts them. */
async function rangeHash(first: number, end: number, tiles: Tiles): Promise<Hash> {
  const height = Math.log2(end - first);
  if (Number.isInteger(height)) return tiles.node(height, first / (end - first));
  const middle = first + split(end - first);
  return nodeHash(await rangeHash(first, middle, tiles), await rangeHash(middle, end, tiles));
}

/**
 * The hashes that show that a tree begins with its first `old` leaves (RFC 6962 section 2.1.2).
 *
 * @throws {Unproven} if a tile is too short, or the tree has fewer leaves.
 */
export async function consistencyPath(old: number, tiles: Tiles): Promise<Hash[]> {
  if (!(old >= 0 && old <= tiles.size)) throw new Unproven("a tree does not shrink");
  if (old === 0 || old === tiles.size) return [];
  const path = await fullPath(old, tiles);
  return Number.isInteger(Math.log2(old)) ? path.slice(1) : path;
}

/**
 * The same for 0 < old < size, always with its first hash: it shows both roots to somebody who
 * believes neither.
 *
 * @throws {Unproven} if a tile is too short, or the tree has fewer leaves.
 */
export async function fullPath(old: number, tiles: Tiles): Promise<Hash[]> {
  const path: Hash[] = [];
  let [first, end] = [0, tiles.size];
  while (old !== end) {
    const middle = first + split(end - first);
    if (old <= middle) {
      path.unshift(await rangeHash(middle, end, tiles));
      end = middle;
    } else {
      path.unshift(await rangeHash(first, middle, tiles));
      first = middle;
    }
  }
  return [await rangeHash(first, end, tiles), ...path];
}

/**
 * The hashes that lead from leaf `index` to the root, lowest first.
 *
 * @throws {Unproven} if a tile is too short, or the tree has no such leaf.
 */
export async function inclusionPath(index: number, tiles: Tiles): Promise<Hash[]> {
  if (!(index >= 0 && index < tiles.size)) throw new Unproven("the tree has no such index");
  const path: Hash[] = [];
  let [first, end] = [0, tiles.size];
  while (end - first > 1) {
    const middle = first + split(end - first);
    if (index < middle) {
      path.unshift(await rangeHash(middle, end, tiles));
      end = middle;
    } else {
      path.unshift(await rangeHash(first, middle, tiles));
      first = middle;
    }
  }
  return path;
}
