/** Which other policy a browser may take in place of the one it took at first use. */

import { parseKey } from "./note";
import { Policy, wordsOf } from "./policy";
import { Malformed, Unproven } from "./refusal";
import { isRotationLine, isSameKey, type Rotation, rotationIn, rotationLine } from "./rotation";

const NONE = "quorum none";

/**
 * Whether everything that `before` asked for is asked for by `after` too: every key of a log stays,
 * keys come only for logs that had none (a new year's), and whatever satisfies the quorum of
 * `after` would have satisfied that of `before`. A second key of a log comes only if it follows one
 * that was believed, by a statement that both have signed; then, and never else, the first one may
 * go. Where a witness is reached says nothing about whom to believe.
 */
export async function growsFrom(before: string, after: string): Promise<boolean> {
  const [old, now] = [linesOf(before), linesOf(after)];
  const learned = await rotationsTaken(before, after);
  if (learned === null) return false;
  for (const line of missing(old.filter(isLog), now)) {
    if (!(await hasPlace(line, learned, "old"))) return false;
  }
  const known = new Set(old.filter(isLog).map(nameOf));
  for (const line of missing(now.filter(isLog), old)) {
    if (known.has(nameOf(line)) && !(await hasPlace(line, learned, "new"))) return false;
  }
  const [asked, asks] = [old, now].map((lines) => lines.filter((line) => !isLog(line)));
  if (asked === undefined || asks === undefined) return false;
  const unwitnessed = asked.length > 0 && asked.every((line) => line === NONE);
  const same = missing(asked, asks).length === 0 && missing(asks, asked).length === 0;
  return unwitnessed || same || (await asksForMore(before, after));
}

/**
 * Whether witnesses and quorum changed so that nothing counts which did not: a fourth witness that
 * is needed beside as many of the three as before, or one less where the rest is needed. A witness
 * that nobody counts would only be shown as if it had a part; nor does a name pass to another key.
 */
async function asksForMore(before: string, after: string): Promise<boolean> {
  const [old, now] = [await parsed(before), await parsed(after)];
  if (old === null || now === null || !now.asksFor(old)) return false;
  const counted = now.counted();
  return [...now.witnesses].every(([name, key]) => {
    const called = old.witnesses.get(name);
    if (called !== undefined) return isSameKey(called, key);
    return counted.has(name) && ![...old.witnesses.values()].some((one) => isSameKey(one, key));
  });
}

/** A policy's text with the statements of another that lead on from the keys it believes. */
export async function taught(text: string, other: string): Promise<string> {
  const policy = await Policy.parse(text);
  const told = await rotationsIn(other);
  const more = policy.learn(told).rotations.slice(policy.rotations.length);
  if (more.length === 0) return text;
  const end = text.endsWith("\n") ? text : `${text}\n`;
  return end + more.map((one) => `${rotationLine(one)}\n`).join("");
}

/** Whether `other` tells that a key believed by `text` is followed by another than is known. */
export async function contradicts(text: string, other: string): Promise<boolean> {
  const policy = await Policy.parse(text);
  const told = await rotationsIn(other);
  const { rotations } = policy.learn(told);
  return told.some(
    ({ old, note }) =>
      policy.keysOf(old.name).some((key) => isSameKey(key, old)) &&
      !rotations.some((one) => one.note === note),
  );
}

/** As {@link taught}; null if what is told is no statement, or contradicts what is believed. */
export async function learnedFrom(text: string, told: string): Promise<string | null> {
  try {
    return (await contradicts(text, told)) ? null : await taught(text, told);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** A policy; null if the text is none. */
export async function parsed(text: string): Promise<Policy | null> {
  try {
    return await Policy.parse(text);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** Only the statements of a policy, as a reader who has one of their own keeps them. */
export function statementsIn(text: string): string {
  const lines = text.split("\n").filter(isRotationLine);
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * The statements that `after` tells, if they lead on from keys that `before` believes or are about
 * logs that it does not know; null if one does not, or one of `before` is not told any more.
 */
async function rotationsTaken(before: string, after: string): Promise<Rotation[] | null> {
  const [old, now] = [before, after].map((text) => text.split("\n").filter(isRotationLine));
  if (old === undefined || now === undefined || old.some((line) => !now.includes(line)))
    return null;
  if (now.length === 0) return [];
  try {
    const policy = await Policy.parse(before);
    const grown = policy.learn(await rotationsIn(after));
    const holds = (one: Rotation) =>
      policy.keysOf(one.old.name).length === 0 ||
      grown.rotations.some(({ note }) => note === one.note);
    const told = await rotationsIn(after);
    return told.every(holds) ? grown.rotations : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** @throws {Malformed} if one of them is none, or not signed by both its keys. */
async function rotationsIn(text: string): Promise<Rotation[]> {
  const lines = text.split("\n").filter(isRotationLine);
  try {
    return await Promise.all(lines.map(rotationIn));
  } catch (error) {
    if (error instanceof Unproven) throw new Malformed(error.message);
    throw error;
  }
}

async function hasPlace(
  line: string,
  rotations: readonly Rotation[],
  which: "old" | "new",
): Promise<boolean> {
  if (rotations.length === 0) return false;
  try {
    const key = await parseKey(line.split(" ")[1] ?? "");
    return rotations.some((one) => isSameKey(one[which], key));
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** Without comments, and without the addresses of witnesses. */
function linesOf(policy: string): string[] {
  return policy
    .split("\n")
    .map((line) => wordsOf(line))
    .map((words) => (words[0] === "witness" ? words.slice(0, 3) : words).join(" "))
    .filter((line) => line !== "");
}

/** The lines of one that the other lacks. */
const missing = (lines: readonly string[], others: readonly string[]): string[] =>
  lines.filter((line) => !others.includes(line));

const isLog = (line: string): boolean => line.startsWith("log ");

/** The name in a vkey may hold no plus. */
const nameOf = (line: string): string => line.slice("log ".length).split("+")[0] ?? "";
