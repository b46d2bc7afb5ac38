/**
 * The language of the rules: the part of CEL that two engines answer alike.
 *
 * What it allows is checked where the rulebook is compiled (requests_mla/rules/cel.py). Here
 * expressions are only run, by an interpreter: no code is made of text, as the page's policy wants.
 */
import { Environment } from "@marcbachmann/cel-js";

/** A fact: text, whole number, list of texts, or null when it is unknown. */
export type Value = string | number | readonly string[] | null;
export type FactType = "string" | "int" | "list";
export type Table = { readonly [fact: string]: Value };

/** Answers for a table that has all facts the expression needs, none of them unknown. */
export type Program = (facts: Table) => boolean;

const TYPES = { string: "string", int: "int", list: "list<string>" } as const;

/** CEL's whole numbers are 64 bits wide; a JavaScript number would count as a fraction. */
function context(facts: Table, needs: readonly string[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of needs) {
    const value = facts[name];
    given[name] = typeof value === "number" ? BigInt(value) : value;
  }
  return given;
}

/** The facts of one rulebook with their types, and how to ask about them. */
export class Language {
  readonly #environment = new Environment();

  constructor(facts: Iterable<readonly [name: string, type: FactType]>) {
    for (const [name, type] of facts) this.#environment.registerVariable(name, TYPES[type]);
  }

  /** @throws what the interpreter throws, if the expression does not parse. */
  program(expression: string, needs: readonly string[]): Program {
    const ask = this.#environment.parse(expression);
    return (facts) => ask(context(facts, needs)) === true;
  }
}
