/**
 * What a commit says of the directory that its author had replayed: in its authenticated data, so
 * signed, and readable by the server (docs/wire.md, Commits).
 *
 * Whoever reads the commit holds it against their own log: two members who were shown different
 * directories part at the first commit between them, and nobody is judged by an older one than its
 * author had.
 */

import { b64u, equal, MalformedBytes } from "../../bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "../../canonical";
import { successorOf } from "../../state/logCheck";
import type { ThreadRecord } from "../../store/records";
import { Freeze } from "../frozen/freeze";
import { NotPossible } from "../problems";
import type { DirectoryLog } from "./log";

/** Which log, how many of its entries, and the root that they make. */
export type Stated = { readonly log: string; readonly size: number; readonly root: Uint8Array };

/** How many times a log may have been taken over between what two devices follow. */
const MOST_SUCCESSORS = 20;

/** A commit names more of the directory than this device is shown: it cannot be judged yet. */
export class Behind extends NotPossible {
  constructor(readonly stated: Stated) {
    super("directory-behind");
  }
}

/** The authenticated data of a commit; `stated` is null where no directory is followed. */
export function commitData(clientId: string, stated: Stated | null): Uint8Array<ArrayBuffer> {
  if (stated === null) return canonical({ client_id: clientId, v: 1 });
  const { log, size, root } = stated;
  return canonical({
    client_id: clientId,
    dir_log: log,
    dir_root: b64u.encode(root),
    dir_size: size,
    v: 2,
  });
}

/**
 * What a commit's authenticated data states; null for one of the first form, which states nothing.
 *
 * @throws {Freeze} `commit-id`, if it is of neither form or of another commit.
 */
export function statedIn(data: Uint8Array, clientId: string): Stated | null {
  if (equal(data, commitData(clientId, null))) return null;
  const stated = statedOrNull(data, clientId);
  if (stated === null) throw new Freeze("commit-id");
  return stated;
}

/** The same, without a judgement. */
export function statedOrNull(data: Uint8Array, clientId: string): Stated | null {
  try {
    const { dir_log, dir_root, dir_size } = fromCanonical(data) as Record<string, Json>;
    const stated = {
      log: String(dir_log),
      size: Number(dir_size),
      root: b64u.decode(String(dir_root)),
    };
    const sound = Number.isSafeInteger(stated.size) && stated.size >= 0;
    return sound && equal(data, commitData(clientId, stated)) ? stated : null;
  } catch (error) {
    if (error instanceof NotCanonical || error instanceof MalformedBytes) return null;
    throw error;
  }
}

/** Whether more of the directory is stated than this device has replayed. */
export function isBehind(log: Pick<DirectoryLog, "origin" | "size">, stated: Stated): boolean {
  if (follows(log.origin, stated.log)) return false; // ended, and kept here no more
  return log.origin !== stated.log || stated.size > log.size;
}

/** What a thread's newest commit stated, for the next one: it never decreases. */
export type LastStated = NonNullable<ThreadRecord["directory"]>;

/**
 * Hold what a commit states against this device's own log, as far as that goes.
 *
 * Of a device that comes back nothing is asked but the truth: it lets nobody in.
 *
 * @throws {Freeze} `directory-unstated`, `directory-older` or `directory-forked`.
 * @throws {Behind} if this device has to follow the directory first.
 */
export async function requireAgreed(
  log: Pick<DirectoryLog, "origin" | "size" | "rootAt">,
  last: LastStated | undefined,
  stated: Stated | null,
  returning: boolean,
): Promise<void> {
  if (stated === null) {
    // Older commits stated nothing; after one that did, silence is a step back.
    if (last !== undefined) throw new Freeze("directory-unstated");
    return;
  }
  if (!returning && last !== undefined && isBefore(stated, last)) {
    throw new Freeze("directory-older", { directory: { ...stated, ours: null } });
  }
  if (isBehind(log, stated)) throw new Behind(stated);
  if (log.origin !== stated.log) return;
  const ours = await log.rootAt(stated.size);
  if (ours === null || !equal(ours, stated.root)) {
    throw new Freeze("directory-forked", { directory: { ...stated, ours } });
  }
}

/** The newer of what was stated before and now. */
export function latest(
  last: LastStated | undefined,
  stated: Stated | null,
): LastStated | undefined {
  if (stated === null || (last !== undefined && isBefore(stated, last))) return last;
  return { log: stated.log, size: stated.size };
}

function isBefore(stated: Pick<Stated, "log" | "size">, last: LastStated): boolean {
  return stated.log === last.log ? stated.size < last.size : follows(last.log, stated.log);
}

/** Whether a log took over, directly or by others between, from `earlier`. */
function follows(origin: string, earlier: string): boolean {
  let next = earlier;
  for (let step = 0; step < MOST_SUCCESSORS && origin !== earlier; step += 1) {
    next = successorOf(next);
    if (next === origin) return true;
  }
  return false;
}
