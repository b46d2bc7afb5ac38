/**
 * A draft as a document: reading and changing it by pointers ("persons.0.name"). Pure.
 *
 * Every change gives a new draft and leaves the old one as it was. What lies outside the answers but
 * speaks of them by pointer (unknown, translations) moves along when items move.
 */

import type { Json } from "../../canonical";
import type { Book, Draft } from "../../rules/book";
import type { Language } from "../preferences.svelte";

type Box = { readonly [key: string]: Json };
export type TranslationStatus = "pending" | "draft" | "reviewed";
export type Translation = { readonly text: string; readonly status: TranslationStatus };

export const isBox = (value: Json | undefined): value is Box =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A draft with nothing in it but what its author chose on opening it. */
export function newDraft(given: {
  language: Language;
  lawDate: string;
  requesting: string;
  requested: string;
  measures: readonly string[];
}): Draft {
  return {
    v: 1,
    language: given.language,
    law_date: given.lawDate,
    requesting_state: given.requesting,
    requested_state: given.requested,
    measures: given.measures.map((type) => ({ type, fields: {} })),
    unknown: [],
    overrides: [],
  };
}

export function valueAt(draft: Draft, pointer: string): Json | undefined {
  let value: Json | undefined = draft;
  for (const step of pointer.split(".")) {
    if (isList(value)) value = value[Number(step)];
    else if (isBox(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

export const textAt = (draft: Draft, pointer: string): string => {
  const value = valueAt(draft, pointer);
  return typeof value === "string" ? value : "";
};

export const textsAt = (draft: Draft, pointer: string): string[] => {
  const value = valueAt(draft, pointer);
  return isList(value) ? value.filter((one) => typeof one === "string") : [];
};

function within(value: Json | undefined, steps: readonly string[], put: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return put;
  if (isList(value)) {
    return value.map((one, place) => (String(place) === step ? within(one, rest, put) : one));
  }
  const box = isBox(value) ? value : {};
  return { ...box, [step]: within(box[step], rest, put) };
}

/** The draft with another value at `pointer`; a reviewed translation of it is one no longer. */
export function put(draft: Draft, pointer: string, value: Json): Draft {
  const next = within(draft, pointer.split("."), value) as Draft;
  const known = isBox(next.translations) ? next.translations[pointer] : undefined;
  if (!isBox(known)) return next;
  const stale = Object.fromEntries(
    Object.entries(known).map(([language, one]) => [
      language,
      isBox(one) && one.status === "reviewed" ? { ...one, status: "draft" } : one,
    ]),
  );
  return { ...next, translations: { ...(next.translations as Box), [pointer]: stale } };
}

export const itemsAt = (draft: Draft, section: string): readonly Json[] => {
  const value = draft[section];
  return isList(value) ? value : [];
};

export function addItem(draft: Draft, section: string, item: Json = {}): Draft {
  return { ...draft, [section]: [...itemsAt(draft, section), item] };
}

export function removeItem(draft: Draft, section: string, place: number): Draft {
  const items = itemsAt(draft, section).filter((_, at) => at !== place);
  const moved = (at: number): number | null => (at === place ? null : at > place ? at - 1 : at);
  return renumbered({ ...draft, [section]: items }, section, moved);
}

/** The draft with two neighbours exchanged. */
export function swapItems(draft: Draft, section: string, one: number, other: number): Draft {
  const items = [...itemsAt(draft, section)];
  const [a, b] = [items[one], items[other]];
  if (a === undefined || b === undefined) return draft;
  items[one] = b;
  items[other] = a;
  const moved = (at: number): number => (at === one ? other : at === other ? one : at);
  return renumbered({ ...draft, [section]: items }, section, moved);
}

function renumbered(draft: Draft, section: string, to: (place: number) => number | null): Draft {
  const pointer = (old: string): string | null => {
    const [first, place, ...rest] = old.split(".");
    if (first !== section || place === undefined || !/^\d+$/.test(place)) return old;
    const next = to(Number(place));
    return next === null ? null : [first, next, ...rest].join(".");
  };
  const unknown = draft.unknown.map(pointer).filter((one) => one !== null);
  if (!isBox(draft.translations)) return { ...draft, unknown };
  const translations = Object.fromEntries(
    Object.entries(draft.translations)
      .map(([old, value]) => [pointer(old), value] as const)
      .filter(([at]) => at !== null),
  );
  return { ...draft, unknown, translations };
}

export const isUnknown = (draft: Draft, pointer: string): boolean =>
  draft.unknown.includes(pointer);

/** The draft with an answer marked as not known, or no longer; what was written stays in it. */
export function markUnknown(draft: Draft, pointer: string, on: boolean): Draft {
  const others = draft.unknown.filter((one) => one !== pointer);
  return { ...draft, unknown: on ? [...others, pointer].sort() : others };
}

/** The draft with a written reason to set a rule aside. */
export function excepted(draft: Draft, rule: string, reason: string, by: string): Draft {
  const others = draft.overrides.filter((one) => one.rule !== rule);
  return { ...draft, overrides: [...others, { rule, reason, by }] };
}

export function notExcepted(draft: Draft, rule: string): Draft {
  return { ...draft, overrides: draft.overrides.filter((one) => one.rule !== rule) };
}

export function translationAt(draft: Draft, pointer: string, language: Language): Translation {
  const all = isBox(draft.translations) ? draft.translations[pointer] : undefined;
  const one = isBox(all) ? all[language] : undefined;
  if (!isBox(one)) return { text: "", status: "pending" };
  const status = (["draft", "reviewed"] as const).find((name) => name === one.status) ?? "pending";
  return { text: typeof one.text === "string" ? one.text : "", status };
}

export function translated(
  draft: Draft,
  pointer: string,
  language: Language,
  translation: Translation,
): Draft {
  const all = isBox(draft.translations) ? draft.translations : {};
  const known = isBox(all[pointer]) ? all[pointer] : {};
  return {
    ...draft,
    translations: { ...all, [pointer]: { ...known, [language]: { ...translation } } },
  };
}

/** Whether an answer says anything. */
export function isFilled(value: Json | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "string") return value.trim() !== "";
  if (isList(value)) return value.some(isFilled);
  if (isBox(value)) return Object.values(value).some(isFilled);
  return true;
}

/** The measure types of a draft that the book knows, each once. */
export function measureTypes(book: Book, draft: Draft): string[] {
  const found = itemsAt(draft, "measures").map((_, at) => textAt(draft, `measures.${at}.type`));
  return [...new Set(found)].filter((type) => book.measures.has(type));
}
