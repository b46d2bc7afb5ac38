/** The log read whole: its entries as the log hands them out, and the root that they make. */

import type { Hash } from "../../bytes";
import { emptyRoot, leafHash, nodeHash } from "./merkle";
import { Malformed, Unproven } from "./refusal";
import { pathOf, type ReadFile } from "./tiles";

const WIDTH = 256; // entries in a full bundle
const LENGTH = 2; // bytes before each entry, big-endian

/** @throws {Malformed} if the bytes do not end with an entry. */
export function entriesIn(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    if (at + LENGTH > bundle.length) throw new Malformed("a bundle that ends within a length");
    const end = at + LENGTH + view.getUint16(at);
    if (end > bundle.length) throw new Malformed("a bundle that ends within an entry");
    entries.push(bundle.slice(at + LENGTH, end));
    at = end;
  }
  return entries;
}

/** A tree that remembers only the roots of its largest complete subtrees, and can grow. */
export class Frontier {
  readonly #peaks: Hash[]; // left to right, as the binary digits of `size`

  constructor(
    peaks: readonly Hash[] = [],
    public size = 0,
  ) {
    this.#peaks = [...peaks];
  }

  copy(): Frontier {
    return new Frontier(this.#peaks, this.size);
  }

  async append(leaf: Hash): Promise<void> {
    let reached = leaf;
    for (let carry = this.size; carry % 2 === 1; carry = Math.floor(carry / 2)) {
      reached = await nodeHash(this.#peaks.pop() ?? reached, reached);
    }
    this.#peaks.push(reached);
    this.size += 1;
  }

  async root(): Promise<Hash> {
    let reached = this.#peaks.at(-1);
    if (reached === undefined) return emptyRoot();
    for (const peak of this.#peaks.slice(0, -1).reverse()) reached = await nodeHash(peak, reached);
    return reached;
  }
}

/**
 * The entries of a log from index `first` on, as the log hands them out.
 *
 * @throws {Unproven} if the log hands out another number of entries than it has.
 */
export async function entriesFrom(
  first: number,
  size: number,
  read: ReadFile,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (let number = Math.floor(first / WIDTH); number * WIDTH < size; number += 1) {
    const width = Math.min(size - number * WIDTH, WIDTH);
    const entries = entriesIn(await read(pathOf(null, number, width)));
    if (entries.length !== width) throw new Unproven(`bundle ${number} has not ${width} entries`);
    found.push(...entries.slice(Math.max(0, first - number * WIDTH)));
  }
  return found;
}

/**
 * Reads every entry and says which root they make.
 *
 * @throws {Unproven} if the log hands out another number of entries than it has.
 */
export async function rootOfEntries(size: number, read: ReadFile): Promise<Hash> {
  const tree = new Frontier();
  while (tree.size < size) {
    const number = Math.floor(tree.size / WIDTH);
    const width = Math.min(size - number * WIDTH, WIDTH);
    const entries = entriesIn(await read(pathOf(null, number, width)));
    if (entries.length !== width) throw new Unproven(`bundle ${number} has not ${width} entries`);
    for (const entry of entries) await tree.append(await leafHash(entry));
  }
  return tree.root();
}
