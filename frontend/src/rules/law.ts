/** Who is bound by what on a day: every answer may be yes, no, or null: not known. */
import type { Instrument, Span } from "./book";

export type Known = boolean | null;

/**
 * Whether a day (YYYY-MM-DD) lies inside. Compared as text: a year comes before its days, and
 * "not_yet" after every date.
 */
export function holds(span: Span, day: string, begin: string | undefined = undefined): Known {
  if (span.until && day >= span.until) return false;
  const from = span.from ?? begin;
  return from === undefined || from === "unknown" ? null : from <= day;
}

function all(answers: readonly Known[]): Known {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

/** Whether a State is a party on a day. A bilateral treaty binds nobody but those it names. */
export function bound(instrument: Instrument, state: string, day: string): Known {
  if (!state) return null;
  const party = Object.hasOwn(instrument.parties, state) ? instrument.parties[state] : undefined;
  if (party === undefined) return instrument.kind === "bilateral" ? false : null;
  if (party.party === "unknown") return null;
  return party.party === "yes" ? holds(party, day, "") : false;
}

/** Whether an instrument binds both States on a day. */
export function inForce(instrument: Instrument, one: string, other: string, day: string): Known {
  return all([
    bound(instrument, one, day),
    bound(instrument, other, day),
    holds(instrument.in_force, day),
  ]);
}
