/**
 * What the server may tell a person of their own cases where this browser reads nothing: references,
 * how many threads, and who is in them. Names of cases and threads are not the server's to know.
 */

import type { CaseFile, Person } from "../api/schema";
import type { Deps } from "./deps";

export type CaseKnown = {
  reference: string;
  owner: string;
  threads: number;
  /** Who may let a new device of this person's in: everybody else in force; null: not in the directory. */
  people: readonly { id: string; person: Person | null }[];
  /** Threads in which nobody else is: what was said there nobody can give back. */
  alone: number;
};

/** @throws {Unreachable} */
export async function caseloadOf({ api }: Deps, me: string): Promise<CaseKnown[]> {
  const [cases, people] = await Promise.all([api.cases(), api.people()]);
  const named = new Map(people.map((person) => [person.id, person]));
  return cases.map((file) => caseKnown(file, named, me));
}

function caseKnown(
  { reference, owner, threads, people }: CaseFile,
  named: ReadonlyMap<string, Person>,
  me: string,
): CaseKnown {
  const inForce = people.filter(({ id, stopped }) => id !== me && stopped === null);
  const known = inForce.map(({ id }) => ({ id, person: named.get(id) ?? null }));
  const others = new Set(inForce.map(({ id }) => id));
  const alone = threads.filter((thread) => !thread.people.some((one) => others.has(one)));
  return { reference, owner, threads: threads.length, people: known, alone: alone.length };
}
