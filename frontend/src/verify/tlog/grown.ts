/** Which other policy a browser may take in place of the one it took at first use. */

import { wordsOf } from "./policy";

const NONE = "quorum none";

/**
 * Whether everything that `before` asked for is asked for by `after` too: every key of a log stays,
 * keys come only for logs that had none (a new year's), and the witnesses and their quorum stay, or
 * come where nobody was asked for.
 */
export function growsFrom(before: string, after: string): boolean {
  const [old, now] = [linesOf(before), linesOf(after)];
  const unwitnessed = old.includes(NONE) && old.every((line) => line === NONE || isLog(line));
  const dropped = old.filter((line) => !now.includes(line));
  if (dropped.some((line) => !(unwitnessed && line === NONE))) return false;
  const known = new Set(old.filter(isLog).map(nameOf));
  return now
    .filter((line) => !old.includes(line))
    .every((line) => (isLog(line) ? !known.has(nameOf(line)) : unwitnessed));
}

function linesOf(policy: string): string[] {
  return policy
    .split("\n")
    .map((line) => wordsOf(line).join(" "))
    .filter((line) => line !== "");
}

const isLog = (line: string): boolean => line.startsWith("log ");

/** The name in a vkey may hold no plus. */
const nameOf = (line: string): string => line.slice("log ".length).split("+")[0] ?? "";
