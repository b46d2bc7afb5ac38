/** What to think of the log: what this browser found itself outweighs what the server says of itself. */

import type { Integrity, Level, LogView } from "../client";

const GRAVITY: readonly Level[] = ["ok", "note", "amber", "red"];

export type Judged = {
  readonly level: Level;
  /** Codes, the gravest first. */
  readonly reasons: readonly string[];
  /** What the server says holds nothing: the log contradicts what was seen here. */
  readonly doubted: boolean;
};

type Found = Pick<LogView, "alarm" | "checked" | "overdue" | "unchecked" | "behind">;

export function judged(said: Integrity, log: Found): Judged {
  const here = foundHere(log);
  const reasons = [...new Set(said.logs.flatMap((one) => one.reasons))];
  const doubted = log.alarm !== null;
  if (here === null) return { level: said.level, reasons, doubted };
  const [level, reason] = here;
  const graver = GRAVITY.indexOf(level) > GRAVITY.indexOf(said.level);
  if (graver || doubted) return { level, reasons: [reason, ...reasons], doubted };
  return { level: said.level, reasons: [...reasons, reason], doubted };
}

function foundHere(log: Found): readonly [Level, string] | null {
  if (log.alarm !== null) return ["red", "alarm-here"];
  if (log.behind || log.unchecked) return ["red", "stale-here"];
  if (log.overdue) return ["amber", "overdue-here"];
  return log.checked === null ? ["amber", "first-here"] : null;
}
