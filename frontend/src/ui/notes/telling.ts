/** Who can be told first-line information out of a case, and what a note says: pure. */

import type { CaseView, Person } from "../client";
import { mayBeAsked } from "../rights";

/** Focal points of States that are not in the case. */
export function tellable(people: readonly Person[], caseFile: CaseView, own: string): Person[] {
  const inside = new Set([own, ...caseFile.states]);
  return people.filter((person) => !inside.has(person.state) && mayBeAsked(person));
}

/** Who of `people` were chosen, by State: each State is told by a note of its own. */
export function byTold(
  people: readonly Person[],
  chosen: readonly string[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, state } of people) {
    if (chosen.includes(id)) found.set(state, [...(found.get(state) ?? []), id]);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}

/** The States of `notes` to which nothing leaves yet: nobody chosen there has a device. */
export function unreached(
  notes: ReadonlyMap<string, readonly string[]>,
  reaches: (person: string) => boolean,
): string[] {
  return [...notes].filter(([, people]) => !people.some(reaches)).map(([state]) => state);
}

/** What is told and, under its heading, what is asked; either may be all there is. */
export function textOf(told: string, asked: string, heading: string): string {
  const wish = asked.trim() === "" ? "" : `${heading}\n${asked.trim()}`;
  return [told.trim(), wish].filter((part) => part !== "").join("\n\n");
}
