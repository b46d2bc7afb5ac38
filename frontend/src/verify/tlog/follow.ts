/**
 * Following a log: each checkpoint must extend the last one that was believed.
 *
 * A log that once was larger, or had other entries, has been rolled back or rewritten, or shows
 * different people different histories. Of one size, or with the newer one's entries, both signed
 * notes prove it to anybody.
 */

import { equal, type Hash } from "../../bytes";
import { type Checkpoint, checkpointIn } from "./checkpoint";
import { rootOfEntries } from "./entries";
import { rootsShown } from "./merkle";
import type { Opened, Policy } from "./policy";
import { Unproven } from "./refusal";
import { fullPath, type ReadFile, Tiles } from "./tiles";

/** The log does not go on from what was believed before; `before` and `after` are the evidence. */
export class Forked extends Unproven {
  constructor(
    why: string,
    /** The signed note that was believed. */
    readonly before: string,
    /** The signed note that was handed out now. */
    readonly after: string,
    /** What shows anybody that the newer tree begins otherwise; null where the notes do. */
    readonly path: readonly Hash[] | null = null,
  ) {
    super(why);
  }
}

/**
 * The newest checkpoint of the log named `origin`, once it is shown to extend the one before.
 *
 * `before` is the note that was believed last, or null at the first time: then the log is taken as
 * it is, and only what comes later can be compared. `seconds` is the time since 1970 at which the
 * note was handed out, for keys that were given up (see {@link Policy.open}).
 *
 * @throws {Malformed} if the note is none.
 * @throws {Forked} if it does not extend `before`: also where the log alone has signed it, for a
 *   quorum that is missing excuses nobody.
 * @throws {Unproven} if the policy is not satisfied, or the log's files are not those of its root:
 *   they accuse nobody.
 */
export async function follow(
  policy: Policy,
  origin: string,
  before: string | null,
  note: string,
  read: ReadFile,
  seconds: number | null = null,
): Promise<Opened> {
  const opened = await policy.open(note, seconds).catch(async (error: unknown) => {
    // Its own signature is enough to hold against the log what it signed before.
    if (error instanceof Unproven && before !== null) {
      await extending(await policy.signed(note, seconds), origin, before, note, read);
    }
    throw error;
  });
  await extending(opened.checkpoint, origin, before, note, read);
  return opened;
}

async function extending(
  now: Checkpoint,
  origin: string,
  before: string | null,
  note: string,
  read: ReadFile,
): Promise<void> {
  // The server says which address is which log: the signed text must say the same.
  if (now.origin !== origin) throw new Unproven(`${now.origin} is another log`);
  if (before === null) return;
  const old = checkpointIn(before);
  if (old.origin !== origin) throw new Unproven(`${old.origin} is another log`);
  if (now.size < old.size) {
    throw new Forked(`it had ${old.size} entries and has ${now.size}`, before, note);
  }
  if (now.size === old.size) {
    if (equal(now.root, old.root)) return;
    throw new Forked("two roots of one size were signed", before, note);
  }
  if (old.size === 0) return;
  const path = await fullPath(old.size, new Tiles(now.size, read));
  const shown = await rootsShown(old.size, now.size, path);
  if (!equal(shown.after, now.root)) throw new Unproven("the files make another root");
  if (equal(shown.before, old.root)) return;
  const why = `the first ${old.size} entries are not those that were signed before`;
  throw new Forked(why, before, note, path);
}

/** @throws {Unproven} if the entries handed out do not make the signed root. */
export async function verifyEntries(checkpoint: Checkpoint, read: ReadFile): Promise<void> {
  const root = await rootOfEntries(checkpoint.size, read);
  if (!equal(root, checkpoint.root)) throw new Unproven("the entries make another root");
}
