/** What one answer in a draft says, by the kind of its field: facts by suffix. */
import type { Field, Kind } from "./book";
import type { Table, Value } from "./cel";

/** One field of one section or item; its facts are all null if it is unknown. */
export type Answer = {
  readonly field: Field;
  readonly values: Table;
  readonly filled: boolean;
  readonly marked: boolean;
};

// Spelt out: Python and JavaScript do not mean the same by white space or by a digit.
const SPACE = " \\t\\n\\r\\v\\f\\u00a0\\u2028\\u2029\\ufeff";
const SPACES: ReadonlySet<string> = new Set(" \t\n\r\v\f\u00a0\u2028\u2029\ufeff");
const WORD = new RegExp(`[^${SPACE}]+`, "g");
const DAY = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/;
const MILLISECONDS = 86_400_000;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * A text without white space around it, "" for anything else. From both ends, not by a pattern:
 * one that backtracks takes seconds over a text with a hundred thousand blanks in it.
 */
export function textOf(value: unknown): string {
  if (typeof value !== "string") return "";
  let from = 0;
  let to = value.length;
  while (from < to && SPACES.has(value.charAt(from))) from += 1;
  while (to > from && SPACES.has(value.charAt(to - 1))) to -= 1;
  return value.slice(from, to);
}

/** Days since 1970, or null if YYYY-MM-DD names no day. */
export function dayOf(value: unknown): number | null {
  if (typeof value !== "string" || !DAY.test(value)) return null;
  const at = Date.parse(`${value}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value) return null;
  return at / MILLISECONDS;
}

/** Distinct texts in the order of their UTF-16 code units. */
export const inOrder = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const isoOf = (value: unknown): string => (dayOf(value) === null ? "" : String(value));
const between = (earlier: number | null, later: number | null): number | null =>
  earlier === null || later === null ? null : later - earlier;

/** The facts of one answer by suffix; days are counted from `law`, the date of the law. */
export function factsOf(kind: Kind, value: unknown, law: number): Record<string, Value> {
  switch (kind) {
    case "text": {
      const text = textOf(value);
      return { "": text, _words: text.match(WORD)?.length ?? 0 };
    }
    case "date":
      return { "": isoOf(value), _days: between(law, dayOf(value)) };
    case "list":
    case "choices":
      return { "": asList(value).map(textOf).filter(Boolean) };
    case "number":
      return { "": Number.isSafeInteger(value) ? Number(value) : null };
    case "period": {
      const { from, to } = isObject(value) ? value : {};
      return { _from: isoOf(from), _to: isoOf(to), _days: between(dayOf(from), dayOf(to)) };
    }
    default:
      return { "": textOf(value) };
  }
}

const saysNothing = (value: Value): boolean =>
  value === "" || value === null || (Array.isArray(value) && value.length === 0);

/** Whether nothing was answered; what is only counted says nothing. */
const isBlank = (values: Table): boolean =>
  Object.entries(values).every(
    ([suffix, value]) => suffix === "_words" || suffix === "_days" || saysNothing(value),
  );

/** The answers to `fields` in the object `given`, which lies at pointer `at`. */
export function answers(
  fields: readonly Field[],
  given: unknown,
  at: string,
  unknown: ReadonlySet<string>,
  law: number,
): Answer[] {
  const box = isObject(given) ? given : {};
  return fields.map((field) => {
    let values: Table = factsOf(field.kind, box[field.key], law);
    const blank = isBlank(values);
    const marked = unknown.has(`${at}.${field.key}`);
    if (marked || (blank && field.blank === "unknown")) values = allUnknown(values);
    return { field, values, filled: !blank && !marked, marked };
  });
}

export const allUnknown = (facts: Table): Table =>
  Object.fromEntries(Object.keys(facts).map((name) => [name, null]));
