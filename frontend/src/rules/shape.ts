/**
 * The shape of a draft that somebody else saved: what its seal proves is who wrote it, not what.
 *
 * Whoever drafts may be hostile, or their program broken. What is let through here is drawn,
 * screened, compared and exported without a further look; what is not was never shown to anybody.
 * Unknown sections and keys pass: they may be of another rulebook, and nothing reads them.
 */
import * as v from "valibot";
import type { Json } from "../canonical";
import { dayOf, isObject } from "./answers";
import type { Book, Draft, Field, Kind, Section } from "./book";

/** More than an honest draft has, less than what makes a page wait. */
export const MOST = {
  /** Of one list section. Each item is asked about by every rule. */
  items: 200,
  depth: 24,
  /** Texts, numbers, lists and objects, in all. */
  values: 50_000,
  key: 200,
  pointers: 2_000,
  /** Texts of one answer. */
  texts: 2_000,
} as const;

/** `limits`: too much of it; `shape`: no draft. */
export type Flaw = { readonly kind: "limits" | "shape"; readonly at: string };

/** Names that objects answer to without having been given them. */
const NEVER: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** With the flag "u" a pair is one character: only half of one matches. */
const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;

const text = v.string();
const state = v.pipe(text, v.regex(/^[A-Z]{2}$/));
const Head = v.object({
  v: v.literal(1),
  language: v.picklist(["es", "en", "fr"]),
  law_date: v.pipe(
    text,
    v.check((day) => dayOf(day) !== null),
  ),
  requesting_state: state,
  requested_state: v.union([v.literal(""), state]),
  unknown: v.array(text),
  overrides: v.array(v.object({ rule: text, reason: text, by: text })),
  translations: v.optional(
    v.record(
      text,
      v.record(
        v.picklist(["es", "en", "fr"]),
        v.object({ text, status: v.picklist(["pending", "draft", "reviewed"]) }),
      ),
    ),
  ),
});

/**
 * What keeps a value from being a draft of this State, or null.
 *
 * Without a book only what no section describes is looked at.
 */
export function flawOf(value: Json, state: string, book?: Book): Flaw | null {
  const much = tooMuch(value);
  if (much !== null) return much;
  const head = v.safeParse(Head, value);
  if (!head.success) return { kind: "shape", at: v.getDotPath(head.issues[0]) ?? "" };
  const draft = value as Draft;
  if (Array.isArray(draft.translations)) return { kind: "shape", at: "translations" };
  const { requesting_state, requested_state, unknown, overrides } = draft;
  if (requesting_state !== state) return { kind: "shape", at: "requesting_state" };
  if (requested_state === state) return { kind: "shape", at: "requested_state" };
  if (unknown.length > MOST.pointers) return { kind: "limits", at: "unknown" };
  if (overrides.length > MOST.items) return { kind: "limits", at: "overrides" };
  for (const section of book?.sections ?? []) {
    const flaw = ofSection(book as Book, section, draft[section.id]);
    if (flaw !== null) return flaw;
  }
  return null;
}

/** Level by level, since what is hostile may be deeper than the stack. */
function tooMuch(value: Json): Flaw | null {
  const limits = (at: string): Flaw => ({ kind: "limits", at });
  let level: readonly Json[] = [value];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST.depth) return limits("depth");
    const next: Json[] = [];
    for (const one of level) {
      count += 1;
      if (count > MOST.values) return limits("values");
      if (typeof one === "string" && HALF.test(one)) return { kind: "shape", at: "text" };
      if (typeof one !== "object" || one === null) continue;
      if (Array.isArray(one)) {
        if (one.length > MOST.values) return limits("values");
        for (const inner of one) next.push(inner);
        continue;
      }
      for (const [key, inner] of Object.entries(one)) {
        if (NEVER.has(key) || HALF.test(key)) return { kind: "shape", at: "key" };
        if (key.length > MOST.key) return limits("key");
        next.push(inner);
      }
    }
    level = next;
  }
  return null;
}

function ofSection(book: Book, section: Section, value: Json | undefined): Flaw | null {
  const { id, item } = section;
  if (value === undefined || value === null) return null;
  if (item === undefined) return ofAnswers(section.fields, value, id);
  if (!Array.isArray(value)) return { kind: "shape", at: id };
  if (value.length > MOST.items) return { kind: "limits", at: id };
  for (const [place, one] of value.entries()) {
    const at = `${id}.${place}`;
    const flaw = ofAnswers(section.fields, one, at) ?? ofMeasure(book, section, one, at);
    if (flaw !== null) return flaw;
  }
  return null;
}

function ofAnswers(fields: readonly Field[], value: Json, at: string): Flaw | null {
  if (!isObject(value)) return { kind: "shape", at };
  const wrong = fields.find(({ key, kind }) => !isOfKind(kind, value[key]));
  return wrong === undefined ? null : { kind: "shape", at: `${at}.${wrong.key}` };
}

/** The own fields of a measure's type, under the key that the form keeps them at. */
function ofMeasure(book: Book, section: Section, value: Json, at: string): Flaw | null {
  if (section.id !== "measures") return null;
  const own = (value as { fields?: Json }).fields;
  if (own === undefined || own === null) return null;
  if (!isObject(own)) return { kind: "shape", at: `${at}.fields` };
  for (const [key, kind] of book.catalogue) {
    if (!isOfKind(kind, own[key])) return { kind: "shape", at: `${at}.fields.${key}` };
  }
  return null;
}

/** Whether the form can show an answer. A day half typed is a text like any other. */
function isOfKind(kind: Kind, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  switch (kind) {
    case "list":
    case "choices":
      return (
        Array.isArray(value) &&
        value.length <= MOST.texts &&
        value.every((one) => typeof one === "string")
      );
    case "number":
      return Number.isSafeInteger(value);
    case "period":
      return isObject(value) && [value.from, value.to].every((day) => isOfKind("date", day));
    default:
      return typeof value === "string";
  }
}

/** The value with a sign for what is no character: half of a pair can be typed, but not written. */
export function wellFormed<T extends Json>(value: T): T {
  if (!/\\u[dD][89a-fA-F]/.test(JSON.stringify(value))) return value;
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === "string" ? one.replace(HALVES, "\ufffd") : one,
  ) as T;
}
