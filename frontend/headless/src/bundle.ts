/**
 * Bundles checked without a browser: `node casehub-client.mjs --bundle FILE [--policy FILE]`.
 *
 * One JSON line a bundle. It ends with 0 if all hold, 1 if one does not, 2 if one could not be
 * decided. Without a policy the bundle's own keys are believed.
 */

import { openAsBlob } from "node:fs";
import { checkBundle } from "../../src/verify/bundle/check";

export async function checkBundles(
  files: readonly string[],
  policy: string | null,
  out: (line: Record<string, unknown>) => void,
): Promise<number> {
  let worst = 0;
  for (const file of files) {
    const verdict = await checkBundle(await openAsBlob(file), policy);
    const holds = verdict.findings.length === 0;
    out({
      bundle: file,
      holds,
      log: verdict.manifest?.log,
      size: verdict.manifest?.size,
      entries: verdict.manifest?.entries,
      conditions: Object.fromEntries(verdict.conditions),
      cosigned: Object.fromEntries(verdict.cosigned),
      findings: verdict.findings.map(({ code, at }) => [code, at]),
    });
    if (!holds) worst = 1;
  }
  return worst;
}
