/**
 * What is left in somebody's hands of a log that did not go on from what it had signed: a file
 * that says what happened and holds what shows it, to be judged by whoever has a policy.
 */

import { equal, type Hash } from "../../bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { rootsShown } from "./merkle";
import { parseNote, signaturesOf } from "./note";
import type { Policy } from "./policy";
import { Malformed, Unproven } from "./refusal";
import { hashFromBase64, toBase64 } from "./text";

const KIND = "casehub-log-evidence";

/**
 * "forked": two signed trees contradict each other. "smaller": fewer entries were handed out than had
 * been signed. "gone": nothing was. "unproven": what was handed out does not satisfy the policy.
 * "policy": the server names other keys than the ones that are pinned here. Of the directory's log:
 * "misopened": what was handed out is not what an entry commits to; "withheld": nothing was.
 */
export type Why = "forked" | "smaller" | "gone" | "unproven" | "policy" | "misopened" | "withheld";

/** An entry of the directory's log and what was said to stand behind it. */
export type Opening = {
  readonly index: number;
  /** base64 */
  readonly leaf: string;
  /** base64url, as they came. */
  readonly salt: string | null;
  readonly payload: string | null;
  readonly statement: unknown;
};

export type Evidence = {
  readonly why: Why;
  readonly origin: string;
  /** When it was noticed, as the noticing device dates it. */
  readonly seen: string;
  /** The policy believed here; for "policy", `after` is the server's. */
  readonly policy: string;
  /** Signed notes: the one that was believed, and what came then. */
  readonly before: string | null;
  readonly after: string | null;
  /** For "forked" between two sizes: see {@link rootsShown}. */
  readonly path: readonly Hash[] | null;
  /** For "misopened" and "withheld". */
  readonly opening?: Opening;
};

/** What no signature proves: that something was not handed out, or was signed by too few. */
const CLAIMS: ReadonlySet<Why> = new Set<Why>(["policy", "unproven", "misopened", "withheld"]);

export function evidenceFile(evidence: Evidence): string {
  const { path, ...rest } = evidence;
  return `${JSON.stringify({ v: 1, kind: KIND, ...rest, path: path?.map(toBase64) ?? null }, null, 1)}\n`;
}

/** @throws {Malformed} if it is none. */
export function parseEvidence(text: string): Evidence {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Malformed("not an evidence file");
  }
  if (value === null || value.kind !== KIND || value.v !== 1) {
    throw new Malformed("not an evidence file");
  }
  const { why, origin, seen, policy, before, after, path, opening } = value;
  const lines = Array.isArray(path) ? path.map((one) => hashFromBase64(String(one))) : null;
  const read = { why, origin, seen, policy, before, after } as Omit<Evidence, "path">;
  for (const one of [read.why, read.origin, read.seen, read.policy]) {
    if (typeof one !== "string") throw new Malformed("an evidence file names its log");
  }
  for (const one of [read.before, read.after]) {
    if (one !== null && typeof one !== "string") throw new Malformed("a note is text, or absent");
  }
  const said = opening === undefined ? {} : { opening: opening as Opening };
  return { ...read, path: lines, ...said };
}

/**
 * How far a file goes, to somebody who trusts its policy alone: "contradiction" if whoever holds the
 * log's key signed two histories, which no accident does; "rollback" if the log once signed more
 * than was handed out later, which is proven to whoever believes that it came later; "claim" if
 * nothing in it is proven by signatures.
 *
 * @throws {Malformed} if a note is none.
 * @throws {Unproven} if it does not show what it says.
 */
export async function judge(
  evidence: Evidence,
  policy: Policy,
): Promise<"contradiction" | "rollback" | "claim"> {
  const { why, before, after, path } = evidence;
  if (before === null || CLAIMS.has(why)) return "claim";
  const old = await signedCheckpoint(evidence, before, policy);
  if (why === "gone" || after === null) return "rollback";
  const now = await signedCheckpoint(evidence, after, policy);
  if (now.size < old.size) return "rollback";
  if (now.size > old.size) {
    const shown = await rootsShown(old.size, now.size, path ?? []);
    if (!equal(shown.after, now.root)) throw new Unproven("the path is of another tree");
    if (equal(shown.before, old.root)) throw new Unproven("the second log extends the first");
  } else if (equal(now.root, old.root)) throw new Unproven("both notes say the same");
  return "contradiction";
}

/** Signed by the log is enough: a quorum that is missing excuses nobody. */
async function signedCheckpoint(
  { origin }: Evidence,
  whole: string,
  policy: Policy,
): Promise<Checkpoint> {
  const note = parseNote(whole);
  const checkpoint = parseCheckpoint(note.text);
  const keys = policy.keysOf(origin);
  if (checkpoint.origin !== origin || (await signaturesOf(note, keys)).length === 0) {
    throw new Unproven(`${origin} has not signed it`);
  }
  return checkpoint;
}
