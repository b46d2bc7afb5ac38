/** What somebody has typed into the filter: made what is sent, or said what is wrong. Pure. */

import type { Filter } from "../client";

/** The fields of the filter as they stand in the form. */
export type Typed = {
  act: string;
  person: string;
  office: string;
  reference: string;
  since: string;
  until: string;
  outcome: string;
};
export type Wrong = "person" | "reference";

const REFERENCE = /^[A-Z]{2}-\d{4}-\d{4,9}$/;
const PSEUDONYM = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** How a filter stands in the form. */
export function typedOf(filter: Filter): Typed {
  return {
    act: filter.acts[0] ?? "",
    person: filter.person ?? "",
    office: filter.office ?? "",
    reference: filter.case ?? "",
    since: filter.since ?? "",
    until: filter.until ?? "",
    outcome: filter.outcome ?? "",
  };
}

/** A pseudonym as the log writes it, read from how people do: small, without its head, O for 0. */
function pseudonymOf(text: string): string | null {
  const letters = text
    .trim()
    .toUpperCase()
    .replace(/^P\s*-?\s*(?=.{8}$)/, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return PSEUDONYM.test(letters) ? `P-${letters}` : null;
}

/** The filter that is meant, and which fields cannot be: those are left out of it. */
export function meant(typed: Typed): { filter: Filter; wrong: readonly Wrong[] } {
  const person = typed.person.trim() === "" ? null : pseudonymOf(typed.person);
  const reference = typed.reference.trim().toUpperCase();
  const known = REFERENCE.test(reference);
  const { outcome } = typed;
  return {
    filter: {
      acts: typed.act === "" ? [] : [typed.act],
      person,
      office: typed.office || null,
      case: known ? reference : null,
      since: typed.since || null,
      until: typed.until || null,
      outcome: outcome === "done" || outcome === "refused" ? outcome : null,
    },
    wrong: [
      ...(reference !== "" && !known ? (["reference"] as const) : []),
      ...(typed.person.trim() !== "" && person === null ? (["person"] as const) : []),
    ],
  };
}
