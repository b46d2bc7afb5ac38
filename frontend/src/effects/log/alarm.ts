/** What contradicted the log that was believed here: kept until a person, or the log, ends it. */

import { type Evidence, evidenceFile, parseEvidence, type Why } from "../../verify/tlog/evidence";
import type { Forked } from "../../verify/tlog/follow";

const CODES: Readonly<Record<Why, string>> = {
  forked: "log-forked",
  policy: "log-policy",
  smaller: "log-smaller",
  gone: "log-gone",
  unproven: "log-unproven",
  misopened: "directory-forged",
  withheld: "directory-withheld",
};

/** The strongest first. */
const ORDER = Object.keys(CODES);

export type Alarm = {
  readonly code: string;
  readonly origin: string;
  /** ISO 8601. */
  readonly at: string;
  readonly evidence: Evidence;
  /** Two signed histories: no later answer makes that good. */
  readonly lasting: boolean;
};

export function alarmFrom(evidence: Evidence): Alarm {
  const { why, origin, seen } = evidence;
  return { code: CODES[why], origin, at: seen, evidence, lasting: why === "forked" };
}

export const alarmText = ({ evidence }: Alarm): string => evidenceFile(evidence);

export function parseAlarm(text: string | undefined | null): Alarm | null {
  return text == null ? null : alarmFrom(parseEvidence(text));
}

export function stronger(one: Alarm, other: Alarm): boolean {
  return ORDER.indexOf(one.evidence.why) < ORDER.indexOf(other.evidence.why);
}

/** What shows that a log does not go on from what was believed of it. */
export function evidenceOf(
  { before, after: now, path }: Forked,
  origin: string,
  seen: Pick<Evidence, "policy" | "seen">,
): Evidence {
  const smaller = path === null && sizeOf(now) < sizeOf(before);
  return { why: smaller ? "smaller" : "forked", origin, before, after: now, path, ...seen };
}

/** Of a note that was parsed before. */
export function sizeOf(note: string): number {
  return Number(note.split("\n")[1]);
}
