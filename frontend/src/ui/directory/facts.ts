/** What the rulebook holds of a State, row by row, with how sure it is: said once, there. */

import type { Book, Words } from "../../rules/book";
import { languageName } from "../requests/languages";
import { said } from "../requests/lawWords";
import { type Key, listed } from "../words";

type Told = {
  readonly confidence?: string;
  readonly verification?: string;
  readonly sources?: readonly string[];
  readonly note?: Words;
};
type Valued = Told & { readonly value: string | readonly string[] };

/** The rulebook's file of a State, with what no rule reads. */
type Whole = {
  readonly official_languages?: readonly string[];
  readonly facts: Readonly<Record<string, Valued | undefined>>;
  readonly central_authorities?: Readonly<Record<string, Valued>>;
  readonly prosecution?: Told & { readonly name?: Words; readonly specialised_unit?: Words };
  readonly smuggling_offence?: Told & { readonly statute?: string };
  readonly interpol_ncb?: Told & { readonly value: string };
  readonly practice_guidance?: readonly (Told & { readonly title: Words })[];
  readonly flags?: readonly Words[];
};

export type Fact = {
  readonly words: Key;
  /** The instrument that it is about, in a row of one. */
  readonly instrument?: string;
  /** Null: not established. */
  readonly value: string | null;
  /** The language of a name that is not translated. */
  readonly lang?: string;
  readonly note: string;
  /** In words; empty where the file does not say. */
  readonly confidence: string;
  readonly verification: string;
  readonly sources: readonly string[];
};

const UNKNOWN = "unknown";

function wholeOf(book: Book, state: string): Whole | null {
  return (book.states.get(state) as (Whole & object) | undefined) ?? null;
}

/** All rows of a State, in the order of a letterhead; none for a code that the rulebook lacks. */
export function factsOf(book: Book, state: string): Fact[] {
  const whole = wholeOf(book, state);
  if (whole === null) return [];
  const named = whole.official_languages?.[0];
  const known = (value: string | undefined): string | null =>
    value === undefined || value === UNKNOWN ? null : value;

  function row(words: Key, told: Told | undefined, value: string | null, lang?: string): Fact {
    const { confidence = "", verification = "", sources = [], note } = told ?? {};
    const sure = book.about.confidence[confidence];
    const read = book.about.verification[verification];
    return {
      words,
      value,
      ...(value !== null && lang !== undefined && { lang }),
      note: note === undefined ? "" : said(note),
      confidence: sure === undefined ? "" : said(sure),
      verification: read === undefined ? "" : said(read),
      sources,
    };
  }
  /** A fact whose value is a name, in the language of the State. */
  function name(words: Key, key: string): Fact {
    const fact = whole?.facts[key];
    return row(words, fact, known(fact === undefined ? undefined : String(fact.value)), named);
  }
  /** A fact whose value is a code that the rulebook has words for. */
  function code(words: Key, key: string): Fact {
    const fact = whole?.facts[key];
    const value = known(fact === undefined ? undefined : String(fact.value));
    const told = value === null ? undefined : book.about.state_facts[key]?.[value];
    return row(words, fact, told === undefined ? value : said(told));
  }
  function languages(words: Key, key: string): Fact {
    const fact = whole?.facts[key];
    const value = fact?.value ?? UNKNOWN;
    const codes = typeof value === "string" ? [value] : value;
    const told = codes.includes(UNKNOWN) ? null : listed(codes.map(languageName));
    return row(words, fact, told);
  }
  const { prosecution, smuggling_offence: offence, interpol_ncb: bureau } = whole;
  const official = whole.official_languages;
  return [
    row("facts.official", undefined, official ? listed(official.map(languageName)) : null),
    languages("facts.languages", "languages"),
    row("facts.prosecution", prosecution, prosecution?.name ? said(prosecution.name) : null),
    row(
      "facts.unit",
      prosecution,
      prosecution?.specialised_unit ? said(prosecution.specialised_unit) : null,
    ),
    name("facts.authority", "central_authority"),
    ...Object.entries(whole.central_authorities ?? {}).map(([instrument, told]) => ({
      ...row("facts.authorityFor", told, known(String(told.value)), named),
      instrument,
    })),
    code("facts.dual", "dual_criminality"),
    code("facts.penalty", "death_penalty"),
    code("facts.tradition", "legal_tradition"),
    name("facts.statute", "mla_statute"),
    row("facts.offence", offence, known(offence?.statute), named),
    // What the bureau is called stands in English alone.
    row("facts.interpol", bureau, known(bureau?.value), "en"),
  ];
}

/** What a request to the State must reckon with, and guides that it has published. */
export function adviceOf(book: Book, state: string): { flags: string[]; guides: string[] } {
  const whole = wholeOf(book, state);
  return {
    flags: (whole?.flags ?? []).map(said),
    guides: (whole?.practice_guidance ?? []).map(({ title }) => said(title)),
  };
}
