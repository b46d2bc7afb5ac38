/** Of the words of the interface only those of the page that checks bundles: it holds no others. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ID = "virtual:casehub-offline-words";
/** Beside its own words those of the codes that a request's story names. */
const OWN = [
  ...["bundle.", "consult.q.", "ground.", "move.code.", "move.condition.", "move.terms."],
  ...["move.lapsed.", "move.power.", "move.asset.", "move.assetIn", "move.band."],
  ...["deadline.consultation", "deadline.request", "second.reason."],
  ...["move.act.answer-part", "move.act.execute"],
];

/** @param {string} language */
export const wordsOf = (language) => {
  const file = new URL(`../src/words/${language}.json`, import.meta.url);
  const all = Object.entries(JSON.parse(readFileSync(fileURLToPath(file), "utf8")));
  return Object.fromEntries(all.filter(([key]) => OWN.some((one) => key.startsWith(one))));
};

/** @returns {import("vite").Plugin} */
export function offlineWords() {
  return {
    name: "casehub:offline-words",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const words = Object.fromEntries(["es", "en", "fr"].map((one) => [one, wordsOf(one)]));
      return `export default ${JSON.stringify(words)};`;
    },
  };
}
