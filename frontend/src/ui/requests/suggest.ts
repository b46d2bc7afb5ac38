/**
 * Which measures a sentence in plain words may mean. Pure.
 *
 * Words are compared without accents and endings ("cuentas" finds "cuenta"); a word that many
 * measures share counts less than one that few do. Only suggestions: a person ticks.
 */

import { fold } from "../search";
import type { Asked } from "./lawWords";

const LENGTH = 5;
const SHORTEST = 3;
const ENOUGH = 0.9;
const MOST = 6;
const EMPTY = new Set(
  fold(
    `que quien quiero necesito los las una uno del por para con sin esta este como the and who what
     need want with from les des une qui que pour avec besoin dans sur est son sus`,
  ).split(/\s+/),
);

const stems = (text: string): Set<string> =>
  new Set(
    fold(text)
      .split(/[^\p{Letter}\p{Number}]+/u)
      .filter((word) => word.length >= SHORTEST && !EMPTY.has(word))
      .map((word) => word.slice(0, LENGTH)),
  );

/** Ids of the measures that `sentence` may mean, best first. */
export function suggest(measures: readonly Asked[], sentence: string): string[] {
  const asked = stems(sentence);
  if (asked.size === 0) return [];
  const known = measures.map((measure) => ({
    id: measure.id,
    words: stems(
      [Object.values(measure.label), ...Object.values(measure.plain ?? {})].flat().join(" "),
    ),
  }));
  const shared = (word: string): number => known.filter(({ words }) => words.has(word)).length;
  const weights = new Map([...asked].map((word) => [word, 3 / (2 + shared(word))]));
  return known
    .map(({ id, words }) => ({
      id,
      score: [...asked].reduce(
        (sum, word) => sum + (words.has(word) ? (weights.get(word) ?? 0) : 0),
        0,
      ),
    }))
    .filter(({ score }) => score >= ENOUGH / 2)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ id }) => id);
}
