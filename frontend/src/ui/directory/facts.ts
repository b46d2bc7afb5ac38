/** What the rulebook holds of a State, row by row, with how sure it is: said once, there. */

import type { Book, Words } from "../../rules/book";
import { languageName } from "../requests/languages";
import { said } from "../requests/lawWords";
import { type Key, listed, t } from "../words";

type Told = {
  readonly confidence?: string;
  readonly verification?: string;
  readonly sources?: readonly string[];
  readonly note?: Words;
};
type Valued = Told & { readonly value: string | readonly string[] };

/** What a case of the offence is punished with, in years of prison; a longest term may have none. */
type Penalty = {
  readonly case: Words;
  readonly min: number;
  readonly max: number | "life" | "life_or_death";
};

/** The rulebook's file of a State, with what no rule reads. */
type Whole = {
  readonly official_languages?: readonly string[];
  readonly facts: Readonly<Record<string, Valued | undefined>>;
  readonly central_authorities?: Readonly<Record<string, Valued>>;
  readonly prosecution?: Told & { readonly name?: Words; readonly specialised_unit?: Words };
  readonly smuggling_offence?: Told & {
    readonly statute?: string;
    readonly penalties?: readonly Penalty[];
  };
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
  /** Instead of one value: what differs by case, in the order of the file. */
  readonly cases?: readonly { readonly of: string; readonly value: string }[];
  /** The language of a name that is not translated. */
  readonly lang?: string;
  readonly note: string;
  /** In words; empty where the file does not say. */
  readonly confidence: string;
  readonly verification: string;
  readonly sources: readonly string[];
};

const UNKNOWN = "unknown";
const WITHOUT_YEARS: Readonly<Record<string, Key>> = {
  life: "facts.life",
  life_or_death: "facts.lifeOrDeath",
};
const BENEFIT: Readonly<Record<string, Key>> = {
  yes: "facts.benefitYes",
  no: "facts.benefitNo",
};

/** How long at most: so many years, or a term that has no years. */
function longest(max: string | number): string {
  const words = WITHOUT_YEARS[String(max)];
  return words === undefined ? t("facts.years", { count: Number(max) }) : t(words);
}

function termOf({ min, max }: Penalty): string {
  if (min === 0) return t("facts.upTo", { longest: longest(max) });
  return typeof max === "number"
    ? t("facts.range", { min, max })
    : t("facts.rangeTo", { min, longest: longest(max) });
}

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
  /** A fact whose value the page has words for. */
  function worded(words: Key, key: string, say: (value: string) => string): Fact {
    const fact = whole?.facts[key];
    const value = known(fact === undefined ? undefined : String(fact.value));
    return row(words, fact, value === null ? null : say(value));
  }
  function penalties(words: Key, told: Whole["smuggling_offence"]): Fact {
    const found = told?.penalties ?? [];
    if (told === undefined || found.length === 0) return row(words, undefined, null);
    const { note: _, ...rest } = told; // it stands at the offence itself
    const cases = found.map((one) => ({ of: said(one.case), value: termOf(one) }));
    return { ...row(words, rest, ""), cases };
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
    penalties("facts.penalties", offence),
    worded("facts.longest", "smuggling_max_years", longest),
    worded("facts.benefit", "smuggling_benefit_element", (value) => {
      const words = BENEFIT[value];
      return words === undefined ? value : t(words);
    }),
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
