/** A range of a log as somebody types it, for a bundle: made what is sent, or said what is wrong. Pure. */

import type { BundleRange } from "../client";

export type WrongEnd = "first" | "last";

/** An entry's number, from how people write them: "#12 345", "12.345"; NaN if it is none. */
function numberOf(text: string): number {
  const digits = text.replaceAll(/[\s#.,']/gu, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
}

/**
 * The range that is meant in a log of `size` published entries, and which ends cannot be.
 *
 * Entries count from 0. An empty end is no end.
 */
export function rangeOf(
  typed: { first: string; last: string },
  size: number,
): { range: BundleRange; wrong: readonly WrongEnd[] } {
  const range: BundleRange = {};
  const wrong: WrongEnd[] = [];
  for (const end of ["first", "last"] as const) {
    if (typed[end].trim() === "") continue;
    const number = numberOf(typed[end]);
    if (number < size) range[end] = number;
    else wrong.push(end);
  }
  if ((range.first ?? 0) > (range.last ?? size)) wrong.push("last");
  return { range, wrong };
}
