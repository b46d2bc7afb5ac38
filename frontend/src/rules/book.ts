/** The rulebook as the page reads it: the document that `manage.py rulebook build` compiled. */
import type { Json } from "../canonical";
import { type FactType, Language, type Program } from "./cel";

export type Words = { readonly es: string; readonly en: string; readonly fr: string };
export type Severity = "blocks" | "should_fix" | "advice";
export type Basis = "treaty" | "domestic_law" | "guidance" | "design";
export type Verification = "read" | "partly_read" | "recalled" | "design" | "not_found";
export type Kind =
  | "text"
  | "choice"
  | "date"
  | "person"
  | "authority"
  | "yes_no"
  | "list"
  | "choices"
  | "number"
  | "period"
  | "file";

export type Option = { readonly value: string; readonly label: Words; readonly help?: Words };

/** One question of the form. `from`: its options are the book's measures or instruments. */
export type Field = {
  readonly key: string;
  readonly kind: Kind;
  readonly options?: readonly Option[];
  readonly from?: "measures" | "instruments";
  readonly need: "required" | "recommended" | "conditional";
  readonly label: Words;
  readonly help?: Words;
  readonly why?: Words;
  readonly condition?: Words;
  readonly source: string;
  readonly blank?: "unknown";
};

export type Section = {
  readonly id: string;
  readonly order: number;
  readonly group?: string;
  readonly label: Words;
  readonly help?: Words;
  readonly list?: true;
  readonly item?: string;
  readonly item_label?: Words;
  readonly fields: readonly Field[];
};

export type Measure = {
  readonly id: string;
  readonly label: Words;
  readonly group?: string;
  readonly coercive: "yes" | "no" | "depends";
  readonly treaty_basis?: readonly string[];
  readonly fields: readonly Field[];
};

/** `from`: a date, a year, "unknown" or "not_yet"; `until`: the first day it no longer counts. */
export type Span = { readonly from?: string; readonly until?: string | null };

/** What a treaty says about one thing. */
export type Article = {
  readonly ref: string;
  readonly rule?: Words;
  readonly verification?: Verification;
};

export type Instrument = {
  readonly id: string;
  readonly kind: "multilateral" | "bilateral" | "channel" | "inter-institutional";
  readonly class: "mla" | "convention" | "protocol" | "conditional" | "channel";
  readonly cited_with?: string;
  readonly offence_categories?: readonly string[];
  /** The only kinds of assistance it concerns. */
  readonly for_measures?: readonly string[];
  /** Not yet to be offered as a basis. */
  readonly watch?: true;
  readonly title: Words;
  readonly short?: Words;
  readonly citation?: string | Words;
  readonly articles?: { readonly [topic: string]: Article };
  readonly in_force: Span;
  readonly parties: {
    readonly [state: string]: Span & { readonly party: "yes" | "no" | "unknown" };
  };
  readonly sources: readonly string[];
};

export type State = {
  readonly id: string;
  readonly name: Words;
  readonly facts: { readonly [key: string]: { readonly value: string | readonly string[] } };
  readonly central_authorities?: { readonly [instrument: string]: { readonly value: string } };
};

export type Expression = { readonly cel: string; readonly needs: readonly string[] };

export type Rule = {
  readonly id: string;
  readonly theme: string;
  readonly severity: Severity;
  readonly basis: Basis;
  readonly verification: Verification;
  readonly overridable: boolean;
  readonly says: Words;
  readonly fix: Words;
  readonly asks: Words;
  readonly citation: string | Words;
  readonly sources: readonly string[];
  readonly reviews?: readonly {
    readonly date: string;
    readonly by: string;
    readonly verdict: string;
    readonly note?: string;
    readonly sources?: readonly string[];
  }[];
  readonly in_force: Span;
  readonly about?: string;
  readonly yields_to?: readonly string[];
  /** Where in the form to go: `section` or `section.key`. */
  readonly at: string;
  /** The list section about whose every item it is asked. */
  readonly each?: string;
  /** The fact that lists by key which of the item's questions it finds wanting. */
  readonly names?: string;
  readonly needs: readonly string[];
  readonly when: readonly Expression[];
  readonly test: readonly Expression[];
  /** It needs no fact that the server lacks. */
  readonly disclosed: boolean;
};

/** A heading and its key, in the order of the form. */
export type Heading = { readonly id: string; readonly label: Words };

/** What holds for the whole rulebook (about.yaml). */
export type About = {
  readonly translations: {
    readonly [language in keyof Words]?: {
      readonly state: "written" | "to_review" | "reviewed";
      readonly since: string;
    };
  };
  readonly verification: { readonly [key: string]: Words };
  readonly confidence: { readonly [key: string]: Words };
  readonly section_groups: readonly Heading[];
  readonly measure_groups: readonly Heading[];
  /** What a fact of a State can be, by fact and value. */
  readonly state_facts: { readonly [fact: string]: { readonly [value: string]: Words } };
  /** Names in citations that are no treaty's, and what they are called in each language. */
  readonly cited?: readonly { readonly as: string; readonly label: Words }[];
};

const NOTHING: About = {
  translations: {},
  verification: {},
  confidence: {},
  section_groups: [],
  measure_groups: [],
  state_facts: {},
};

type Types = { readonly [fact: string]: FactType };

export type Document = {
  readonly format: number;
  readonly about?: About;
  readonly facts: { readonly top: Types; readonly items: { readonly [section: string]: Types } };
  readonly sections: readonly Section[];
  readonly measures: readonly Measure[];
  readonly instruments: readonly Instrument[];
  readonly states: readonly State[];
  readonly rules: readonly Rule[];
};

/** An expression ready to be asked. */
export type Conjunct = Expression & { readonly holds: Program };
export type Runnable = { readonly when: readonly Conjunct[]; readonly test: readonly Conjunct[] };

/**
 * What a draft looks like: `notes`, `origins` and other things that no rule reads may lie in it too.
 */
export type Draft = {
  readonly v: 1;
  readonly language: string;
  readonly law_date: string;
  readonly requesting_state: string;
  readonly requested_state: string;
  /** Answers that somebody marked as unknown, as pointers: `persons.0.nationality`. */
  readonly unknown: readonly string[];
  readonly overrides: readonly Override[];
  readonly [section: string]: Json;
};

export type Override = { readonly rule: string; readonly reason: string; readonly by: string };

export const FORMAT = 1;

/** Everything that is law in this project. `version`: SHA-256 of the compiled bytes, in hex. */
export class Book {
  readonly sections: readonly Section[];
  readonly rules: readonly Rule[];
  readonly measures: ReadonlyMap<string, Measure>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly states: ReadonlyMap<string, State>;
  /** Own fields of all measures: key and kind. */
  readonly catalogue: ReadonlyMap<string, Kind>;
  readonly stateFacts: readonly string[];
  readonly about: About;
  readonly #language: Language;
  readonly #runnable = new Map<string, Runnable>();

  /** @throws {Error} if the document is of another format. */
  constructor(
    readonly document: Document,
    readonly version: string,
  ) {
    if (document.format !== FORMAT) throw new Error(`rulebook of format ${document.format}`);
    const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
      new Map(list.map((one) => [one.id, one]));
    this.about = document.about ?? NOTHING;
    this.sections = document.sections;
    this.rules = document.rules;
    this.measures = byId(document.measures);
    this.instruments = byId(document.instruments);
    this.states = byId(document.states);
    this.catalogue = new Map(
      document.measures.flatMap((one) => one.fields.map((field) => [field.key, field.kind])),
    );
    this.stateFacts = [...new Set(document.states.flatMap((one) => Object.keys(one.facts)))];
    const { top, items } = document.facts;
    this.#language = new Language([top, ...Object.values(items)].flatMap(Object.entries<FactType>));
  }

  rule(id: string): Rule | undefined {
    return this.rules.find((rule) => rule.id === id);
  }

  /** The rule's expressions, parsed the first time. */
  runnable(rule: Rule): Runnable {
    const known = this.#runnable.get(rule.id);
    if (known) return known;
    const parse = (list: readonly Expression[]): Conjunct[] =>
      list.map(({ cel, needs }) => ({ cel, needs, holds: this.#language.program(cel, needs) }));
    const made = { when: parse(rule.when), test: parse(rule.test) };
    this.#runnable.set(rule.id, made);
    return made;
  }
}
