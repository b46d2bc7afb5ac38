/** An honest log that grows accuses itself of nothing, in ten thousand looks of a browser. */
import { expect, it } from "vitest";
import { cosigned, quorumOfOne, signedNote } from "../../../tests/vectors/log";
import { entry, TLOG } from "../../../tests/vectors/tlog";
import { concat, type Hash } from "../../bytes";
import { Frontier } from "./entries";
import { follow } from "./follow";
import { leafHash, nodeHash, verifyInclusion } from "./merkle";
import { Policy } from "./policy";
import { toBase64 } from "./text";
import { inclusionPath, pathOf, type ReadFile, Tiles } from "./tiles";

const LOOKS = 10_000;
const INCLUDED = 9; // proofs beside each consistency proof
const WIDTH = 256;
const { name, vkey } = TLOG.log;

/** A log as its server has it: the roots of all complete subtrees, by height. */
class Growing {
  readonly #roots: Hash[][] = [[]];
  readonly #edge = new Frontier();

  get size(): number {
    return this.#edge.size;
  }

  async grow(): Promise<void> {
    const leaf = await leafHash(entry(this.size));
    await this.#edge.append(leaf);
    let reached = leaf;
    for (let height = 0; ; height += 1) {
      const row = this.#row(height);
      row.push(reached);
      const left = row.at(-2);
      if (row.length % 2 === 1 || left === undefined) return;
      reached = await nodeHash(left, reached);
    }
  }

  #row(height: number): Hash[] {
    const row = this.#roots[height] ?? [];
    this.#roots[height] = row;
    return row;
  }

  readonly read: ReadFile = async (path) => {
    for (const level of [0, 1]) {
      const hashes = this.#row(8 * level);
      for (let number = 0; number * WIDTH < hashes.length; number += 1) {
        const held = hashes.slice(number * WIDTH, (number + 1) * WIDTH);
        if (path === pathOf(level, number, held.length)) return concat(...held);
      }
    }
    throw new Error(`nobody has ${path}`);
  };

  /** Makes the paths that a server hands out, which hashes nothing anew for them. */
  server(): Tiles {
    const roots = this.#roots;
    return new (class extends Tiles {
      override async node(height: number, index: number): Promise<Hash> {
        const found = roots[height]?.[index];
        if (found === undefined) throw new Error("the tree has no such node");
        return found;
      }
    })(this.size, this.read);
  }

  async published(time: number): Promise<string> {
    const text = `${name}\n${this.size}\n${toBase64(await this.#edge.root())}\n`;
    return cosigned(await signedNote(text), time);
  }
}

it("raises no alarm", { timeout: 120_000 }, async () => {
  const policy = await Policy.parse(`log ${vkey}\n${await quorumOfOne()}`);
  const log = new Growing();
  let before: string | null = null;
  for (let looks = 0; looks < LOOKS; looks += 1 + INCLUDED) {
    for (let more = 1 + (looks % 3); more > 0; more -= 1) await log.grow();
    const { size } = log;
    const note = await log.published(1_795_618_800_000 + looks * 1_000);
    const { checkpoint } = await follow(policy, name, before, note, log.read);
    expect(checkpoint.size).toBe(size);
    const server = log.server();
    for (let at = 0; at < INCLUDED; at += 1) {
      const index = (size - 1 + at * 7_919 * looks) % size; // the newest one first
      const path = await inclusionPath(index, server);
      await verifyInclusion(await leafHash(entry(index)), index, size, path, checkpoint.root);
    }
    before = note;
  }
  expect(log.size).toBeGreaterThan(7 * WIDTH);
});
