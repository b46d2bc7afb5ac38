/**
 * Following a log: each checkpoint must extend the last one that was believed.
 *
 * A log that once was larger, or had other entries, has been rolled back or rewritten, or shows
 * different people different histories. Of one size, or with the newer one's entries, both signed
 * notes prove it to anybody.
 */

import { equal } from "../../bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { rootOfEntries } from "./entries";
import { verifyConsistency } from "./merkle";
import { parseNote } from "./note";
import type { Opened, Policy } from "./policy";
import { Unproven } from "./refusal";
import { consistencyPath, type ReadFile, Tiles } from "./tiles";

/** The log does not go on from what was believed before; `before` and `after` are the evidence. */
export class Forked extends Unproven {
  constructor(
    why: string,
    /** The signed note that was believed. */
    readonly before: string,
    /** The signed note that was handed out now. */
    readonly after: string,
  ) {
    super(why);
  }
}

/**
 * The newest checkpoint of the log named `origin`, once it is shown to extend the one before.
 *
 * `before` is the note that was believed last, or null at the first time: then the log is taken as
 * it is, and only what comes later can be compared.
 *
 * @throws {Malformed} if the note is none.
 * @throws {Forked} if it does not extend `before`.
 * @throws {Unproven} if the policy is not satisfied.
 */
export async function follow(
  policy: Policy,
  origin: string,
  before: string | null,
  note: string,
  read: ReadFile,
): Promise<Opened> {
  const opened = await policy.open(note);
  const now = opened.checkpoint;
  // The server says which address is which log: the signed text must say the same.
  if (now.origin !== origin) throw new Unproven(`${now.origin} is another log`);
  if (before === null) return opened;
  const old = parseCheckpoint(parseNote(before).text);
  const forked = (why: string) => new Forked(why, before, note);
  if (old.origin !== origin) throw new Unproven(`${old.origin} is another log`);
  if (now.size < old.size) throw forked(`it had ${old.size} entries and has ${now.size}`);
  try {
    await verifyConsistency(old, now, await consistencyPath(old.size, new Tiles(now.size, read)));
  } catch (error) {
    if (!(error instanceof Unproven)) throw error;
    // A file that is cut short accuses nobody: only entries that make the new root do.
    await verifyEntries(now, read);
    throw forked(`the first ${old.size} entries are not those that were signed before`);
  }
  return opened;
}

/** @throws {Unproven} if the entries handed out do not make the signed root. */
export async function verifyEntries(checkpoint: Checkpoint, read: ReadFile): Promise<void> {
  const root = await rootOfEntries(checkpoint.size, read);
  if (!equal(root, checkpoint.root)) throw new Unproven("the entries make another root");
}
