/**
 * Names that look like somebody else's: the same letters to the eye, other ones to a program.
 * Python: casehub/core/lines.py, which holds the same table for what people sign.
 */

const FROM =
  "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455" +
  "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7";
const TO = "abekmhopctyxijsabezhikmnoptyx";
const LATIN = new Map([...FROM].map((letter, at) => [letter, TO[at] ?? letter]));

const NOT_DRAWN = /\p{Default_Ignorable_Code_Point}|\p{M}/gu;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** Names come again with every line of a thread. */
const known = new Map<string, string>();
const MOST_KNOWN = 5_000;

/** What the eye makes of a name: Latin letters, small, without marks or what is not drawn. */
export function drawn(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const now = asDrawn(name);
  known.set(name, now);
  return now;
}

function asDrawn(name: string): string {
  const plain = name.normalize("NFKD").replace(NOT_DRAWN, "").toLowerCase();
  const latin = [...plain].map((letter) => LATIN.get(letter) ?? letter).join("");
  return latin.replace(/[\s.'’-]+/gu, " ").trim();
}

/** Whether one word of a name is written in letters of several scripts: no language does that. */
export function isMixed(name: string): boolean {
  return name.split(/\s+/u).some((word) => SCRIPTS.filter((one) => one.test(word)).length > 1);
}

type Named = { readonly id: string; readonly name: string };

/** The first of `others` whose name looks like this one's; null if there is none. */
export function twinOf<T extends Named>(one: Named, others: readonly T[]): T | null {
  const mine = drawn(one.name);
  return others.find((other) => other.id !== one.id && drawn(other.name) === mine) ?? null;
}
