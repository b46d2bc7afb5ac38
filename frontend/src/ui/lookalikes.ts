/**
 * Names that look like somebody else's: the same letters to the eye, other ones to a program.
 */

import { latin } from "../names";

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
  return latin(plain)
    .replace(/[\s.'’-]+/gu, " ")
    .trim();
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
