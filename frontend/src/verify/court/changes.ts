/**
 * Whose changes of a message count: pure, asked by whoever reads a thread's log by what stands in
 * clear there. A host can take one of somebody else's; no reader does, and neither is it counted here.
 */

export type Change = {
  readonly seq: number;
  readonly kind: "edit" | "withdraw";
  readonly about: number;
  /** Whose device posted it. */
  readonly device: string;
};

type Log = {
  /** Which device posted an entry; undefined of one that is not at hand. */
  readonly deviceOf: (seq: number) => string | undefined;
  /** Whose a device is, by what they signed; null where nobody can tell. */
  readonly ownerOf: (device: string) => string | null;
};

/**
 * Those that may be of the message's author. Where nobody can tell whose it is, or whose the message
 * is, a change counts: words that may have been taken back are not to be carried on.
 */
export function ofAuthors(changes: readonly Change[], { deviceOf, ownerOf }: Log): Change[] {
  return changes.filter(({ about, device }) => {
    const theirs = deviceOf(about);
    if (theirs === undefined || theirs === device) return true;
    const [by, of] = [ownerOf(device), ownerOf(theirs)];
    return by === null || of === null || by === of;
  });
}

/** The entries that were taken back. */
export function withdrawnIn(changes: readonly Change[]): Set<number> {
  return new Set(changes.flatMap(({ kind, about }) => (kind === "withdraw" ? [about] : [])));
}
