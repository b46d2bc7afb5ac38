/** How first-line information stands, in words. */

import type { NoteReason, NoteView } from "../client";
import type { Key } from "../words";

export const STEP: Readonly<Record<NoteView["step"], Key>> = {
  sent: "notes.step.sent",
  acknowledged: "notes.step.acknowledged",
  declined: "notes.step.declined",
  joined: "notes.step.joined",
  used: "notes.step.used",
  led: "notes.step.led",
};

/**
 * How one note stands for whoever looks at it: what one State has sent, the other has received. What
 * waits on this device for its first reader is not sent, whatever the server counts.
 */
export function stepOf({ step, sent, waits }: Pick<NoteView, "step" | "sent" | "waits">): Key {
  if (step !== "sent") return STEP[step];
  if (waits !== null) return "notes.waits";
  return sent ? STEP.sent : "notes.step.received";
}

/** In the order of a note's life. */
export const STEPS: readonly NoteView["step"][] = [
  "sent",
  "acknowledged",
  "declined",
  "joined",
  "used",
  "led",
];

export const TONE: Readonly<Record<NoteView["step"], "" | "ok" | "warn" | "stop">> = {
  sent: "warn",
  acknowledged: "",
  declined: "stop",
  joined: "ok",
  used: "ok",
  led: "ok",
};

export const REASONS: ReadonlyArray<{ value: NoteReason; words: Key }> = [
  { value: "not-competent", words: "notes.reason.notCompetent" },
  { value: "already-handled", words: "notes.reason.handled" },
  { value: "nothing-found", words: "notes.reason.nothing" },
  { value: "other", words: "notes.reason.other" },
];

export function reasonName(reason: string): Key {
  return REASONS.find((one) => one.value === reason)?.words ?? "notes.reason.other";
}

export type Moment = { words: Key; at: string };

/** What was done to a note and when, in that order. */
export function momentsOf(note: NoteView): Moment[] {
  const all: [Key, string | null][] = [
    [note.waits === null ? "notes.at.sent" : "notes.at.written", note.sentAt],
    ["notes.at.acknowledged", note.acknowledgedAt],
    ["notes.at.declined", note.declinedAt],
    ["notes.at.joined", note.joinedAt],
    ["notes.at.used", note.usedAt],
    ["notes.at.led", note.ledAt],
  ];
  return all
    .flatMap(([words, at]) => (at === null ? [] : [{ words, at }]))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
