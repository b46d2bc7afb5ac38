/** Saying who reads: persons by State, always whole names. */

import type { Person, ThreadView } from "./client";

export type StateGroup<P extends Person = Person> = { state: string; people: P[] };

/** Persons by State: States in the order of what `nameOf` calls them, persons by name. */
export function byState<P extends Person>(
  people: readonly P[],
  nameOf: (state: string) => string = (state) => state,
): StateGroup<P>[] {
  const groups = new Map<string, P[]>();
  for (const person of people) {
    const group = groups.get(person.state);
    if (group === undefined) groups.set(person.state, [person]);
    else group.push(person);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b)))
    .map(([state, members]) => ({
      state,
      people: members.toSorted((a, b) => a.name.localeCompare(b.name)),
    }));
}

/** Whether nobody else reads: then nothing that is written reaches anybody. */
export const isAlone = (people: readonly Person[], me: string): boolean =>
  people.length === 1 && people[0]?.id === me;

/**
 * Whether somebody has to be let into a thread: by right, or, by right in it already, with their
 * keys, which nobody's program added by itself. Only whoever is in the thread can tell.
 */
export function isOut(thread: Pick<ThreadView, "people" | "readers" | "status">, person: string) {
  if (!thread.people.includes(person)) return true;
  return thread.status === "active" && !thread.readers.some((one) => one.person === person);
}

/** Two letters for a person, drawn where others draw a picture. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{Letter}/u.test(word));
  const first = words[0]?.slice(0, 1) ?? "";
  const last = words.length > 1 ? (words.at(-1)?.slice(0, 1) ?? "") : "";
  return (first + last).toLocaleUpperCase("en");
}
