/** What somebody is, or was when they signed, by the designation that counts or counted then. */

import type { Bound, Directory } from "../../verify/chain";

/** By how much clocks may differ of whom the server takes a step: five minutes each way, and some waiting. */
export const APART_MS = 15 * 60_000;

const NOT_IN_TIME: ReadonlySet<string | undefined> = new Set([
  "designation-expired",
  "designation-not-yet",
]);

/** The moments that something dated `now` may have been signed at, each with the log as it was. */
export function momentsAbout(
  directory: Pick<Directory, "sizeAt">,
  now: number,
): { now: number; size: number }[] {
  const moments = [now - APART_MS, now, now + APART_MS];
  return moments.map((moment) => ({ now: moment, size: directory.sizeAt(moment) }));
}

/**
 * What a person was designated as at `now`, in milliseconds.
 *
 * A term counts from its binding on, as the server takes it, and not from the day that it names: what
 * was signed before is not judged by what was given or taken later. Clocks go apart, so about a
 * binding it is both what they had been and what they became. Whether they were stopped is not in it.
 */
export function boundThen(
  directory: Pick<Directory, "standing" | "sizeAt">,
  person: string,
  now: number,
): Bound[] {
  return momentsAbout(directory, now).flatMap((then) => {
    const found = directory.standing(person, then);
    return found.ok && !NOT_IN_TIME.has(found.late) ? [found.bound] : [];
  });
}

/**
 * What a person does besides, by the term in force at `now` or the last one; of whoever has no key yet,
 * what they were designated as. Whether they are stopped is not in it.
 */
export function functionsOf(
  directory: Pick<Directory, "standing" | "term">,
  person: string,
  now: number,
): string[] {
  const found = directory.standing(person, { now });
  return [...(found.ok ? found.bound.functions : (directory.term(person)?.functions ?? []))];
}
