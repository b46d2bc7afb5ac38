/** What the server and this browser say of the logs, in words and with what to do about it. */

import { type Key, t } from "../words";

/** The codes of casehub/oversight/judging.py, and what this browser has found itself. */
export const REASONS: Readonly<Record<string, readonly [Key, Key] | undefined>> = {
  disputed: ["integrity.disputed", "integrity.disputedDo"],
  "below-quorum": ["integrity.belowQuorum", "integrity.belowQuorumDo"],
  "quorum-missing": ["integrity.quorumMissing", "integrity.quorumMissingDo"],
  "not-repeated": ["integrity.notRepeated", "integrity.notRepeatedDo"],
  "nothing-published": ["integrity.nothing", "integrity.nothingDo"],
  waits: ["integrity.waits", "integrity.waitsDo"],
  "no-witnesses": ["integrity.noWitnesses", "integrity.noWitnessesDo"],
  "own-witness-missing": ["integrity.ownMissing", "integrity.ownMissingDo"],
  "witness-missing": ["integrity.witnessMissing", "integrity.witnessMissingDo"],
  "alarm-here": ["integrity.alarmHere", "integrity.alarmHereDo"],
  "stale-here": ["integrity.staleHere", "integrity.staleHereDo"],
  "overdue-here": ["integrity.overdueHere", "integrity.overdueHereDo"],
  "first-here": ["integrity.firstHere", "integrity.firstHereDo"],
};

/** The codes of audit/queries/integrity.py. */
const TROUBLES: Readonly<Record<string, Key | undefined>> = {
  silent: "trouble.silent",
  "unknown-log": "trouble.unknownLog",
  refused: "trouble.refused",
  nonsense: "trouble.nonsense",
  clock: "trouble.clock",
  disputes: "trouble.disputes",
};

/** What is the matter with a witness; a code this page does not know stays as it is. */
export function troubleName(code: string): string {
  const key = TROUBLES[code];
  return key === undefined ? code : t(key);
}

/** The reasons to be said: that the others suffice is not, where in some log they do not. */
export function toSay(reasons: readonly string[]): readonly string[] {
  const short = reasons.includes("quorum-missing") || reasons.includes("below-quorum");
  return short ? reasons.filter((one) => one !== "witness-missing") : reasons;
}
