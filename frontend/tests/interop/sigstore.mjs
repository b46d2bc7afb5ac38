/**
 * node sigstore.mjs: judges tlog-proofs by Sigstore's verifier, none of whose code is ours.
 *
 * One JSON line in, `{"vkey", "entry" (base64), "proof" (the file)}`; one out, `"accepted"` or why
 * not. Only the spelling of vkey and proof is read here; note, checkpoint and path are judged there.
 */
import { createPublicKey } from "node:crypto";
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
// Not the package's entrance: that one wants a whole Sigstore bundle around each checkpoint.
import { verifyCheckpoint } from "@sigstore/verify/dist/tlog/checkpoint.js";
import { verifyMerkleInclusion } from "@sigstore/verify/dist/tlog/merkle.js";

const ED25519 = Buffer.from("302a300506032b6570032100", "hex"); // SubjectPublicKeyInfo, RFC 8410

/** @param {string} vkey */
function logOf(vkey) {
  const [name, id = "", ...key] = vkey.split("+");
  const raw = Buffer.from(key.join("+"), "base64").subarray(1);
  const publicKey = createPublicKey({
    key: Buffer.concat([ED25519, raw]),
    format: "der",
    type: "spki",
  });
  return { baseURL: name, logID: Buffer.from(id, "hex"), publicKey };
}

/**
 * What that verifier reads of an entry; the rest of its type is Sigstore's own.
 *
 * @param {{ vkey: string, entry: string, proof: string }} asked
 * @returns {any}
 */
function entryOf({ entry, proof }) {
  const cut = proof.indexOf("\n\n");
  const [, index = "", ...path] = proof.slice(0, cut).split("\n");
  return {
    canonicalizedBody: Buffer.from(entry, "base64"),
    inclusionProof: {
      logIndex: index.replace("index ", ""),
      hashes: path.map((hash) => Buffer.from(hash, "base64")),
      checkpoint: { envelope: proof.slice(cut + 2) },
    },
  };
}

/** @param {{ vkey: string, entry: string, proof: string }} asked */
function judged(asked) {
  const entry = entryOf(asked);
  try {
    /** @type {any} */
    const logs = [logOf(asked.vkey)];
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, logs));
    return "accepted";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

for await (const line of createInterface({ input: stdin })) {
  stdout.write(`${JSON.stringify(judged(JSON.parse(line)))}\n`);
}
