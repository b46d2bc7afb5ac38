/** How a promise stands, and when the server is asked for its proof again. */

const MINUTE_MS = 60_000;
const LATE_MS = 10 * MINUTE_MS;
/** The longest that a log may take: from then on a promise is a complaint. */
const DUE_MS = 24 * 60 * MINUTE_MS;

export type Promised = { heard: number; lacking?: number; wrong?: string; unopened?: object };

/**
 * "late" and "due" count from answers, and from asks that failed while the server answered others:
 * what was not asked for while this device was off accuses nobody.
 */
export type Stage = "promised" | "late" | "due" | "wrong" | "unopened";

export function stageOf({ heard, lacking, wrong, unopened }: Promised): Stage {
  if (wrong !== undefined) return "wrong";
  if (unopened !== undefined) return "unopened";
  const lacked = (lacking ?? heard) - heard;
  if (lacked >= DUE_MS) return "due";
  return lacked >= LATE_MS ? "late" : "promised";
}

/** Milliseconds until it is worth asking again; null if nothing waits. */
export function pauseBefore(promises: Iterable<Promised>, now: number): number | null {
  const ages = [...promises].map(({ heard }) => now - heard);
  if (ages.length === 0) return null;
  const youngest = Math.min(...ages);
  if (youngest < MINUTE_MS / 4) return 1_200;
  if (youngest < MINUTE_MS) return 5_000;
  return youngest < LATE_MS ? 20_000 : 5 * MINUTE_MS;
}
