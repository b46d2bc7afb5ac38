/**
 * Names as whoever reads them quickly sees them. Pure.
 * Python: casehub/core/lines.py; both read tests/vectors/names.json.
 */

const FROM =
  "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455" +
  "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7";
const TO = "abekmhopctyxijsabezhikmnoptyx";
/** Small Cyrillic and Greek letters whose capital is drawn as a Latin one. */
const LATIN = new Map([...FROM].map((letter, at) => [letter, TO[at] ?? letter]));

/** Small letters, those that look like Latin ones as Latin. */
export const latin = (small: string): string =>
  [...small].map((letter) => LATIN.get(letter) ?? letter).join("");

/** Whether two names are one to whoever reads them quickly, in whichever order their words are. */
export function isSameName(one: string, other: string): boolean {
  const [mine, theirs] = [wordsOf(one), wordsOf(other)];
  return mine.join("") === theirs.join("") || mine.sort().join(" ") === theirs.sort().join(" ");
}

/** Its words: small, without marks, and without what stands between them. */
function wordsOf(name: string): string[] {
  // Up and down again folds what has two small forms, or a capital of two letters.
  const small = name.normalize("NFKD").toUpperCase().toLowerCase().replaceAll("\u03c2", "\u03c3");
  const bare = latin(small.replace(/\p{M}/gu, ""));
  return bare.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}
