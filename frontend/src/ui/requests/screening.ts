/** What the rules said, as rows of a list with the place in the form that each speaks of. Pure. */

import type { Book, Draft, Rule, Section, Severity } from "../../rules/book";
import type { Table } from "../../rules/cel";
import type { Finding, Outcome } from "../../rules/engine";
import { isFilled, itemsAt, valueAt } from "./document";
import { type Wanting, wantingOf } from "./wanting";

export type Row = {
  readonly key: string;
  readonly rule: Rule;
  readonly outcome: Outcome;
  /** Which item of its list section, from 0. */
  readonly item: number | null;
  readonly facts: Table;
  /** Section of the form, or PAIR. */
  readonly section: string;
  /** The field in the form, or the section where there is none. */
  readonly pointer: string;
  /** The answers that it finds wanting, in the order of the form; the first is `pointer`. */
  readonly wanting: readonly Wanting[];
};

/** The part of the form that no section of the book describes: the two States, date and language. */
export const PAIR = "estados";

export const OUTCOMES = ["failed", "ask", "overridden", "met", "not_applicable"] as const;
export const SEVERITIES: readonly Severity[] = ["blocks", "should_fix", "advice"];

export function rowsOf(book: Book, draft: Draft, findings: readonly Finding[]): Row[] {
  const rules = new Map(book.rules.map((rule) => [rule.id, rule]));
  const rows = findings.flatMap((finding): Row[] => {
    const rule = rules.get(finding.rule);
    if (rule === undefined) return [];
    const row = (outcome: Outcome, item: number | null, facts: Table): Row => ({
      key: item === null ? rule.id : `${rule.id}-${item}`,
      rule,
      outcome,
      item,
      facts,
      ...placeOf(book, draft, rule, outcome, item, facts),
    });
    if ("facts" in finding) return [row(finding.outcome, null, finding.facts)];
    const open = finding.items.filter(({ outcome }) => outcome !== "met");
    const of = (one: (typeof open)[number]): Row => row(one.outcome, one.item, one.facts);
    if (open.length > 0) return open.map(of);
    return [row(finding.outcome, null, finding.items[0]?.facts ?? {})];
  });
  const order = new Map(book.sections.map((section) => [section.id, section.order]));
  const weight = (row: Row): number =>
    SEVERITIES.indexOf(row.rule.severity) * 10_000 + (order.get(row.section) ?? 0);
  return rows.toSorted((one, other) => weight(one) - weight(other));
}

type Place = Pick<Row, "section" | "pointer" | "wanting">;

/** Where a finding leads: to the first answer that it finds wanting, else to where its rule looks. */
function placeOf(
  book: Book,
  draft: Draft,
  rule: Rule,
  outcome: Outcome,
  item: number | null,
  facts: Table,
): Place {
  const at = lookedAt(book, draft, rule, item);
  const isFault = outcome === "failed" || outcome === "overridden";
  const wanting = isFault ? wantingOf(book, draft, rule, item, facts, at.pointer) : [];
  const [first] = wanting;
  if (first === undefined) return { ...at, wanting };
  const [section = at.section] = first.pointer.split(".");
  return { section, pointer: first.pointer, wanting };
}

function lookedAt(
  book: Book,
  draft: Draft,
  rule: Rule,
  item: number | null,
): { section: string; pointer: string } {
  const [id = "", key] = rule.at.split(".");
  const section = book.sections.find((one) => one.id === id);
  if (section === undefined) return { section: PAIR, pointer: `${id}` };
  if (key === undefined && item === null) return { section: id, pointer: id };
  if (section.item === undefined) return { section: id, pointer: `${id}.${key}` };
  const place = item ?? (itemsAt(draft, id).length > 0 ? 0 : null);
  if (place === null) return { section: id, pointer: id };
  if (key === undefined) return { section: id, pointer: `${id}.${place}` };
  const common = section.fields.some((field) => field.key === key);
  return { section: id, pointer: `${id}.${place}.${common ? key : `fields.${key}`}` };
}

/** Whether a row still says something to its author. */
export const isOpen = ({ outcome }: Row): boolean =>
  outcome !== "met" && outcome !== "not_applicable";

export type Counts = { readonly failed: number; readonly ask: number; readonly met: number };

export function countsOf(rows: readonly Row[]): Counts {
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  return { failed: count("failed"), ask: count("ask"), met: count("met") };
}

/** What still keeps a draft from being ready: to be put right, or set aside with a reason. */
export const blockersOf = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => row.outcome === "failed" && row.rule.severity !== "advice");

export type SectionState = "complete" | "missing" | "questions" | "untouched";

/** How far a section is: by its answers and by the rules that speak of it. */
export function stateOf(draft: Draft, section: Section, rows: readonly Row[]): SectionState {
  const prefix = `${section.id}.`;
  const marked = draft.unknown.some((pointer) => pointer.startsWith(prefix));
  if (!marked && !isFilled(draft[section.id])) return "untouched";
  const own = rows.filter((row) => row.section === section.id);
  const items = section.item === undefined ? [section.id] : places(draft, section.id);
  const blank = items.some((place) =>
    section.fields.some((field) => {
      const pointer = `${place}.${field.key}`;
      if (field.need !== "required" || field.blank === "unknown") return false;
      return !draft.unknown.includes(pointer) && !isFilled(valueAt(draft, pointer));
    }),
  );
  if (blank || own.some((row) => row.outcome === "failed")) return "missing";
  return marked || own.some((row) => row.outcome === "ask") ? "questions" : "complete";
}

const places = (draft: Draft, section: string): string[] =>
  itemsAt(draft, section).map((_, at) => `${section}.${at}`);

/** Whether a person's own judgement, and no reading of the text, decided a rule. */
export const isJudged = (rule: Rule): boolean =>
  rule.needs.some((fact) => fact.startsWith("judgement_"));
