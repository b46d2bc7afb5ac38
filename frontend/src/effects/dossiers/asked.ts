/**
 * Whether a step says what its act needs, and no more: the server's rule (requests_mla/codes.py
 * `flaws_of`, policies `why_not_measures`), judged again. Pure.
 */

import type { Dossier, MoveRow, Said } from "../../api/dossiers";
import table from "../../api/moves.json";
import { FORM } from "../../crypto/move";

type Asks = { readonly needs: readonly string[]; readonly may: readonly string[] };
type Step = Pick<MoveRow, "act" | "said" | "form" | "version">;
type Asked = {
  readonly version: number;
  readonly disclosed: Pick<Dossier["disclosed"], "measures">;
};
const ACTS = new Map<string, Asks>(Object.entries(table.acts));
const PART = "answer-part";
const ALL = "execute";
const SENT = "transmit";

/** Why a step does not say what it may, or null. `before` are those that came before it. */
export function whyNotSaid(
  { act, said, form, version }: Step,
  before: readonly Step[],
  { disclosed, version: shown }: Asked,
): "move-incomplete" | "measures-differ" | null {
  const asks = ACTS.get(act);
  if (asks === undefined) return "move-incomplete";
  const given = filled(said);
  const isMore = given.some((one) => !asks.needs.includes(one) && !asks.may.includes(one));
  // What acts need grew before the form of now: what was signed then is not less true for it.
  const isLess = form >= FORM && asks.needs.some((one) => !given.includes(one));
  if (isMore || isLess || !isOnce(said.evidence)) return "move-incomplete";
  if (act !== PART && act !== ALL) return null;
  // No version is written after an answer: the measures that it answers are those that are shown.
  if (version !== shown) return "measures-differ";
  const answered = answeredIn(before);
  const left = disclosed.measures.flatMap((_, place) => (answered.has(place) ? [] : [place]));
  const isOfThese = isOnce(said.measures) && said.measures.every((one) => left.includes(one));
  const isAll = said.measures.length === left.length;
  return isOfThese && isAll === (act === ALL) ? null : "measures-differ";
}

/** The fields that say something. */
const filled = (said: Said): string[] =>
  Object.entries(said).flatMap(([name, one]) =>
    one === "" || one === false || (Array.isArray(one) && one.length === 0) ? [] : [name],
  );

const isOnce = (list: readonly unknown[]): boolean => new Set(list).size === list.length;

/** The places of the measures that were answered since the request was sent last. */
function answeredIn(moves: readonly Step[]): Set<number> {
  const sent = moves.findLastIndex(({ act }) => act === SENT);
  const since = moves.slice(sent + 1).filter(({ act }) => act === PART || act === ALL);
  return new Set(since.flatMap(({ said }) => said.measures));
}
