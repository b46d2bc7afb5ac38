/**
 * Whose keys are believed of the public log is compiled in: `CASEHUB_LOG_POLICY` names the file at
 * build time, a C2SP tlog-policy from the log's keepers.
 *
 * Without it the bundle pins none, and each browser keeps the policy that it sees first: the demo's
 * keys are made at its first start, after the bundle.
 */

import { readFileSync } from "node:fs";

const ID = "virtual:casehub-log-policy";

export function pinnedLogPolicy(file = process.env.CASEHUB_LOG_POLICY || null) {
  const policy = JSON.stringify(file === null ? null : readFileSync(file, "utf8"));
  return {
    name: "casehub:pinned-log-policy",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${policy};` : undefined),
  };
}
