/**
 * Which measures a sentence in plain words may mean. Pure.
 *
 * Read in one language, the page's: stems of three languages find each other by chance. Words are
 * compared without accents and endings ("cuentas" finds "cuenta"); a word that many measures share
 * counts less than one that few do. Only suggestions: a person ticks.
 */

import type { Language } from "../preferences.svelte";
import { fold } from "../search";
import type { Asked } from "./lawWords";

const LENGTH = 5;
const SHORTEST = 3;
/** Below it a sentence has no more than a word that says nothing in common with a measure. */
const ENOUGH = 0.25;
/** What finds less than half of what the best finds is noise beside it. */
const OF_BEST = 0.5;
const MOST = 6;

const wordsOf = (text: string): string[] => fold(text).split(/[^\p{Letter}\p{Number}]+/u);

/** Words that stand in any sentence, and those with which anything is asked for. */
const EMPTY: Readonly<Record<Language, ReadonlySet<string>>> = {
  es: new Set(
    wordsOf(
      `que quien quienes quiero queremos necesito necesitamos pido pedir solicito los las una uno unos
       unas del por para con sin esta este estas estos esa ese como cual donde cuando hay son sus
       desde hasta sobre entre dos muy mas pero tambien debe ser sea tiene tengo nos les`,
    ),
  ),
  en: new Set(
    wordsOf(
      `the and who what where when which need needs want wants like ask please with from for this
       that these those his her their them they has have had was were are will would can could get
       its out not any two all she him you our`,
    ),
  ),
  fr: new Set(
    wordsOf(
      `les des une qui que quoi pour avec besoin dans sur est son ses leur leurs deux cette ces cet par
       veux voulons demande demander faut faire quand quels quelles nous vous ils elle aux pas`,
    ),
  ),
};

function stems(text: string, language: Language): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => word.length >= SHORTEST && !EMPTY[language].has(word))
      .map((word) => word.slice(0, LENGTH)),
  );
}

/** Ids of the measures that `sentence` may mean, best first. */
export function suggest(
  measures: readonly Asked[],
  sentence: string,
  language: Language,
): string[] {
  const asked = [...stems(sentence, language)];
  const known = measures.map(({ id, label, plain }) => {
    const phrases = [label[language], ...(plain?.[language] ?? [])];
    return { id, phrases: phrases.map((one) => stems(one, language)) };
  });
  const shared = (word: string): number =>
    known.filter(({ phrases }) => phrases.some((one) => one.has(word))).length;
  const weights = new Map(asked.map((word) => [word, 3 / (2 + shared(word))]));
  const weight = (words: ReadonlySet<string>): number =>
    asked.reduce((sum, word) => sum + (words.has(word) ? (weights.get(word) ?? 0) : 0), 0);
  const wholeness = (phrase: ReadonlySet<string>): number =>
    (1 + asked.filter((word) => phrase.has(word)).length / Math.max(phrase.size, 1)) / 2;
  const found = known
    .map(({ id, phrases }) => {
      // Words that stand together in one phrase mean more than the same ones scattered over many,
      // and most where they are the whole of it.
      const together = Math.max(...phrases.map((one) => weight(one) * wholeness(one)));
      const scattered = weight(new Set(phrases.flatMap((one) => [...one])));
      return { id, score: (together + scattered) / 2 };
    })
    .sort((one, other) => other.score - one.score);
  const best = found[0]?.score ?? 0;
  return found
    .filter(({ score }) => score >= Math.max(ENOUGH, best * OF_BEST))
    .slice(0, MOST)
    .map(({ id }) => id);
}
