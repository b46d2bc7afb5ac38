/** From the lines of a thread to the rows of its page: pure. */

import type { Line } from "./client";
import { dayOf } from "./time";

export type MessageLine = Extract<Line, { kind: "message" }>;
export type EventLine = Extract<Line, { kind: "event" }>;
export type ActLine = Extract<Line, { kind: "act" }>;

export type Given = NonNullable<MessageLine["message"]["given"]>;

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  /** `follows`: the same person goes on, so who they are need not be said again. */
  | { kind: "message"; key: string; message: MessageLine["message"]; follows: boolean }
  /** Where a stretch of messages begins that somebody gave of the time before, and where it ends. */
  | { kind: "given"; key: string; given: Given; ends: boolean }
  | { kind: "act"; key: string; act: ActLine }
  | { kind: "event"; key: string; event: EventLine };

/** What changes who reads: afterwards the next message asks for a confirmation. */
const CHANGES_READERS: ReadonlySet<EventLine["what"]> = new Set(["created", "joined", "removed"]);

export function keyOf(line: Line): string {
  // An id is its device's own choice, and unique for that device alone.
  if (line.kind === "message") return `m ${line.message.device} ${line.message.id}`;
  return line.kind === "act" ? `a ${line.person} ${line.id}` : `e ${line.seq} ${line.what}`;
}

/** How long one turn of speaking lasts at most without being named again, in milliseconds. */
const TURN_MS = 5 * 60_000;

const event = (key: string, line: EventLine): Row => ({ kind: "event", key, event: line });

/** Whether a message goes straight on after the row before it. */
function goesOn(before: Row | undefined, { message }: MessageLine): boolean {
  if (before?.kind !== "message" || before.message.person !== message.person) return false;
  const gap = Date.parse(message.at) - Date.parse(before.message.at);
  return Math.abs(gap) <= TURN_MS;
}

/**
 * The rows to draw, oldest first: a separator before each day of `zone`, and one before the line
 * whose key is `firstUnread`.
 */
export function rowsOf(lines: readonly Line[], firstUnread: string | null, zone: string): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let day = "";
  let given: Given | null = null;
  for (const line of lines) {
    const at = line.kind === "message" ? line.message.at : line.at;
    const today = dayOf(at, zone);
    const key = keyOf(line);
    // Drawn once even if handed over twice: two rows under one key would stop the whole page.
    if (seen.has(key)) continue;
    seen.add(key);
    const now: Given | null = line.kind === "message" ? (line.message.given ?? null) : null;
    if (given !== null && given.seq !== now?.seq) {
      rows.push({ kind: "given", key: `g end ${key}`, given, ends: true });
    }
    if (today !== day) {
      day = today;
      rows.push({ kind: "day", key: `d ${today} ${key}`, at });
    }
    if (now !== null && given?.seq !== now.seq) {
      rows.push({ kind: "given", key: `g ${key}`, given: now, ends: false });
    }
    given = now;
    if (key === firstUnread) rows.push({ kind: "unread", key: "unread" });
    if (line.kind === "message") {
      rows.push({
        kind: "message",
        key,
        message: line.message,
        follows: goesOn(rows.at(-1), line),
      });
    } else rows.push(line.kind === "act" ? { kind: line.kind, key, act: line } : event(key, line));
  }
  if (given !== null) {
    rows.push({ kind: "given", key: "g end", given, ends: true });
  }
  return rows;
}

/**
 * The key of the first of the last `unread` messages of others, or null if there is none. What was
 * given of the time before is never unread.
 */
export function firstUnreadOf(lines: readonly Line[], unread: number): string | null {
  let left = unread;
  let found: string | null = null;
  for (let i = lines.length - 1; i >= 0 && left > 0; i -= 1) {
    const line = lines[i];
    if (line?.kind === "message" && !line.message.mine && !line.message.given) {
      found = keyOf(line);
      left -= 1;
    }
  }
  return found;
}

/** Why a message is only sent after a look at who reads it. */
export type Question = "none" | "first" | "changed";

/**
 * What to ask before the next message, and who began to read since the last one of `me`.
 *
 * Whoever chose all the readers a moment ago is not asked before their first message; whoever was
 * let in by somebody else is shown whom they write to.
 */
export function questionOf(lines: readonly Line[], me: string): { ask: Question; fresh: string[] } {
  const changes: EventLine[] = [];
  let wrote = false;
  for (let i = lines.length - 1; i >= 0 && !wrote; i -= 1) {
    const line = lines[i];
    // What waits stands last, whenever it was written: it says nothing of what was known then.
    if (line?.kind === "message") wrote = line.message.mine && line.message.seq !== null;
    else if (line?.kind === "event" && CHANGES_READERS.has(line.what)) changes.push(line);
  }
  if (!wrote) {
    return { ask: changes.some(({ by }) => by !== me) ? "first" : "none", fresh: [] };
  }
  const joined = changes.filter(({ what }) => what === "joined").flatMap(({ people }) => people);
  const fresh = [...new Set(joined)].filter((person) => person !== me);
  return { ask: changes.length > 0 ? "changed" : "none", fresh };
}

/** Whether a thread was there before this person: what was said then cannot be read here. */
export function cameLater(lines: readonly Line[], me: string): boolean {
  const [first] = lines;
  return first?.kind === "event" && first.what === "joined" && first.people.includes(me);
}

/**
 * Whether this device came later than others of the same person: what was written before is there.
 *
 * `since` is when the person entered the case, `devices` how many of theirs read.
 */
export function earlierElsewhere(
  lines: readonly Line[],
  me: { id: string; since: string | null; devices: number },
): boolean {
  const [first] = lines;
  if (first?.kind !== "event" || !cameLater(lines, me.id)) return false;
  if (me.devices < 2 || me.since === null) return false;
  return Date.parse(first.at) - Date.parse(me.since) > TURN_MS;
}

/** Own messages that wait or failed, for "send all again". */
export function failedOf(lines: readonly Line[]): number {
  return lines.filter((line) => line.kind === "message" && line.message.status === "failed").length;
}
