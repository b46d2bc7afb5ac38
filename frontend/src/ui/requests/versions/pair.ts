/** Which two texts are compared at first, and which of two comes before the other. Pure. */

/** The draft on this device, beside the numbers of versions; own texts set aside are -1, -2, … */
export const HERE = 0;

export type Pair = { readonly older: number; readonly newer: number };

/**
 * @param versions numbers at the server. `changed`: the text here is another than the newest of
 *   them. `aside`: how many own texts were set aside.
 * @returns null while there are no two texts to compare.
 */
export function firstPair(
  versions: readonly number[],
  changed: boolean,
  aside: number,
): Pair | null {
  const [newest, before] = versions.toSorted((one, other) => other - one);
  if (newest === undefined) return null;
  if (changed) return { older: newest, newer: HERE };
  if (before !== undefined) return { older: before, newer: newest };
  return aside > 0 ? { older: -1, newer: newest } : null;
}

/** The same two, the later one last: nobody reads a change backwards by a slip of the hand. */
export function inTime({ older, newer }: Pair): Pair {
  const when = (one: number): number => (one === HERE ? Number.POSITIVE_INFINITY : one);
  const isBackwards = older >= HERE && newer >= HERE && when(older) > when(newer);
  return isBackwards ? { older: newer, newer: older } : { older, newer };
}
