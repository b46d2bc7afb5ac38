/** From the lines of a thread to the rows of its page: pure. */

import type { Line } from "./client";
import { dayOf } from "./time";

export type MessageLine = Extract<Line, { kind: "message" }>;
export type EventLine = Extract<Line, { kind: "event" }>;

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: MessageLine["message"] }
  | { kind: "event"; key: string; event: EventLine };

/** What changes who reads: afterwards the next message asks for a confirmation. */
const CHANGES_READERS: ReadonlySet<EventLine["what"]> = new Set(["created", "joined", "removed"]);

export function keyOf(line: Line): string {
  return line.kind === "message" ? `m ${line.message.id}` : `e ${line.seq} ${line.what}`;
}

/**
 * The rows to draw, oldest first: a separator before each day of `zone`, and one before the line
 * whose key is `firstUnread`.
 */
export function rowsOf(lines: readonly Line[], firstUnread: string | null, zone: string): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let day = "";
  for (const line of lines) {
    const at = line.kind === "message" ? line.message.at : line.at;
    const today = dayOf(at, zone);
    const key = keyOf(line);
    // Drawn once even if handed over twice: two rows under one key would stop the whole page.
    if (seen.has(key)) continue;
    seen.add(key);
    if (today !== day) {
      day = today;
      rows.push({ kind: "day", key: `d ${today} ${key}`, at });
    }
    if (key === firstUnread) rows.push({ kind: "unread", key: "unread" });
    rows.push(
      line.kind === "message"
        ? { kind: "message", key, message: line.message }
        : { kind: "event", key, event: line },
    );
  }
  return rows;
}

/** The key of the first of the last `unread` messages of others, or null if there is none. */
export function firstUnreadOf(lines: readonly Line[], unread: number): string | null {
  let left = unread;
  let found: string | null = null;
  for (let i = lines.length - 1; i >= 0 && left > 0; i -= 1) {
    const line = lines[i];
    if (line?.kind === "message" && !line.message.mine) {
      found = keyOf(line);
      left -= 1;
    }
  }
  return found;
}

/** Whether who reads has changed since this person last wrote here. */
export function readersChanged(lines: readonly Line[]): boolean {
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    if (line?.kind === "message" && line.message.mine) return false;
    if (line?.kind === "event" && CHANGES_READERS.has(line.what)) return true;
  }
  return false;
}

/** Own messages that wait or failed, for "send all again". */
export function failedOf(lines: readonly Line[]): number {
  return lines.filter((line) => line.kind === "message" && line.message.status === "failed").length;
}
