/** Who was asked to acknowledge receipt of a message, who has, and who has not (pure). */

import type { Message } from "../client";

type Given = NonNullable<Message["acknowledged"]>[number];

export type Acknowledgements = {
  /** Of the text as it is now: an edit is another one. `asked` is false of whom it was given to later. */
  readonly given: readonly (Given & { readonly asked: boolean })[];
  /** Of earlier texts, by those who have not acknowledged this one. */
  readonly before: readonly Given[];
  readonly owing: readonly string[];
  /** How many were asked, without those who left and owe nothing; null where that is not known. */
  readonly all: number | null;
  /** How many of those have. */
  readonly done: number;
  /** Whether `me` may acknowledge it, and whether they owe that. */
  readonly may: boolean;
  readonly mine: boolean;
};

/**
 * Asked is who read the thread when the message was posted. They owe it while they read; what
 * somebody gave stays, also once they have left. Who comes in later cannot read the message unless
 * it is given to them, and then may acknowledge it.
 */
export function acknowledgements(
  { person, acknowledged = [], versions = [], asked, given: handed }: Message,
  readers: readonly string[],
  me: string,
): Acknowledgements {
  const newest = acknowledged.filter(({ version }) => version === versions.length);
  const has = (id: string): boolean => newest.some((one) => one.person === id);
  const known = asked !== undefined || handed === undefined;
  // A line that is older than this count does not say who was asked.
  const wasAsked = (id: string): boolean => asked?.includes(id) ?? true;
  const given = newest.map((one) => ({ ...one, asked: wasAsked(one.person) }));
  const before = acknowledged.filter((one) => one.version !== versions.length && !has(one.person));
  const lacking = readers.filter((id) => id !== person && !has(id));
  const owing = known ? lacking.filter(wasAsked) : [];
  const done = given.filter((one) => one.asked).length;
  const all = known ? done + owing.length : null;
  return { given, before, owing, all, done, may: lacking.includes(me), mine: owing.includes(me) };
}
