/**
 * The engine: what every rule in force says about a draft. Pure; the same as on the server
 * (requests_mla/rules/engine.py), byte for byte.
 *
 * A rule that needs an unknown fact neither passes nor fails: it becomes a question. Conditions and
 * tests are lists, each read as "all of these": one that is known to be false decides, whatever else
 * is unknown.
 */
import type { Book, Conjunct, Draft, Rule } from "./book";
import type { Table, Value } from "./cel";
import { derive, type Facts } from "./facts";
import { holds } from "./law";

export type Outcome = "met" | "failed" | "ask" | "not_applicable" | "overridden";
export type ItemFinding = {
  readonly item: number;
  readonly outcome: Outcome;
  readonly facts: Table;
};

/** What a rule says about a draft, with the facts it used, or item by item. */
export type Finding =
  | { readonly rule: string; readonly outcome: Outcome; readonly facts: Table }
  | { readonly rule: string; readonly outcome: Outcome; readonly items: readonly ItemFinding[] };

/**
 * The stage by whose rules a draft is screened: the one it is written for. What is asked only on
 * the way there shows from the first key, and the server, which applies the rules it can before a
 * request becomes ready, asks the same.
 */
export const AIM = "ready";

const GRAVEST_FIRST = ["failed", "ask", "overridden", "met"] as const;

/** Whether all hold; null if that hangs on an unknown fact. */
function all(conjuncts: readonly Conjunct[], table: Table): boolean | null {
  let unknown = false;
  for (const conjunct of conjuncts) {
    if (conjunct.needs.some((name) => table[name] === null)) unknown = true;
    else if (!conjunct.holds(table)) return false;
  }
  return unknown ? null : true;
}

/** The outcome of a rule for one flat table of facts. */
export function decide(book: Book, rule: Rule, table: Table, overridden = false): Outcome {
  const { when, test } = book.runnable(rule);
  const applies = all(when, table);
  if (applies === false) return "not_applicable";
  const passes = applies ? all(test, table) : null;
  if (passes === null) return "ask";
  if (passes) return "met";
  return overridden && rule.overridable ? "overridden" : "failed";
}

function used(rule: Rule, table: Table): Table {
  return Object.fromEntries(rule.needs.map((name): [string, Value] => [name, table[name] ?? null]));
}

/** What a rule says, about the whole draft or about each item of its section. */
export function apply(book: Book, rule: Rule, facts: Facts): Finding {
  const overridden = facts.overrides.has(rule.id);
  if (rule.each === undefined) {
    const outcome = decide(book, rule, facts.top, overridden);
    return { rule: rule.id, outcome, facts: used(rule, facts.top) };
  }
  const items: ItemFinding[] = [];
  for (const [item, table] of (facts.items[rule.each] ?? []).entries()) {
    const outcome = decide(book, rule, table, overridden);
    if (outcome !== "not_applicable") items.push({ item, outcome, facts: used(rule, table) });
  }
  const outcomes = new Set(items.map((one) => one.outcome));
  const outcome = GRAVEST_FIRST.find((one) => outcomes.has(one)) ?? "not_applicable";
  return { rule: rule.id, outcome, items };
}

/** The rules in force on a day, in the order of the book. */
export const inForceOn = (book: Book, day: string): readonly Rule[] =>
  book.rules.filter((rule) => holds(rule.in_force, day, "") === true);

/**
 * What every rule in force on the draft's date says.
 *
 * @throws {NoDate} if the draft has no date of its law.
 */
export function screen(book: Book, draft: Draft, stage: string): Finding[] {
  return new Screener(book).screen(draft, stage);
}

type Kept = { readonly used: string; readonly finding: Finding };

/** Screens again and again while somebody types: asks only the rules whose facts changed. */
export class Screener {
  readonly #kept = new Map<string, Kept>();
  /** How many rules the last screening had to ask. */
  asked = 0;

  constructor(readonly book: Book) {}

  /** @throws {NoDate} if the draft has no date of its law. */
  screen(draft: Draft, stage: string): Finding[] {
    const facts = derive(this.book, draft, stage);
    this.asked = 0;
    return inForceOn(this.book, String(facts.top.law_date)).map((rule) => this.#ask(rule, facts));
  }

  #ask(rule: Rule, facts: Facts): Finding {
    const used = usedBy(rule, facts);
    const kept = this.#kept.get(rule.id);
    if (kept?.used === used) return kept.finding;
    this.asked += 1;
    const finding = apply(this.book, rule, facts);
    this.#kept.set(rule.id, { used, finding });
    return finding;
  }
}

/** What a rule is asked about, as one text to compare. */
function usedBy(rule: Rule, facts: Facts): string {
  const of = (table: Table): Value[] => rule.needs.map((name) => table[name] ?? null);
  const tables = rule.each === undefined ? [facts.top] : (facts.items[rule.each] ?? []);
  return JSON.stringify([facts.overrides.has(rule.id), tables.map(of)]);
}
