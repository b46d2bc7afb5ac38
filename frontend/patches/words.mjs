/**
 * The words of each language in two parts: what may be said before the shell is there, and the rest.
 *
 * Nobody keeps a list. The first part has every word and every refusal that is named, in quotes, in a
 * module which the page loads before anybody has signed in; `vite build` refuses a page that loads
 * one more. Refusals which the server puts into words itself need none here, but for a moment, said
 * on the reader's clock.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const ENTRY = join(SRC, "main.ts");
const REFUSALS = fileURLToPath(new URL("../../casehub/core/errors.json", import.meta.url));
const ID = /^virtual:casehub-words\/(es|en|fr)-(first|rest)$/;
const TYPES_ALONE = /\b(?:im|ex)port\s+type\s*(?:\{[^}]*\}|\w+)\s*from\s*"[^"]*"/g;
const IMPORTED = /\b(?:from|import)\s*"(\.[^"?]*)/g;
/** A key of the words, or the code of a refusal. */
const NAME = /(?<=")[\w.-]+(?=")/g;
const ENDINGS = ["", ".ts", ".svelte.ts", "/index.ts"];

/** @param {string} file */
const catalogue = (file) => JSON.parse(readFileSync(file, "utf8"));

/** @param {string} path */
function fileOf(path) {
  const found = ENDINGS.map((ending) => path + ending).find(
    (one) => /\.\w+$/.test(one) && existsSync(one),
  );
  if (found === undefined) throw new Error(`no module at ${path}`);
  return found;
}

/**
 * The modules of `src` that are there when the page begins, and what stands in each.
 * @returns {Map<string, string>}
 */
export function modulesOfFirst() {
  const found = new Map();
  const waiting = [ENTRY];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || !/\.(svelte|ts)$/.test(file)) continue;
    const text = readFileSync(file, "utf8").replace(TYPES_ALONE, "");
    found.set(file, text);
    for (const [, path = ""] of text.matchAll(IMPORTED)) {
      waiting.push(fileOf(join(dirname(file), path)));
    }
  }
  return found;
}

/**
 * What one of the parts has.
 * @param {string} language
 * @param {boolean} first
 */
export function wordsOf(language, first) {
  const text = [...modulesOfFirst().values()].join("\n");
  const names = new Set(text.match(NAME));
  /** @param {string} name */
  const named = (name) => names.has(name);
  /** @type {Array<[string, string]>} */
  const said = Object.entries(catalogue(join(SRC, "words", `${language}.json`)));
  /** @type {Array<[string, Record<string, { message: string, do: string }>]>} */
  const refusals = Object.entries(catalogue(REFUSALS));
  return {
    said: Object.fromEntries(said.filter(([key]) => named(key) === first)),
    refusals: Object.fromEntries(
      refusals
        .map(([code, entry]) => /** @type {const} */ ([code, entry[language]]))
        .filter(([code, entry]) => (named(code) || !!entry?.do.includes("{until}")) === first),
    ),
  };
}

/** @returns {import("vite").Plugin} */
export function wordsInParts() {
  return {
    name: "casehub:words-in-parts",
    resolveId: (id) => (ID.test(id) ? `\0${id}` : undefined),
    load(id) {
      const [, language, part] = ID.exec(id.slice(1)) ?? [];
      if (language === undefined) return undefined;
      const text = JSON.stringify(wordsOf(language, part === "first"));
      return `export default JSON.parse(${JSON.stringify(text)});`;
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const entry = chunks.find((one) => one.isEntry && one.moduleIds.includes(ENTRY));
      if (entry === undefined) return; // the gallery, and whatever else is no page of ours
      const counted = modulesOfFirst();
      const loaded = new Set([entry.fileName, ...entry.imports]);
      for (const { moduleIds } of chunks.filter((one) => loaded.has(one.fileName))) {
        const ours = moduleIds.filter((id) => id.startsWith(SRC) && /\.(svelte|ts)$/.test(id));
        const missed = ours.find((id) => !counted.has(id));
        if (missed) this.error(`words of ${relative(SRC, missed)} are not among the first`);
      }
    },
  };
}
