/** What is shown of the information that a draft began with: pure. */

import type { Verdict } from "../client";

/**
 * Its author's own use, and the leave that they gave, are for whoever used it. A colleague's leave
 * does not cover a draft that this colleague is not in.
 */
export function shownVerdict(found: Verdict, by: string, people: readonly string[]): Verdict {
  const theirs = found === "own" || found === "leave";
  return theirs && !people.includes(by) ? "without" : found;
}
