/** Who writes in a thread, and when one says so oneself: by the clock that one is given. */

/** So long after it was said, it may be said again. */
export const AGAIN_MS = 5_000;
/** So long after it was heard last, it is shown: a signal that was lost does not end it. */
export const SHOWN_MS = 8_000;

export type Writer = {
  readonly person: string;
  readonly until: number;
  /** The last entry of the thread that was here when it was heard. */
  readonly after: number;
};

/** What somebody said in a thread, or did to what they had said, and at which entry. */
export type Said = { readonly person: string; readonly seq: number };

/** Whether it may be said now; `last` is when it was said before. A clock may be put back. */
export function isDue(last: number | undefined, now: number): boolean {
  return last === undefined || now < last || now - last >= AGAIN_MS;
}

/** It was heard of somebody: once in the list, in the order in which they began. */
export function heard(
  writers: readonly Writer[],
  person: string,
  { now, after }: { now: number; after: number },
): readonly Writer[] {
  const writer = { person, until: now + SHOWN_MS, after };
  const known = writers.some((one) => one.person === person);
  return known
    ? writers.map((one) => (one.person === person ? writer : one))
    : [...writers, writer];
}

/** What they wrote is here: it is done with whoever has said something since it was heard. */
export function spoken(writers: readonly Writer[], said: readonly Said[]): readonly Writer[] {
  const left = writers.filter(
    ({ person, after }) => !said.some((one) => one.person === person && one.seq > after),
  );
  return left.length === writers.length ? writers : left;
}

/** Who is shown: while it lasts, and of those alone who stand in the thread. */
export function shownOf(
  writers: readonly Writer[],
  roster: ReadonlySet<string>,
  now: number,
): readonly string[] {
  return writers
    .filter(({ person, until }) => now < until && until - now <= SHOWN_MS && roster.has(person))
    .map(({ person }) => person);
}
