/** That somebody is stopped: the server's word, beside what was signed of it. */

import type { Stopped } from "../../api/schema";
import type { Directory } from "../../verify/chain";

/** How long the signature of a stop is awaited, and how far servers' clocks may differ. */
const SIGN_WITHIN_MS = 24 * 3_600_000;
const SKEW_MS = 300_000;

/** Since when somebody had been stopped when they were taken out, and whether that is signed. */
export type StoppedSince = { readonly at: string; readonly signed: boolean };

/**
 * Whether the directory's log holds a statement of a stop that is said to begin `at`; one that was
 * lifted since counts as well.
 */
export function isSigned(directory: Directory, person: string, at: string): boolean {
  const since = Date.parse(at);
  return directory
    .stops(person)
    .some((one) => one >= since - SKEW_MS && one <= since + SIGN_WITHIN_MS + SKEW_MS);
}

/** A stop as the server says it, signed only if the log says so. */
export function judgedStop<S extends Stopped | null>(
  directory: Directory,
  person: string,
  stopped: S,
): S {
  if (stopped === null) return stopped;
  const signed = isSigned(directory, person, stopped.at);
  const until = new Date(Date.parse(stopped.at) + SIGN_WITHIN_MS).toISOString();
  return { ...stopped, signed, sign_by: signed ? null : (stopped.sign_by ?? until) };
}
