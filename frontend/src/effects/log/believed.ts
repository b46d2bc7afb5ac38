/** What signed notes come to, for the watch: the directory's newest, and what contradicts another. */

import type { Evidence } from "../../verify/tlog/evidence";
import type { Forked } from "../../verify/tlog/follow";
import { type Opened, Policy } from "../../verify/tlog/policy";
import { Malformed } from "../../verify/tlog/refusal";
import type { ReadFile } from "../../verify/tlog/tiles";

/** The newest checkpoint of the directory's log that is believed here, and the way to its files. */
export type BelievedDirectory = {
  origin: string;
  note: string;
  opened: Opened;
  /** When its quorum had cosigned, in seconds; null where the policy asks for nobody. */
  at: number | null;
  read: ReadFile;
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
  return { origin, note, opened, at: policy.quorumTime(opened.cosigned), read: reader(origin) };
}

export async function parsed(text: string): Promise<Policy | null> {
  try {
    return await Policy.parse(text);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

export function evidenceOf(
  { before, after: now, path }: Forked,
  origin: string,
  seen: Pick<Evidence, "policy" | "seen">,
): Evidence {
  const smaller = path === null && sizeOf(now) < sizeOf(before);
  return { why: smaller ? "smaller" : "forked", origin, before, after: now, path, ...seen };
}

/** Of a note that was parsed before. */
function sizeOf(note: string): number {
  return Number(note.split("\n")[1]);
}
