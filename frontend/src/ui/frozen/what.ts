/** In which words to say why a thread stopped: pure. */

import type { FrozenView } from "../client";
import type { Key } from "../words";

/** Of the many codes, what matters to a person. */
export type What = "host" | "forked" | "directory" | "leaf" | "commit";

const BY_HOST: ReadonlySet<string> = new Set([
  "chain",
  "epoch",
  "kind",
  "author",
  "own-altered",
  "message-id",
  "commit-id",
  "state-lost",
  "group",
  "commit-stale-epoch",
  "commit-future-epoch",
  "commit-wrong-group",
]);

export function whatOf(why: string): What {
  if (why === "forked") return "forked";
  if (why === "commit-leaf-refused") return "leaf";
  if (why.startsWith("directory-")) return "directory";
  return BY_HOST.has(why) ? "host" : "commit";
}

export const WHAT: Readonly<Record<What, Key>> = {
  host: "frozen.whatHost",
  forked: "frozen.whatForked",
  directory: "frozen.whatDirectory",
  leaf: "frozen.whatLeaf",
  commit: "frozen.whatCommit",
};

export const WHO: Readonly<Record<FrozenView["proof"], Key>> = {
  proven: "frozen.whoProven",
  doubtful: "frozen.whoDoubtful",
  read: "frozen.whoRead",
  named: "frozen.whoNamed",
  none: "frozen.whoNone",
};

/** Why a leaf may not stand in a group, for the catalogue's select. */
export function barOf(why: string): "revoked" | "expired" | "post" | "state" | "other" {
  if (why.endsWith("-revoked")) return "revoked";
  if (why.endsWith("-expired")) return "expired";
  if (why.startsWith("reads-")) return "post";
  return why === "draft-own-state" ? "state" : "other";
}
