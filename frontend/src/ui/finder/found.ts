/** What was found, as the page shows it: pure. */

import { marked, type Piece } from "../../fold";
import type { CaseView, Hit, NoteView, ThreadView } from "../client";
import type { Language } from "../preferences.svelte";

const MOST = 280;
const BEFORE = 80;

/** The part of a message around its first hit, on one line, with the words marked. */
export function excerpt(text: string, sought: readonly string[]): Piece[] {
  const line = text.replace(/\s+/gu, " ").trim();
  const first = firstHit(line, sought);
  const from = line.length <= MOST ? 0 : wordStart(line, first - BEFORE);
  const to = line.length - from <= MOST ? line.length : wordEnd(line, from + MOST);
  const pieces = marked(line.slice(from, to), sought);
  const dots = { text: "…", hit: false };
  return [...(from > 0 ? [dots] : []), ...pieces, ...(to < line.length ? [dots] : [])];
}

function firstHit(line: string, sought: readonly string[]): number {
  let at = 0;
  for (const piece of marked(line, sought)) {
    if (piece.hit) return at;
    at += piece.text.length;
  }
  return 0;
}

function wordStart(line: string, near: number): number {
  if (near <= 0) return 0;
  const space = line.indexOf(" ", near);
  return space === -1 || space > near + BEFORE / 2 ? whole(line, near) : space + 1;
}

function wordEnd(line: string, near: number): number {
  const space = line.lastIndexOf(" ", near);
  return space > near - BEFORE ? space : whole(line, near);
}

/** Never between the two halves of one character. */
function whole(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

export type ThreadHits = { thread: ThreadView; hits: readonly Hit[] };
export type CaseHits = { item: CaseView; threads: readonly ThreadHits[] };

/** By case and thread; each stands where its newest hit would. */
export function grouped(hits: readonly Hit[], cases: readonly CaseView[]): CaseHits[] {
  const places = new Map(
    cases.flatMap((item) => item.threads.map((thread) => [thread.circle, { item, thread }])),
  );
  const found = new Map<CaseView, Map<ThreadView, Hit[]>>();
  for (const hit of hits) {
    const place = places.get(hit.circle);
    if (place === undefined) continue;
    const threads = found.get(place.item) ?? new Map<ThreadView, Hit[]>();
    found.set(place.item, threads);
    threads.set(place.thread, [...(threads.get(place.thread) ?? []), hit]);
  }
  return [...found].map(([item, threads]) => ({
    item,
    threads: [...threads].map(([thread, all]) => ({ thread, hits: all })),
  }));
}

/** What was found in first-line information, note by note. */
export function inNotes(
  hits: readonly Hit[],
  notes: readonly NoteView[],
): { thread: ThreadView; hits: Hit[] }[] {
  return notes
    .map(({ thread }) => ({ thread, hits: hits.filter(({ circle }) => circle === thread.circle) }))
    .filter((one) => one.hits.length > 0);
}

/** "4 218", with a space that does not break; "4,218" in English. */
export function counted(count: number, language: Language): string {
  const parts = new Intl.NumberFormat(language, { useGrouping: "always" }).formatToParts(count);
  const sign = (type: string, value: string): string =>
    type === "group" && language !== "en" ? "\u202f" : value;
  return parts.map(({ type, value }) => sign(type, value)).join("");
}

/** The first millisecond of a day, "2026-03-03", where the reader is; undefined without a day. */
export function startOf(day: string, days = 0): number | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (found === null) return undefined;
  return new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + days).getTime();
}
