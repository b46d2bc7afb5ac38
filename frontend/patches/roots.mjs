/**
 * The States' root keys are compiled in: `CASEHUB_ROOTS` names the file at build time.
 *
 * Without it the demo's worthless keys are taken and the bundle says so in `roots.json` beside it;
 * the server compares that file with its own roots and refuses to serve a bundle that pins others.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DEMO = fileURLToPath(new URL("../demo-roots.json", import.meta.url));
const ID = "virtual:casehub-roots";

export function pinnedRoots(file = process.env.CASEHUB_ROOTS || DEMO) {
  const roots = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
  return {
    name: "casehub:pinned-roots",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${roots};` : undefined),
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "roots.json", source: `${roots}\n` });
    },
  };
}
