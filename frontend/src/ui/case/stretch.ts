/**
 * Which lines of a long thread stand on the page: a stretch of them, moved as somebody reads. Pure.
 *
 * Ends are held by the names of lines, not by their places: others come before and behind.
 */

/** The first and the last line drawn; null: as many as there are at first, and always the newest. */
export type Stretch = { readonly first: string | null; readonly last: string | null };
/** The same as places among all lines, the end exclusive. */
export type Places = { readonly from: number; readonly to: number };

/** Lines drawn at first, lines that come with one step, and lines drawn at most. */
export const PAGE = 200;
export const STEP = 100;
export const MOST = 400;

export const NEWEST: Stretch = { first: null, last: null };

export function placesOf({ first, last }: Stretch, names: readonly string[]): Places {
  const found = last === null ? -1 : names.lastIndexOf(last);
  const to = found === -1 ? names.length : found + 1;
  const from = first === null ? -1 : names.indexOf(first);
  return { from: from === -1 || from >= to ? Math.max(0, to - PAGE) : from, to };
}

/** By the names of lines; a stretch that reaches the newest goes on with what comes. */
function stretchOf({ from, to }: Places, names: readonly string[]): Stretch {
  const last = to >= names.length ? null : (names[to - 1] ?? null);
  return { first: names[from] ?? null, last };
}

/** So that a line stands in the middle of what is drawn. */
export function around(at: number, names: readonly string[]): Stretch {
  const from = Math.max(0, at - STEP);
  return stretchOf({ from, to: Math.min(names.length, at + STEP) }, names);
}

/** One step further up. `whole`: nothing that is drawn may go, e.g. where the keyboard stands. */
export function older(now: Stretch, names: readonly string[], whole: boolean): Stretch {
  const { from, to } = placesOf(now, names);
  const begin = Math.max(0, from - STEP);
  return stretchOf({ from: begin, to: whole ? to : Math.min(to, begin + MOST) }, names);
}

/** One step further down. */
export function newer(now: Stretch, names: readonly string[], whole: boolean): Stretch {
  const { from, to } = placesOf(now, names);
  const end = Math.min(names.length, to + STEP);
  return stretchOf({ from: whole ? from : Math.max(from, end - MOST), to: end }, names);
}
