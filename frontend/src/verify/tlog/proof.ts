/** C2SP tlog-proof: one entry's place in one signed tree, in a file that can be carried away. */

import type { Hash } from "../../bytes";
import { leafHash, verifyInclusion } from "./merkle";
import type { Opened, Policy } from "./policy";
import { Malformed } from "./refusal";
import { fromBase64, fromDecimal, hashFromBase64 } from "./text";

const HEADER = "c2sp.org/tlog-proof@v1";
const EXTRA = "extra ";
const INDEX = "index ";
const LONGEST = 63; // hashes of a path

export type Proof = {
  readonly index: number;
  /** From the leaf's sibling upwards. */
  readonly path: readonly Hash[];
  /** The signed note, not checked yet. */
  readonly checkpoint: string;
  /** Whatever somebody put there: it is not proven. */
  readonly extra: Uint8Array | null;
};

/** @throws {Malformed} if it is none. */
export function parseProof(text: string): Proof {
  const cut = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, Math.max(cut, 0)).split("\n");
  if (header !== HEADER) throw new Malformed("not a tlog-proof");
  const extra = lines[0]?.startsWith(EXTRA) ? fromBase64(lines[0].slice(EXTRA.length)) : null;
  const [index, ...path] = extra === null ? lines : lines.slice(1);
  if (index?.startsWith(INDEX) !== true || path.length > LONGEST) {
    throw new Malformed("a tlog-proof names its index");
  }
  return {
    index: fromDecimal(index.slice(INDEX.length)),
    path: path.map(hashFromBase64),
    checkpoint: text.slice(cut + 2),
    extra,
  };
}

/**
 * That `entry` stands at the proof's index in a tree that satisfies the policy.
 *
 * @throws {Malformed} if the checkpoint is none.
 * @throws {Unproven} if a signature, the quorum or the path does not hold.
 */
export async function verifyProof(
  proof: Proof,
  entry: Uint8Array,
  policy: Policy,
): Promise<Opened> {
  const opened = await policy.open(proof.checkpoint);
  const { size, root } = opened.checkpoint;
  await verifyInclusion(await leafHash(entry), proof.index, size, proof.path, root);
  return opened;
}
