/** What signed notes come to, for the watch: the directory's newest, and what contradicts another. */

import type { Evidence } from "../../verify/tlog/evidence";
import { growsFrom, learnedFrom, parsed } from "../../verify/tlog/grown";
import { type Opened, Policy } from "../../verify/tlog/policy";
import { Malformed } from "../../verify/tlog/refusal";
import type { ReadFile } from "../../verify/tlog/tiles";
import { type Alarm, alarmFrom, alarmText, parseAlarm, stronger } from "./alarm";

/** `at` is when its quorum had cosigned, in seconds; null where the policy asks for nobody. */
export type Watched = { origin: string; size: number; cosigned: string[]; at: number | null };

/** What the disk holds, and what a look wants to be written there. */
export type Believed = {
  policy: Policy;
  text: string;
  notes: Map<string, string>;
  alarm: Alarm | null;
};
export type Changes = Map<string, string | null>;
/** One look at logs: what it began with, what is to be written, whether all held so far. */
export type Look = { believed: Believed; changes: Changes; sound: boolean };

/** The newest checkpoint of the directory's log that is believed here, and the way to its files. */
export type BelievedDirectory = {
  origin: string;
  note: string;
  opened: Opened;
  /** When its quorum had cosigned, in seconds; null where the policy asks for nobody. */
  at: number | null;
  read: ReadFile;
  /** The policy that is believed, and what was learned of which key follows. */
  text: string;
  rotations: string;
};

const NOTE = "note/";
const DIRECTORY = "dir.";

/** Whether a log of the policy is the directory's, by its name (docs/audit-log.md). */
export const isDirectory = (origin: string): boolean => origin.startsWith(DIRECTORY);

/** The newest checkpoint that was believed of each log. */
export function notesIn(held: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...held].flatMap(([key, text]): [string, string][] =>
      key.startsWith(NOTE) ? [[key.slice(NOTE.length), text]] : [],
    ),
  );
}

export function watchedBy(policy: Policy, { checkpoint, cosigned }: Opened): Watched {
  const { origin, size } = checkpoint;
  return { origin, size, cosigned: [...cosigned.keys()], at: policy.quorumTime(cosigned) };
}

/** Why a note does not open under a policy; null if it does. `seconds` since 1970, as there. */
export async function refusalOf(policy: Policy, note: string, seconds: number): Promise<unknown> {
  return policy.open(note, seconds).then(
    () => null,
    (error: unknown) => error,
  );
}

/**
 * The policy that is believed once the server says `served`: it may only grow, and a bundle's own
 * (`pinned`) only learns which key follows. Null if neither is so.
 */
export async function grownBy(
  before: Pick<Believed, "text" | "policy">,
  served: string,
  pinned: boolean,
): Promise<Pick<Believed, "text" | "policy"> | null> {
  if (served === before.text) return before;
  const grows = pinned || (await growsFrom(before.text, served));
  const text = pinned ? await learnedFrom(before.text, served) : served;
  if (text === before.text) return before;
  const policy = grows && text !== null ? await parsed(text) : null;
  return text === null || policy === null ? null : { text, policy };
}

export async function believedDirectory(
  held: ReadonlyMap<string, string>,
  policy: Policy | null,
  reader: (origin: string) => ReadFile,
): Promise<BelievedDirectory | null> {
  const [origin, note] = [...notesIn(held)].filter(([name]) => isDirectory(name)).at(-1) ?? [];
  if (origin === undefined || note === undefined || policy === null) return null;
  const opened = await policy.open(note);
  const [text, rotations] = [held.get("policy") ?? "", held.get("rotations") ?? ""];
  const at = policy.quorumTime(opened.cosigned);
  return { origin, note, opened, at, read: reader(origin), text, rotations };
}

/** What does not fit of the directory's log, as the watch keeps it; null when it fits again. */
export type Accusation = Pick<Evidence, "why" | "origin" | "after" | "opening"> | null;

/** Note what is to be written for it. */
export function accusing(
  found: Accusation,
  held: ReadonlyMap<string, string>,
  known: Pick<Evidence, "policy" | "seen">,
  changes: Changes,
): void {
  const over = held.get("directory");
  if (found !== null) {
    const evidence = { ...found, before: null, path: null, ...known };
    changes.set("directory", alarmText(alarmFrom(evidence)));
  } else if (over !== undefined) changes.set("past", over).set("directory", null);
}

/** A text that is no policy is not silence either: whoever hands it out ends the watching. */
export async function readPolicy(
  text: string,
  changes: Map<string, string | null>,
  now: number,
): Promise<Policy> {
  try {
    return await Policy.parse(text);
  } catch (error) {
    if (error instanceof Malformed) {
      const seen = new Date(now).toISOString();
      const what = { why: "policy", origin: "", before: null, path: null } as const;
      changes.set("alarm", alarmText(alarmFrom({ ...what, after: text, policy: "", seen })));
    }
    throw error;
  }
}

/** The stronger evidence stays: a rollback that goes on becomes a contradiction. */
export function raise(
  { believed, changes }: Pick<Look, "believed" | "changes">,
  evidence: Evidence,
): void {
  const fresh = alarmFrom(evidence);
  const kept = parseAlarm(changes.get("alarm") ?? undefined) ?? believed.alarm;
  if (kept === null || stronger(fresh, kept)) changes.set("alarm", alarmText(fresh));
}
