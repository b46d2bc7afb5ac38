/** Who was taken out of a thread by a stop, and comes back once it is lifted (docs/adr/0024). */

import type { LineRecord, ThreadRecord } from "../store/records";

type Gone = ThreadRecord["cutOff"];
type Thread = Pick<ThreadRecord, "cutOff" | "roster">;
type Changed = Pick<Extract<LineRecord, { kind: "event" }>, "what" | "people" | "stopped">;

/** The same record without these persons. */
export function without<T extends Pick<ThreadRecord, "cutOff">>(
  { cutOff, ...thread }: T,
  people: readonly string[],
): Omit<T, "cutOff"> & Pick<ThreadRecord, "cutOff"> {
  const left = Object.entries(cutOff ?? {}).filter(([person]) => !people.includes(person));
  return left.length > 0 ? { ...thread, cutOff: Object.fromEntries(left) } : thread;
}

/** The same record once this device's owner took somebody out: no note brings them back. */
export function dismissed(thread: ThreadRecord, person: string): ThreadRecord {
  const invited = thread.invited.filter((one) => one !== person);
  return { ...without(thread, [person]), invited };
}

/** Who is cut off after a line about people: out by a person's act, or in again, is no longer. */
export function goneAfter(cutOff: Gone, { what, people, stopped }: Changed): Gone {
  if (what !== "removed" && what !== "joined") return cutOff;
  const rest = without({ ...(cutOff && { cutOff }) }, people).cutOff;
  if (what === "joined" || stopped === undefined) return rest;
  return { ...rest, ...Object.fromEntries(people.map((person) => [person, stopped])) };
}

/** Whether all of them had been taken out by a stop, and nothing else. */
export function areBack({ cutOff = {} }: Thread, people: readonly string[]): boolean {
  return people.length > 0 && people.every((person) => Object.hasOwn(cutOff, person));
}

/** Those of the entitled who were taken out by a stop and are not in again. */
export function awaited({ cutOff = {}, roster }: Thread, entitled: readonly string[]): string[] {
  const inside = new Set(roster.map(({ person }) => person));
  const out = entitled.filter((person) => Object.hasOwn(cutOff, person) && !inside.has(person));
  return [...new Set(out)];
}
