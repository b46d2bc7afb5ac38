/** What waits for the reader, by urgency: pure. */

import type { Call, CaseView, NoteView, ThreadView } from "../client";

export type Show = "all" | "unread" | "calls" | "due" | "resolved";

/** First-line information stands in no case: its reference is empty. */
type Place = { readonly reference: string; readonly thread: ThreadView };
export type Called = Place & { readonly call: Call };
export type UnreadCase = { readonly item: CaseView; readonly threads: readonly ThreadView[] };

/** Something with a date by which somebody's hand is wanted. */
export type Due = {
  readonly id: string;
  readonly href: string;
  readonly what:
    | "joining"
    | "designation"
    | "notices"
    | "deletion"
    | "secondHand"
    | "exportConsent"
    | "exportReady"
    | "standing"
    | "term"
    /** The same of whoever serves the region: no coordination renews it. */
    | "termRegion"
    | "device"
    /** What came of not signing in: said on a day, and over. */
    | "silence"
    /** A day of a request, in the words of its kind. */
    | "requestDay";
  /** What it is about, e.g. a case's reference or a person's name. */
  readonly of: string;
  readonly at: string;
  /** How many days before that day it is shown; seven if nothing is said. */
  readonly ahead?: number;
};

const DAY_MS = 86_400_000;
export const SOON_DAYS = 7;

function places(cases: readonly CaseView[], notes: readonly NoteView[]): Place[] {
  const within = cases.flatMap(({ reference, threads }) => {
    return threads.map((thread) => ({ reference, thread }));
  });
  return [...within, ...notes.map(({ thread }) => ({ reference: "", thread }))];
}

/** Messages that call the reader: what is urgent first, then the oldest. */
export function callsIn(cases: readonly CaseView[], notes: readonly NoteView[] = []): Called[] {
  const found = places(cases, notes).flatMap((place) => {
    return place.thread.calls.map((call) => ({ ...place, call }));
  });
  const urgent = ({ call }: Called): number => (call.urgent ? 0 : 1);
  return found.sort(
    (a, b) => urgent(a) - urgent(b) || Date.parse(a.call.at) - Date.parse(b.call.at),
  );
}

/** Whether there is something in a thread that the reader has not seen. */
export function isUnread({ unread, fresh, kind }: ThreadView): boolean {
  return unread > 0 || (fresh && kind !== "case");
}

type Which = (thread: ThreadView) => boolean;

/** Cases with something unread, the newest of it first, each with those threads alone. */
export function unreadIn(cases: readonly CaseView[], which: Which = isUnread): UnreadCase[] {
  const last = ({ threads }: UnreadCase): number =>
    Math.max(...threads.map(({ lastAt }) => (lastAt === null ? 0 : Date.parse(lastAt))));
  return cases
    .map((item) => ({ item, threads: item.threads.filter(which) }))
    .filter(({ threads }) => threads.length > 0)
    .sort((a, b) => last(b) - last(a));
}

/** First-line information with something unread, the newest of it first. */
export function unreadNotes(notes: readonly NoteView[], which: Which = isUnread): NoteView[] {
  const last = ({ sentAt, thread }: NoteView): number => Date.parse(thread.lastAt ?? sentAt);
  return notes.filter(({ thread }) => which(thread)).sort((a, b) => last(b) - last(a));
}

/** Where the reader is: in a thread, or at a case of which none is open. */
export type Here = { readonly reference: string; readonly circle: string | null };

/**
 * The next thread with something unread, or the one before, as the inbox lists them; beyond its
 * end it begins anew. What is open stands where it stood before it was read. Null where there is
 * no other one.
 */
export function unreadFrom(
  cases: readonly CaseView[],
  notes: readonly NoteView[],
  { reference, circle }: Here,
  by: 1 | -1,
): Place | null {
  const which: Which = (thread) => thread.circle === circle || isUnread(thread);
  const listed: Place[] = [
    ...unreadIn(cases, which).flatMap(({ item, threads }) =>
      threads.map((thread) => ({ reference: item.reference, thread })),
    ),
    ...unreadNotes(notes, which).map(({ thread }) => ({ reference: "", thread })),
  ];
  const open = listed.findIndex(({ thread }) => thread.circle === circle);
  const first = open === -1 ? listed.findIndex((one) => one.reference === reference) : open;
  const at = Math.max(first, 0);
  const others = [...listed.slice(open === -1 ? at : at + 1), ...listed.slice(0, at)];
  return others.at(by === 1 ? 0 : -1) ?? null;
}

/** How many things in these threads are unread: a thread that was never opened is one. */
export function unseenIn(threads: readonly ThreadView[]): number {
  return threads.reduce((sum, { unread }) => sum + Math.max(1, unread), 0);
}

/** Own messages that were refused, in all these together. */
export function failedIn(cases: readonly CaseView[], notes: readonly NoteView[] = []): number {
  return places(cases, notes).reduce((sum, { thread }) => sum + thread.failed, 0);
}

/** Threads in which something was typed and not sent, was refused, or waits for its author's word. */
export function draftsIn(cases: readonly CaseView[], notes: readonly NoteView[] = []): Place[] {
  return places(cases, notes).filter(
    ({ thread }) => thread.draft.trim() !== "" || thread.held + thread.failed > 0,
  );
}

/** Threads that have done their work, the last one first. */
export function resolvedIn(cases: readonly CaseView[]): Place[] {
  const at = ({ thread }: Place): number => Date.parse(thread.resolved?.at ?? "");
  return places(cases, [])
    .filter(({ thread }) => thread.resolved !== null)
    .sort((a, b) => at(b) - at(a));
}

/** What is due within seven days or its own number of them, or was; the most urgent first. */
export function dueSoon(all: readonly Due[], now: number): Due[] {
  return all
    .filter(({ at, ahead = SOON_DAYS }) => Date.parse(at) <= now + ahead * DAY_MS)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
