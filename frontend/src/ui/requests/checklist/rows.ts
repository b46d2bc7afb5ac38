/** How a row of the pre-screening is said and signed. */

import type { Basis, Book, Rule, Severity, Verification } from "../../../rules/book";
import type { Value } from "../../../rules/cel";
import type { Outcome } from "../../../rules/engine";
import { type Key, t } from "../../words";
import { said, sectionOf } from "../lawWords";
import type { Row } from "../screening";

const SIGNS: Readonly<Record<Outcome, string>> = {
  failed: "✗",
  ask: "?",
  overridden: "!",
  met: "✓",
  not_applicable: "–",
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, Key>> = {
  failed: "outcome.failed",
  ask: "outcome.ask",
  overridden: "outcome.overridden",
  met: "outcome.met",
  not_applicable: "outcome.notApplicable",
};

export const SEVERITY_WORDS: Readonly<Record<Severity, Key>> = {
  blocks: "severity.blocks",
  should_fix: "severity.shouldFix",
  advice: "severity.advice",
};

export const BASIS_WORDS: Readonly<Record<Basis, Key>> = {
  treaty: "basis.treaty",
  domestic_law: "basis.domesticLaw",
  guidance: "basis.guidance",
  design: "basis.design",
};

export const VERIFICATION_WORDS: Readonly<Record<Verification, Key>> = {
  read: "verification.read",
  partly_read: "verification.partlyRead",
  recalled: "verification.recalled",
  not_found: "verification.notFound",
  design: "verification.design",
};

/** Whether a provision was not yet compared with its text: it must say so wherever it is cited. */
export const isUnproven = (verification: Verification): boolean =>
  verification === "recalled" || verification === "not_found";

export const signOf = (row: Row): string => SIGNS[row.outcome];

/**
 * The sentence of a row: what is wrong, what is asked, or what the rule wants done.
 *
 * What it finds wanting is named: beside a question (`pointer`) only that one, else all of it.
 */
export function messageOf({ rule, outcome, wanting }: Row, pointer: string | null = null): string {
  if (outcome === "ask") return said(rule.asks);
  if (outcome === "met" || outcome === "not_applicable") return said(rule.fix);
  const here = wanting.filter((one) => pointer === null || one.pointer === pointer);
  if (here.length === 0) return said(rule.says);
  // Labels have commas of their own.
  const names = here.map(({ field }) => said(field.label)).join("; ");
  return t("finding.names", { says: said(rule.says).replace(/\.$/, ""), names });
}

/** A fact as text; unknown in words. */
export function factWords(value: Value): string {
  if (value === null) return t("fact.unknown");
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value === "" ? t("fact.blank") : value;
  return value.length === 0 ? t("fact.blank") : value.join(", ");
}

/** Where in the form a finding leads, in the form's own words. */
export function placeOf(book: Book, { rule, item, pointer, wanting }: Row): string {
  const [first] = wanting;
  if (first === undefined) return placeWords(book, rule, item);
  const [id = "", place] = pointer.split(".");
  const section = sectionOf(book, id);
  const isItem = section?.item !== undefined;
  const label = section === undefined ? "" : said(section.label);
  return `${label}${isItem ? ` ${Number(place) + 1}` : ""} · ${said(first.field.label)}`;
}

/** Where in the form a rule looks, in the form's own words. */
export function placeWords(book: Book, rule: Rule, item: number | null): string {
  const [id = "", key] = rule.at.split(".");
  const section = sectionOf(book, id);
  if (section === undefined) return t("pair.title");
  const own = section.id === "measures" ? [...book.measures.values()] : [];
  const fields = [...section.fields, ...own.flatMap((measure) => measure.fields)];
  const field = fields.find((one) => one.key === key);
  const label = item === null ? said(section.label) : `${said(section.label)} ${item + 1}`;
  return field === undefined ? label : `${label} · ${said(field.label)}`;
}
