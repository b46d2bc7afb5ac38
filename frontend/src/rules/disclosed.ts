/**
 * All that the server learns of a draft's content: enough for the rules marked `disclosed`.
 *
 * An empty text is a question not answered yet, null one whose answer is marked unknown. `measures`
 * has one entry a measure, `instruments` one a legal basis.
 */
import { asList, dayOf, isObject, textOf } from "./answers";
import type { Draft } from "./book";

export type Disclosed = {
  readonly requesting_state: string;
  readonly requested_state: string;
  readonly law_date: string;
  readonly measures: readonly (string | null)[];
  readonly instruments: readonly (string | null)[];
  readonly urgency: string | null;
  readonly deadline: string | null;
};

export function disclosed(draft: Draft): Disclosed {
  const unknown = new Set(asList(draft.unknown).map(textOf));
  const answer = (box: unknown, key: string, at: string): string | null =>
    unknown.has(`${at}.${key}`) ? null : textOf(isObject(box) ? box[key] : "");
  const each = (section: string, key: string): (string | null)[] =>
    asList(draft[section]).map((item, place) => answer(item, key, `${section}.${place}`));
  const deadline = answer(draft.urgency, "deadline", "urgency");
  return {
    requesting_state: textOf(draft.requesting_state),
    requested_state: textOf(draft.requested_state),
    law_date: draft.law_date,
    measures: each("measures", "type"),
    instruments: each("legal_basis", "instrument"),
    urgency: answer(draft.urgency, "level", "urgency"),
    deadline: deadline === null || dayOf(deadline) !== null ? deadline : "",
  };
}
