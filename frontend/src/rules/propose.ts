/**
 * What a request between two States could rest on, on a day, and why; nothing is decided here.
 *
 * UNTOC 18(6)-(7): a treaty on mutual legal assistance that binds the two States governs their
 * requests, paragraphs 9 to 29 of article 18 giving way to it; the other paragraphs stand beside.
 * The Smuggling Protocol is cited with its Convention, a treaty on certain offences only for them.
 * requests_mla/rules/propose.py is the same in Python.
 */
import type { Book, Instrument } from "./book";
import { bound, inForce } from "./law";

/** How an instrument stands: cite it, cite it beside another, or ask first whether it binds. */
export type Standing = "cite" | "beside" | "confirm" | "channel";
export type Reason =
  | "special_treaty" // it governs: UNTOC 18(7)
  | "no_special_treaty" // so paragraphs 9 to 29 of UNTOC 18 apply
  | "beside_special_treaty" // what of UNTOC 18 does not give way
  | "with_convention" // a protocol, never alone
  | "offence_category" // only for some offences, and these are among them
  | "kind_of_evidence" // whatever the offence, but only for some evidence
  | "offence_not_said" // only for some offences, and the draft names none yet
  | "status_unknown" // whether it binds both is not established: ask
  | "never_a_basis"; // a channel to talk through
export type Basis = {
  readonly instrument: string;
  readonly standing: Standing;
  readonly reason: Reason;
  readonly citation: string;
};
/** An instrument that cannot be cited, and why. */
export type Excluded = {
  readonly instrument: string;
  readonly reason:
    | "requesting_not_party"
    | "requested_not_party"
    | "not_in_force"
    | "watched" // not yet to be offered
    | "other_offences"
    | "other_measures";
};
export type Proposal = {
  readonly bases: readonly Basis[];
  readonly excluded: readonly Excluded[];
  /** Of the requested State, for the first basis; null: not established, to be asked. */
  readonly central_authority: string | null;
  readonly languages: readonly string[] | null;
  readonly dual_criminality: string | null;
  /** The bases that have an article of their own on dual criminality, in the order of the bases. */
  readonly dual_criminality_in: readonly string[];
  readonly death_penalty: string | null;
};

const PRECEDENCE = "UNTOC 18(6)-(7)";
const BESIDE = "UNTOC 18(1)-(8), 18(30)";
const APPLIES = "UNTOC 18(7), 18(9)-(29)";

/**
 * `categories` of the offences and kinds of `measures`, as the draft has them; none yet: all are
 * possible.
 */
export function propose(
  book: Book,
  requesting: string,
  requested: string,
  date: string,
  categories: readonly string[],
  measures: readonly string[] = [],
): Proposal {
  const apart = (one: Instrument): Excluded["reason"] | null => {
    if (one.watch) return "watched";
    if (!meets(one.offence_categories, categories)) return "other_offences";
    return meets(one.for_measures, measures) ? null : "other_measures";
  };
  const binding = (one: Instrument) => inForce(one, requesting, requested, date);
  const all = [...book.instruments.values()];
  const special = all.some((one) => one.class === "mla" && binding(one));
  const found: Basis[] = [];
  const excluded: Excluded[] = [];
  for (const one of all) {
    const binds = binding(one);
    if (binds === false && one.kind === "bilateral") continue; // between others
    const reason = binds === false ? why(one, requesting, requested, date) : apart(one);
    if (reason) {
      excluded.push({ instrument: one.id, reason });
    } else {
      found.push({ instrument: one.id, ...standing(one, binds, special, categories.length > 0) });
    }
  }
  const rank = (one: Basis): number => ORDER.indexOf(one.reason);
  const bases = found.sort((one, other) => rank(one) - rank(other));
  const state = book.states.get(requested);
  const fact = (key: string): string | readonly string[] | null => {
    const value = state?.facts[key]?.value ?? "unknown";
    const open = value === "unknown" || (Array.isArray(value) && value.includes("unknown"));
    return open ? null : value;
  };
  const text = (key: string): string | null => {
    const value = fact(key);
    return typeof value === "string" ? value : null;
  };
  const languages = fact("languages");
  const own = state?.central_authorities?.[bases[0]?.instrument ?? ""]?.value;
  return {
    bases,
    excluded,
    central_authority: own && own !== "unknown" ? own : text("central_authority"),
    languages: typeof languages === "string" ? [languages] : languages,
    dual_criminality: text("dual_criminality"),
    dual_criminality_in: bases
      .filter(({ standing }) => standing === "cite" || standing === "beside")
      .map(({ instrument }) => instrument)
      .filter((id) => book.instruments.get(id)?.articles?.dual_criminality !== undefined),
    death_penalty: text("death_penalty"),
  };
}

/** Whether what an instrument is only for, if it says so, is among what a draft has, if any. */
const meets = (only: readonly string[] = [], has: readonly string[]): boolean =>
  !only.length || !has.length || only.some((name) => has.includes(name));

const ORDER: readonly Reason[] = [
  "special_treaty",
  "no_special_treaty",
  "beside_special_treaty",
  "with_convention",
  "offence_category",
  "kind_of_evidence",
  "offence_not_said",
  "status_unknown",
  "never_a_basis",
];

function standing(
  one: Instrument,
  binds: boolean | null,
  special: boolean,
  said: boolean,
): Omit<Basis, "instrument"> {
  const own = typeof one.citation === "string" ? one.citation : (one.citation?.en ?? one.id);
  if (one.class === "channel") {
    return { standing: "channel", reason: "never_a_basis", citation: own };
  }
  if (binds === null) return { standing: "confirm", reason: "status_unknown", citation: own };
  switch (one.class) {
    case "mla":
      return { standing: "cite", reason: "special_treaty", citation: PRECEDENCE };
    case "convention":
      return special
        ? { standing: "beside", reason: "beside_special_treaty", citation: BESIDE }
        : { standing: "cite", reason: "no_special_treaty", citation: APPLIES };
    case "protocol":
      return { standing: "beside", reason: "with_convention", citation: own };
    case "conditional":
      if (one.offence_categories?.length && !said) {
        return { standing: "confirm", reason: "offence_not_said", citation: own };
      }
      return {
        standing: "cite",
        reason: one.offence_categories?.length ? "offence_category" : "kind_of_evidence",
        citation: own,
      };
  }
}

function why(
  one: Instrument,
  requesting: string,
  requested: string,
  date: string,
): Excluded["reason"] {
  if (bound(one, requesting, date) === false) return "requesting_not_party";
  return bound(one, requested, date) === false ? "requested_not_party" : "not_in_force";
}
