/**
 * Bundles checked without a browser: `node casehub-client.mjs --bundle FILE [--policy FILE]`.
 *
 * One JSON line a bundle. It ends with 0 if all hold, 1 if one does not, 2 if one could not be
 * decided. Without a policy the bundle's own keys are believed.
 *
 * With `--story REQUEST` (or `all`) and `--language es` the lines after all of these say in words
 * what became of that request, bundle by bundle, if every one holds; where none tells of it, it ends
 * with 2.
 */

import { openAsBlob } from "node:fs";
import words from "virtual:casehub-offline-words";
import { IntlMessageFormat } from "intl-messageformat";
import { checkBundle } from "../../src/verify/bundle/check";
import { linesOf, type Say, titleOf } from "../../src/verify/bundle/narrating";
import type { Story } from "../../src/verify/bundle/retelling";

/** Which request's story is wanted, or `all`, and in which language. */
export type Wanted = { readonly request: string; readonly language: string };

export async function checkBundles(
  files: readonly string[],
  policy: string | null,
  out: (line: Record<string, unknown>) => void,
  wanted: Wanted | null = null,
  tell: (line: string) => void = () => {},
): Promise<number> {
  const say = wanted === null ? null : sayIn(wanted.language);
  const stories: Story[] = [];
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
    stories.push(...verdict.stories.filter(({ request }) => isWanted(request, wanted)));
  }
  // One that does not hold may be the one that says what the others leave out.
  if (worst !== 0 || wanted === null || say === null) return worst;
  for (const story of stories) {
    tell(titleOf(story, say, wanted.language));
    for (const line of linesOf(story, say, wanted.language)) tell(`  ${line}`);
  }
  return stories.length === 0 ? 2 : 0;
}

const isWanted = (request: string, wanted: Wanted | null): boolean =>
  wanted !== null && (wanted.request === "all" || wanted.request === request);

function sayIn(language: string): Say {
  if (language !== "es" && language !== "en" && language !== "fr") throw new Error("es, en or fr");
  return (key, args) => {
    const message = words[language][key];
    if (message === undefined) throw new Error(`no words for ${key}`);
    const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    return String(format.format(args));
  };
}
