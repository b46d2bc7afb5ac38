/**
 * Which answers a finding is about, where its rule looks at several. Pure.
 *
 * A rule that names what is missing (`names`) is taken at its word. Of any other with several lines
 * in its test, the lines that fail are asked for an answer that is not given: a finding that points
 * at what somebody has just filled in sends them looking for a mistake that is not there.
 */

import type { Book, Conjunct, Draft, Field, Rule, Section } from "../../rules/book";
import type { Table } from "../../rules/cel";
import { isFilled, textAt, valueAt } from "./document";

export type Wanting = { readonly field: Field; readonly pointer: string };
type Asked = Wanting & { readonly fact: string };

const SUFFIXES = ["", "_words", "_days", "_from", "_to"];
const LITERAL = /["']([a-z][a-z0-9_]*)["']/g;

export function wantingOf(
  book: Book,
  draft: Draft,
  rule: Rule,
  item: number | null,
  facts: Table,
  at: string,
): Wanting[] {
  if (rule.each !== undefined && item === null) return [];
  const asked = askedBy(book, draft, rule, item);
  if (rule.names !== undefined) return named(asked, rule.names, facts, at);
  const lines = book.runnable(rule).test;
  if (lines.length < 2) return [];
  const blank = asked.filter(
    ({ pointer }) => !draft.unknown.includes(pointer) && !isFilled(valueAt(draft, pointer)),
  );
  const found = new Set<Asked>();
  for (const line of lines.filter((one) => fails(one, facts))) {
    const open = blank.filter(({ fact, field }) => isAbout(line, fact, field.key));
    // Where one of several would do, the one that the rule itself leads to.
    const one = open.find(({ pointer }) => pointer === at) ?? open[0];
    if (one !== undefined) found.add(one);
  }
  return blank.filter((one) => found.has(one));
}

function named(asked: readonly Asked[], list: string, facts: Table, at: string): Wanting[] {
  const keys = facts[list];
  const own = asked.filter(({ pointer }) => pointer.startsWith(itemOf(at)));
  const found = Array.isArray(keys) ? own.filter(({ field }) => keys.includes(field.key)) : [];
  // Where it fails and names nothing, what it looks at is wanting.
  return found.length > 0 ? found : own.filter(({ pointer }) => pointer === at);
}

/** "measures.0." of "measures.0.fields.account" */
const itemOf = (pointer: string): string => `${pointer.split(".").slice(0, 2).join(".")}.`;

/** A line with an unknown fact neither holds nor fails. */
const fails = ({ needs, holds }: Conjunct, facts: Table): boolean =>
  needs.every((name) => (facts[name] ?? null) !== null) && !holds(facts);

/** Whether a line asks about an answer: by its fact, or by its key in the list of what is filled. */
function isAbout({ cel, needs }: Conjunct, fact: string, key: string): boolean {
  if (SUFFIXES.some((suffix) => needs.includes(fact + suffix))) return true;
  const [prefix = ""] = fact.split(`_${key}`);
  if (!needs.includes(`${prefix}_filled`)) return false;
  return [...cel.matchAll(LITERAL)].some(([, literal]) => literal === key);
}

/** The questions that a rule can ask about, in the order of the form, with the facts they give. */
function askedBy(book: Book, draft: Draft, rule: Rule, item: number | null): Asked[] {
  return book.sections
    .toSorted((one, other) => one.order - other.order)
    .flatMap((section) => {
      if (section.item === undefined) return placed(section.fields, section.id, section.id);
      if (section.id !== rule.each || item === null) return [];
      return ofItem(book, draft, section, section.item, item);
    });
}

function ofItem(book: Book, draft: Draft, section: Section, name: string, item: number): Asked[] {
  const at = `${section.id}.${item}`;
  const common = placed(section.fields, name, at);
  if (section.id !== "measures") return common;
  const measure = book.measures.get(textAt(draft, `${at}.type`));
  return [...common, ...placed(measure?.fields ?? [], name, `${at}.fields`)];
}

const placed = (fields: readonly Field[], prefix: string, at: string): Asked[] =>
  fields.map((field) => ({
    field,
    fact: `${prefix}_${field.key}`,
    pointer: `${at}.${field.key}`,
  }));
