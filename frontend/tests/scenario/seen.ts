/** What a server could read of what clients send it. */

/** Bytes as the letters they may be: what is in plain sight is found by searching. */
export function readable(given: readonly unknown[]): string {
  return JSON.stringify(given, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}

/** What a person's marks are, by thread; they are kept under both. */
export function marksOf(person: string, read: Marks, kept: Marks) {
  const own = (marks: Marks): Record<string, number> =>
    Object.fromEntries(
      [...marks]
        .filter(([key]) => key.startsWith(`${person} `))
        .map(([key, seq]) => [key.slice(person.length + 1), seq]),
    );
  return { reads: own(read), unread: own(kept), acks: {} };
}

type Marks = ReadonlyMap<string, number>;
