/** What tests/vectors/audit/tlog.json holds; for tests only. */
import { readFileSync } from "node:fs";
import { asHash, type Hash, hex, utf8 } from "../../src/bytes";
import { leafHash, nodeHash } from "../../src/verify/tlog/merkle";

type Vectors = {
  log: { name: string; seed: string; vkey: string };
  witness: { name: string; vkey: string };
  leaf_hash_0: string;
  node_hash_0_1: string;
  roots: Record<string, string>;
  inclusion: { index: number; size: number; proof: string[] }[];
  consistency: { old: number; new: number; proof: string[] }[];
  checkpoint_7: string;
  tlog_proof_4_of_7: string;
  tile_paths: Record<string, string>;
  tiles_of_300: Record<string, string>;
  bundle_256_300: { path: string; first16: string; length: number; sha256: string };
  cosignature_7_message_sha256: string;
  spec_note: { vkey: string; note: string };
  mldsa44: { name: string; pub_b64: string; line: string };
};

const FILE = new URL("../../../tests/vectors/audit/tlog.json", import.meta.url);

export const TLOG = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;

export const hashOf = (digits: string): Hash => asHash(hex.decode(digits));
export const rootOf = (size: number): Hash => hashOf(TLOG.roots[size] ?? "");
export const entry = (number: number): Uint8Array => utf8.encode(`entry ${number}`);

/** The tree as its definition says (RFC 6962 section 2.1), slowly. */
export async function naiveRoot(leaves: readonly Hash[]): Promise<Hash> {
  const [first] = leaves;
  if (first === undefined) throw new Error("no leaves");
  if (leaves.length === 1) return first;
  const cut = split(leaves.length);
  return nodeHash(await naiveRoot(leaves.slice(0, cut)), await naiveRoot(leaves.slice(cut)));
}

export async function naivePath(index: number, leaves: readonly Hash[]): Promise<Hash[]> {
  if (leaves.length === 1) return [];
  const cut = split(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return index < cut
    ? [...(await naivePath(index, left)), await naiveRoot(right)]
    : [...(await naivePath(index - cut, right)), await naiveRoot(left)];
}

export async function naiveConsistency(
  old: number,
  leaves: readonly Hash[],
  whole = true,
): Promise<Hash[]> {
  if (old === leaves.length) return whole ? [] : [await naiveRoot(leaves)];
  const cut = split(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return old <= cut
    ? [...(await naiveConsistency(old, left, whole)), await naiveRoot(right)]
    : [...(await naiveConsistency(old - cut, right, false)), await naiveRoot(left)];
}

const split = (count: number): number => 2 ** (Math.ceil(Math.log2(count)) - 1);

export const leavesOf = (count: number): Promise<Hash[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => leafHash(entry(at))));
