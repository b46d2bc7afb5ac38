/**
 * The one correction of ts-mls 1.6.4: the check of unmerged leaves when a tree is received.
 *
 * RFC 9420, section 12.4.3.1: "For each non-empty parent node and each entry in the node's
 * unmerged_leaves field: verify that the entry represents a non-blank leaf node that is a
 * descendant of the parent node; verify that every non-blank intermediate node between the leaf
 * node and the parent node also has an entry for the node in its own unmerged_leaves field."
 *
 * The package refuses an entry only if both halves of the first sentence fail, and for the second
 * it walks on to the root and wants equal lists, so that honest trees are refused at many joins.
 *
 * `npm run patch` applies it after `npm ci`. It writes only over the file it knows, by SHA-256, and
 * only the result it knows; run again, it does nothing. The build and the tests ask `assertPatched`.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

export const TARGET = fileURLToPath(
  new URL("../node_modules/ts-mls/dist/src/clientState.js", import.meta.url),
);
export const ORIGINAL = "63645bc3be6ec7f6d4f6d88af5c0b63e34f5e1fea693c62bd958d228b51b6f61";
export const CORRECTED = "9f72dad0fde34f01a7da567d757d293b926bf33b31b61650cafd6df8d5b84ad8";

const FROM = `
                const leafIndex = toLeafIndex(unmergedLeaf);
                const dp = directPath(leafToNodeIndex(leafIndex), leafWidth(tree.length));
                const nodeIndex = leafToNodeIndex(leafIndex);
                if (tree[nodeIndex]?.nodeType !== "leaf" && !dp.includes(toNodeIndex(i)))
                    return new ValidationError("Unmerged leaf did not represent a non-blank descendant leaf node");
                for (const parentIdx of dp) {
                    const dpNode = tree[parentIdx];
                    if (dpNode !== undefined) {
                        if (dpNode.nodeType !== "parent")
                            return new InternalError("Expected parent node");
                        if (!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves))
                            return new ValidationError("non-blank intermediate node must list leaf node in its unmerged_leaves");
                    }
                }
`;

// The leaf is looked up before its direct path: a path from outside the tree would never end.
const TO = `
                const leafNodeIndex = leafToNodeIndex(toLeafIndex(unmergedLeaf));
                const isNonBlankLeaf = tree[leafNodeIndex]?.nodeType === "leaf";
                const path = isNonBlankLeaf ? directPath(leafNodeIndex, leafWidth(tree.length)) : [];
                const height = path.indexOf(nodeIndex);
                if (height === -1)
                    return new ValidationError("Unmerged leaf did not represent a non-blank descendant leaf node");
                for (const betweenIndex of path.slice(0, height)) {
                    const between = tree[betweenIndex];
                    if (between === undefined)
                        continue;
                    if (between.nodeType !== "parent")
                        return new InternalError("Expected parent node");
                    if (!between.parent.unmergedLeaves.includes(unmergedLeaf))
                        return new ValidationError("non-blank intermediate node must list leaf node in its unmerged_leaves");
                }
`;

/** @param {string} text */
const digest = (text) => createHash("sha256").update(text, "utf8").digest("hex");

/**
 * The corrected source of `dist/src/clientState.js`.
 *
 * @param {string} source the original
 * @returns {string}
 */
export function corrected(source) {
  if (digest(source) !== ORIGINAL) throw new Error("not the clientState.js of ts-mls 1.6.4");
  const parts = source.split(FROM);
  if (parts.length !== 2) throw new Error("the passage to correct was not found exactly once");
  const result = parts.join(TO);
  if (digest(result) !== CORRECTED) {
    throw new Error(`the correction gave ${digest(result)}, which is not what was reviewed`);
  }
  return result;
}

/** Throws unless the installed package is exactly the corrected one. */
export function assertPatched() {
  if (digest(readFileSync(TARGET, "utf8")) !== CORRECTED) {
    throw new Error("ts-mls is not corrected: run `npm run patch` in frontend/");
  }
}

/** Correct the installed package in place; harmless when it is corrected already. */
export function patch() {
  const source = readFileSync(TARGET, "utf8");
  if (digest(source) !== CORRECTED) writeFileSync(TARGET, corrected(source));
  assertPatched();
}

if (argv[1] === fileURLToPath(import.meta.url)) patch();
