/** What signed notes come to, for the watch: the directory's newest, and what contradicts another. */

import type { Evidence } from "../../verify/tlog/evidence";
import { type Opened, Policy } from "../../verify/tlog/policy";
import { Malformed } from "../../verify/tlog/refusal";
import type { ReadFile } from "../../verify/tlog/tiles";
import { type Alarm, alarmFrom, alarmText } from "./alarm";

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

const KEPT = "note/dir.";

export async function believedDirectory(
  held: ReadonlyMap<string, string>,
  policy: Policy | null,
  reader: (origin: string) => ReadFile,
): Promise<BelievedDirectory | null> {
  const [key, note] = [...held].filter(([name]) => name.startsWith(KEPT)).at(-1) ?? [];
  if (key === undefined || note === undefined || policy === null) return null;
  const origin = key.slice("note/".length);
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
