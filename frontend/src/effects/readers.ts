/** Who reads a thread: whoever is entitled to, and whoever holds keys of the group. */

import { isOfThread } from "../crypto/content";
import type { Content, OutboxRecord, ThreadRecord } from "../store/records";
import type { Mirror } from "./mirror";

/** Everyone who reads what is sent now, as far as this device knows. */
export function readersOf(mirror: Mirror, circle: string, thread?: ThreadRecord): string[] {
  const entitled = mirror.circles().get(circle)?.people ?? [];
  const holding = (thread ?? mirror.threads.get(circle))?.roster ?? [];
  return [...new Set([...entitled, ...holding.map(({ person }) => person)])];
}

/** Whether something that somebody typed for the thread's readers goes with it. */
function says(content: Content): boolean {
  if (!isOfThread(content)) return false;
  return "text" in content || "reason" in content || "note" in content;
}

/**
 * Those who would read a message although its author never agreed to it.
 *
 * A message may wait for hours, and somebody may be let in meanwhile. Titles are for whoever is
 * in: they are said again to everyone who comes.
 */
export function notAgreedTo(
  record: Pick<OutboxRecord, "circle" | "content" | "readers">,
  mirror: Mirror,
  thread?: ThreadRecord,
): string[] {
  if (!says(record.content)) return [];
  const agreed = new Set(record.readers);
  return readersOf(mirror, record.circle, thread).filter((person) => !agreed.has(person));
}
