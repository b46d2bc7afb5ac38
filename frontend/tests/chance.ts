/** Chance that is drawn from a seed, so that what failed can be played again. */

export type Chance = {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from 0 up to `below`. */
  below(below: number): number;
  /** Whether something of this likelihood happens. */
  happens(likelihood: number): boolean;
  /** @throws {Error} of nothing. */
  pick<T>(from: readonly T[]): T;
};

/** mulberry32: small, and the same everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return {
    next,
    below,
    happens: (likelihood) => next() < likelihood,
    pick: (from) => {
      const [chosen] = from.slice(below(from.length));
      if (chosen === undefined) throw new Error("nothing to pick from");
      return chosen;
    },
  };
}
