/** What this device itself said: taken from its outbox, where the thread's log shows it. */

import type { Entry } from "../api/schema";
import { type Act, isAct, isOfThread } from "../crypto/content";
import { type Content, keys, type OutboxRecord, type ThreadRecord } from "../store/records";
import { hear } from "./requests/heard";
import { said } from "./said";
import type { Shown, Walk } from "./walk";

type Taken = Pick<Walk, "core" | "tx" | "circle" | "thread">;

/** Take from the outbox what the log shows; that it is the same is for the caller to know. */
export async function outOf(
  place: Taken,
  entry: Entry,
  [key, { content }]: [key: string, record: OutboxRecord],
): Promise<Shown> {
  const { device, person } = place.core.device;
  const author = { person, device, mine: true };
  place.tx.remove(key);
  seek(place, entry, content);
  if (isOfThread(content)) return said(place, entry, author, content);
  return aside(place, entry, author, content);
}

/** Its answer names its act in the public log: until that is here, or for good if it was lost. */
function seek({ core, tx, circle }: Taken, entry: Entry, content: Content): void {
  if (core.deps.api.publicLog === undefined) return;
  const { seq, id, epoch, body } = entry;
  const act = isAct(content) ? content.kind : null;
  tx.put(keys.sought(circle, seq), { circle, seq, id, epoch, body, act, asked: 0 });
}

type Aside = Exclude<Content, { kind: "text" } | Act>;

/** What is no line of the thread: its name, and what belongs to a draft. */
export async function aside(
  walk: Taken,
  { at, seq }: Entry,
  author: { person: string; device: string },
  content: Aside,
): Promise<Shown> {
  if (content.kind === "title") walk.thread = named(walk.thread, content);
  else await hear(walk.tx, { circle: walk.circle, ...author, at, seq }, content);
  return { kind: "silent" };
}

/** Its name may change; what it goes on from was said by whoever began it, and stays. */
function named(
  thread: ThreadRecord,
  { title, continues = thread.continues }: Extract<Content, { kind: "title" }>,
): ThreadRecord {
  const first = thread.continues ?? (thread.name === null ? continues : undefined);
  return { ...thread, name: title, ...(first !== undefined && { continues: first }) };
}
