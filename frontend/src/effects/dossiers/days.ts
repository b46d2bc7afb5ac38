/** Of which day a step can be: the server's rule (requests_mla/policies.py), judged again. Pure. */

import type { MoveRow } from "../../api/dossiers";
import { capitalZone } from "../../api/zones";
import { beginOf } from "../../days";

type Dated = Pick<MoveRow, "on" | "state" | "side">;
type Whence = { readonly requested_state: string };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** By how much the clocks are ahead of UTC where a day begins first. */
const EAST_MS = 14 * HOUR_MS;
const DAY = /^[1-9]\d{3}-\d\d-\d\d$/;
/** As the server takes it: what is further away than years of four digits is no moment here. */
const MOMENT = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Why a step is not of its day, or null: it comes before another allows, or has begun nowhere when
 * the step is signed. `before` are those that came before it.
 */
export function whyNotOn(
  move: Dated & Pick<MoveRow, "issued">,
  before: readonly Dated[],
  whence: Whence,
): "move-ahead" | "move-back-dated" | null {
  const signed = MOMENT.test(move.issued) ? Date.parse(move.issued) : Number.NaN;
  const isRead = [move, ...before].every(isDay) && !Number.isNaN(signed);
  if (!isRead || before.some((one) => move.on < firstDay(one, move, whence))) {
    return "move-back-dated";
  }
  return move.on > dayAt(signed + EAST_MS) ? "move-ahead" : null;
}

/**
 * The first day that what follows `after` can be of: its own, or the one before where that ends
 * later than the other began. Past midnight in Panama it is still evening in El Salvador.
 */
function firstDay(after: Dated, move: Dated, whence: Whence): string {
  if (move.on >= after.on) return after.on;
  const begins = (one: Dated): string[] =>
    clocksOf(one, whence).map((state) => beginOf(after.on, capitalZone(state)));
  const [began = ""] = begins(after).sort();
  const until = begins(move).sort().at(-1) ?? "";
  return until <= began ? after.on : dayAt(Date.parse(after.on) - DAY_MS);
}

/** The States by whose clocks a day may have been told: maybe by those of whom it was recorded for. */
function clocksOf({ state, side }: Dated, { requested_state }: Whence): string[] {
  return side === "requested" ? [state, requested_state] : [state];
}

/** Of the calendar: some engines read the 31st of February as a day in March. */
function isDay({ on }: Dated): boolean {
  const ms = DAY.test(on) ? Date.parse(on) : Number.NaN;
  return !Number.isNaN(ms) && dayAt(ms) === on;
}

const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
