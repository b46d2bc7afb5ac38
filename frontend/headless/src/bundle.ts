/**
 * Bundles checked without a browser: `node casehub-client.mjs --bundle FILE [--policy FILE]`.
 *
 * One JSON line a bundle. It ends with 0 if all hold, 1 if one does not, 2 if one could not be
 * decided. Without a policy the bundle's own keys are believed.
 *
 * With `--story REQUEST` (or `all`) and `--language es` the lines after it say in words what became
 * of that request, if all holds and the bundle tells of it; else it ends with 2.
 */

import { openAsBlob } from "node:fs";
import words from "virtual:casehub-offline-words";
import { IntlMessageFormat } from "intl-messageformat";
import { checkBundle, type Verdict } from "../../src/verify/bundle/check";
import { linesOf, type Say, titleOf } from "../../src/verify/bundle/narrating";

/** Which request's story is wanted, or `all`, and in which language. */
export type Wanted = { readonly request: string; readonly language: string };

export async function checkBundles(
  files: readonly string[],
  policy: string | null,
  out: (line: Record<string, unknown>) => void,
  wanted: Wanted | null = null,
  tell: (line: string) => void = () => {},
): Promise<number> {
  let worst = 0;
  let told = 0;
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
    else if (wanted !== null) told += tellOf(verdict, wanted, tell);
  }
  return worst === 0 && wanted !== null && told === 0 ? 2 : worst;
}

/** Say what became of the requests that are wanted, and how many those are. */
function tellOf(verdict: Verdict, wanted: Wanted, tell: (line: string) => void): number {
  const { request, language } = wanted;
  const say = sayIn(language);
  const found = verdict.stories.filter((one) => request === "all" || one.request === request);
  for (const one of found) {
    tell(titleOf(one, say, language));
    for (const line of linesOf(one, say, language)) tell(`  ${line}`);
  }
  return found.length;
}

function sayIn(language: string): Say {
  if (language !== "es" && language !== "en" && language !== "fr") throw new Error("es, en or fr");
  return (key, args) => {
    const message = words[language][key];
    if (message === undefined) throw new Error(`no words for ${key}`);
    const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    return String(format.format(args));
  };
}
