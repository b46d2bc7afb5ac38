/**
 * Facts: the flat table that rules are asked about, computed from a draft, its date and the book.
 *
 * Nothing here is written for one question: sections, catalogue, instruments and States of the book
 * say which facts there are. A fact is text, a whole number, a list of texts, or null: unknown.
 * requests_mla/rules/facts.py is the same in Python; tests/rules holds the two together.
 */
import {
  type Answer,
  allUnknown,
  answers,
  asList,
  dayOf,
  factsOf,
  inOrder,
  isObject,
  textOf,
} from "./answers";
import type { Book, Draft, Field, Section } from "./book";
import type { Table, Value } from "./cel";
import { bound, inForce, type Known } from "./law";

/** A draft without a date of its law: nobody could say which rules are in force. */
export class NoDate extends Error {
  override readonly name = "NoDate";
}

/**
 * What is known of one draft at one moment: about the whole, and for each list section one table
 * per item, which holds the facts about the whole as well.
 */
export type Facts = {
  readonly top: Table;
  readonly items: { readonly [section: string]: readonly Table[] };
  readonly overrides: ReadonlySet<string>;
};

type Sides = readonly [requesting: string, requested: string];
type Day = { readonly iso: string; readonly number: number };

const SIDES = ["requesting", "requested"] as const;
const BASIS = ["basis_party_requesting", "basis_party_requested", "basis_in_force"] as const;
const isGathered = ({ kind }: Field): boolean =>
  kind === "choice" || kind === "yes_no" || kind === "choices";

export const pairFact = (instrument: string): string =>
  `pair_${instrument.toLowerCase().replaceAll("-", "_")}`;

/** @throws {NoDate} if `law_date` is not a day. */
export function derive(book: Book, draft: Draft, stage: string): Facts {
  const number = dayOf(draft.law_date);
  if (number === null) throw new NoDate("the draft has no law_date");
  const today: Day = { iso: draft.law_date, number };
  const unknown = new Set(asList(draft.unknown).map(textOf).filter(Boolean));
  const sides: Sides = [textOf(draft.requesting_state), textOf(draft.requested_state)];
  const top: Record<string, Value> = { stage, law_date: today.iso, ...ofPair(book, sides, today) };
  const own: [section: string, tables: readonly Table[]][] = [];
  for (const section of book.sections) {
    const given = draft[section.id];
    if (section.item === undefined) {
      const found = answers(section.fields, given, section.id, unknown, number);
      Object.assign(top, spread(section.id, found));
      continue;
    }
    const tables = asList(given).map((one, place) =>
      ofItem(book, section, one, `${section.id}.${place}`, sides, unknown, today),
    );
    own.push([section.id, tables]);
    Object.assign(top, ofAll(section, tables));
  }
  const overrides = asList(draft.overrides)
    .filter(isObject)
    .filter((one) => textOf(one.reason) !== "")
    .map((one) => textOf(one.rule));
  const items = own.map(([section, tables]): [string, Table[]] => [
    section,
    tables.map((table) => ({ ...top, ...table })),
  ]);
  return { top, items: Object.fromEntries(items), overrides: new Set(overrides) };
}

function spread(prefix: string, found: readonly Answer[]): Record<string, Value> {
  const facts: Record<string, Value> = {};
  for (const { field, values } of found) {
    for (const suffix in values) facts[`${prefix}_${field.key}${suffix}`] = values[suffix] ?? null;
  }
  return facts;
}

const yesNo = (answer: Known): string | null => (answer === null ? null : answer ? "yes" : "no");

/** What the two States are, and what binds them to each other. */
function ofPair(book: Book, sides: Sides, today: Day): Record<string, Value> {
  const known = sides.every(Boolean);
  const instruments = [...book.instruments.values()];
  const binding = new Map(instruments.map((one) => [one, inForce(one, ...sides, today.iso)]));
  const special = (wanted: Known, kind?: "bilateral"): string[] | null => {
    const fitting = instruments.filter(
      (one) => one.class === "mla" && binding.get(one) === wanted && (!kind || one.kind === kind),
    );
    return known ? inOrder(fitting.map((one) => one.id)) : null;
  };
  const facts: Record<string, Value> = {
    pair: known ? [...sides] : null,
    special_bases: special(true),
    special_bases_unknown: special(null),
    bilateral_bases: special(true, "bilateral"),
  };
  for (const [one, answer] of binding) facts[pairFact(one.id)] = yesNo(answer);
  for (const [index, side] of SIDES.entries()) {
    const iso = sides[index] ?? "";
    facts[`${side}_state`] = iso || null;
    const own = book.states.get(iso)?.facts ?? {};
    for (const key of book.stateFacts) {
      const value = own[key]?.value ?? "unknown";
      const open = value === "unknown" || (Array.isArray(value) && value.includes("unknown"));
      facts[`${side}_${key}`] = open ? null : value;
    }
  }
  return facts;
}

/** The facts of one item of a list section. */
function ofItem(
  book: Book,
  section: Section,
  given: unknown,
  at: string,
  sides: Sides,
  unknown: ReadonlySet<string>,
  today: Day,
): Table {
  const found = answers(section.fields, given, at, unknown, today.number);
  const facts = spread(String(section.item), found);
  if (section.id === "legal_basis") {
    Object.assign(facts, ofBasis(book, facts.basis_instrument ?? null, sides, today));
  }
  if (section.id === "measures") {
    const box = isObject(given) ? given.fields : undefined;
    const chosen = facts.measure_type ?? null;
    const [more, own] = ofMeasure(book, chosen, box, at, unknown, today.number);
    Object.assign(facts, more);
    found.push(...own);
  }
  const keys = (which: "filled" | "marked"): string[] =>
    inOrder(found.filter((one) => one[which]).map((one) => one.field.key));
  facts[`${section.item}_filled`] = keys("filled");
  facts[`${section.item}_unknown`] = keys("marked");
  return facts;
}

/** Who is bound by the instrument of one legal basis, and whether it is in force. */
function ofBasis(book: Book, chosen: Value, sides: Sides, today: Day): Table {
  const one = typeof chosen === "string" ? book.instruments.get(chosen) : undefined;
  if (one === undefined) return Object.fromEntries(BASIS.map((name) => [name, null]));
  const [requesting, requested] = sides;
  return {
    basis_party_requesting: yesNo(bound(one, requesting, today.iso)),
    basis_party_requested: yesNo(bound(one, requested, today.iso)),
    basis_in_force: yesNo(inForce(one, requesting, requested, today.iso)),
  };
}

/** What the catalogue adds to a measure, and the answers to its type's own fields. */
function ofMeasure(
  book: Book,
  chosen: Value,
  box: unknown,
  at: string,
  unknown: ReadonlySet<string>,
  law: number,
): [Table, readonly Answer[]] {
  const facts: Record<string, Value> = {};
  for (const [key, kind] of book.catalogue) {
    const blank = factsOf(kind, undefined, law);
    for (const suffix in blank) facts[`measure_${key}${suffix}`] = blank[suffix] ?? null;
  }
  const measure = typeof chosen === "string" ? book.measures.get(chosen) : undefined;
  if (measure === undefined) {
    // without a type nothing of it can be missing; of an unknown one, all is unknown
    Object.assign(facts, { measure_coercive: "", measure_missing: [] });
    return [chosen === "" ? facts : allUnknown(facts), []];
  }
  const own = answers(measure.fields, box, `${at}.fields`, unknown, law);
  const missing = own.filter((one) => one.field.need === "required" && !one.filled && !one.marked);
  Object.assign(facts, spread("measure", own), {
    measure_coercive: measure.coercive,
    measure_missing: inOrder(missing.map((one) => one.field.key)),
  });
  return [facts, own];
}

/** The facts about all items of a list section together. */
function ofAll(section: Section, tables: readonly Table[]): Record<string, Value> {
  const facts: Record<string, Value> = { [`${section.id}_count`]: tables.length };
  const column = (name: string): Value[] => tables.map((table) => table[name] ?? null);
  for (const field of section.fields) {
    const values = column(`${section.item}_${field.key}`);
    if (isGathered(field)) facts[`${section.id}_${field.key}`] = union(values);
    if (field.kind === "number") facts[`${section.id}_${field.key}_max`] = greatest(values);
  }
  if (section.id === "measures") {
    facts.measures_coercive = union(column("measure_coercive"));
    const missing = column("measure_missing");
    facts.measures_missing_count = missing.includes(null) ? null : missing.flat().length;
  }
  return facts;
}

/** The distinct non-blank texts of all items; null if those of one are unknown. */
function union(values: readonly Value[]): string[] | null {
  return values.includes(null) ? null : inOrder(values.flat().map(String).filter(Boolean));
}

function greatest(values: readonly Value[]): number | null {
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length > 0 && numbers.length === values.length ? Math.max(...numbers) : null;
}
