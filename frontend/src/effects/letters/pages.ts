/**
 * Letters come a page at a time: the newest at each look, then those before them, once.
 *
 * Each page says where its first letter stands among all of them. One that does not end just before
 * what is here already is none: a host that goes on for ever is not followed.
 */

import type { LettersTold } from "../../api/letters";

export type Ask = (before?: number) => Promise<LettersTold>;

/** More than hundreds of people write about one request: what a host lists besides is not asked for. */
export const MOST_LETTERS = 10_000;
/** A page with fewer is the first of all: the server tells twice as many (requests_mla/limits.py). */
const FEWEST = 50;

/** Whether nothing that stands before these is to be asked for. */
export function isWhole({ first, letters }: LettersTold): boolean {
  return first <= 1 || letters.length >= MOST_LETTERS;
}

/** What was here, with the newest as they are told now; those that they do not reach are asked for anew. */
export function withNewest(known: LettersTold | undefined, newest: LettersTold): LettersTold {
  if (known === undefined) return newest;
  const before = newest.first - known.first;
  if (before <= 0 || before > known.letters.length) return newest;
  const letters = [...known.letters.slice(0, before), ...newest.letters];
  return { ...newest, first: known.first, letters };
}

/** The same with those just before them; null where that is not what a page has. */
function withEarlier(known: LettersTold, page: LettersTold): LettersTold | null {
  const { first, letters } = page;
  const isBefore = first + letters.length === known.first;
  const isOne = isBefore && (letters.length >= FEWEST || (first === 1 && letters.length > 0));
  return isOne ? { ...known, first, letters: [...letters, ...known.letters] } : null;
}

/** One page more of what stands before; from what does not follow on it, nothing more is asked. */
export async function earlierThan(known: LettersTold, ask: Ask): Promise<LettersTold> {
  return withEarlier(known, await ask(known.first)) ?? { ...known, first: 1 };
}

/** Whether a letter is among those of an answer, or of what stands before it. */
export async function isListed(id: string, told: LettersTold, ask: Ask): Promise<boolean> {
  for (let page = told; ; page = await earlierThan(page, ask)) {
    if (page.letters.some((one) => one.id === id && one.held.length > 0)) return true;
    if (isWhole(page)) return false;
  }
}
