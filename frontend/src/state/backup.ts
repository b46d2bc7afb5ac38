/**
 * One backup and several browsers of a person: what each has found out since, put together. Pure.
 *
 * It is a merge of three: what both sides last had in common says who changed what since, so that
 * whoever was verified by one stays so, and whoever is no longer verified does not come back.
 */

/** That somebody was verified: the number that was compared, and when. */
export type VerifiedRecord = { person: string; number: string; at: string };

/** What the recovery kit seals. */
export type Backup = {
  v: 1;
  person: string;
  /** Checkpoints believed, by log. */
  notes: Record<string, string>;
  verified: VerifiedRecord[];
  preferences: string | null;
};

type Verified = readonly VerifiedRecord[];

/** The people verified by one side or the other; `base` is what both had before. */
export function mergeVerified(base: Verified, mine: Verified, theirs: Verified): VerifiedRecord[] {
  const [before, here, there] = [byPerson(base), byPerson(mine), byPerson(theirs)];
  const people = [...new Set([...here.keys(), ...there.keys()])].sort();
  return people.flatMap((person) => {
    const [old, one, other] = [before.get(person), here.get(person), there.get(person)];
    if (isSame(one, old)) return other ?? [];
    if (isSame(other, old)) return one ?? [];
    if (one === undefined || other === undefined) return one ?? other ?? [];
    return one.at < other.at ? other : one;
  });
}

/** Of two checkpoints of one log the further one. */
export function mergeNotes(
  mine: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>>,
): Record<string, string> {
  const further = Object.entries(theirs).filter(([log, note]) => {
    const own = mine[log];
    return own === undefined || sizeOf(own) < sizeOf(note);
  });
  return { ...mine, ...Object.fromEntries(further) };
}

/**
 * What a browser takes of a backup that came instead of the one it knows. A host may have lost it, or
 * show one from before: by that nobody's verification ends here, and none that was taken back returns.
 *
 * @param kept what this browser kept or took over last, and when
 * @param theirs what came; null if nothing did
 */
export function taken(
  kept: { verified: Verified; notes: Readonly<Record<string, string>>; at: string },
  mine: Verified,
  theirs: Pick<Backup, "verified" | "notes"> | null,
): VerifiedRecord[] {
  if (theirs === null) return [...mine];
  if (!isBehind(theirs.notes, kept.notes)) {
    return mergeVerified(kept.verified, mine, theirs.verified);
  }
  const since = Date.parse(kept.at);
  return mergeVerified(
    [],
    mine,
    theirs.verified.filter(({ at }) => Date.parse(at) > since),
  );
}

/** Whether a log had been followed further before: keeping a backup is an act, so each has grown. */
function isBehind(
  theirs: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(before).some(([log, note]) => sizeOf(theirs[log] ?? "") < sizeOf(note));
}

/** The size of the tree that a checkpoint (C2SP tlog-checkpoint) is of: its second line. */
function sizeOf(note: string): number {
  return Number(note.split("\n")[1] ?? 0);
}

function byPerson(records: Verified): Map<string, VerifiedRecord> {
  return new Map(records.map((one) => [one.person, one]));
}

function isSame(one: VerifiedRecord | undefined, other: VerifiedRecord | undefined): boolean {
  return one?.number === other?.number && one?.at === other?.at;
}
