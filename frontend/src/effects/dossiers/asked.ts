/**
 * Whether a step says what its act needs, and no more: the server's rule (requests_mla/codes.py
 * `flaws_of`, policies `why_not_measures`), judged again. Pure.
 */

import type { Dossier, MoveRow, Said } from "../../api/dossiers";
import table from "../../api/moves.json";
import { filled, knows, SECOND_FORM } from "../../crypto/move";

type Asks = {
  readonly needs: readonly string[];
  readonly may: readonly string[];
  readonly chosen: { readonly [field: string]: readonly string[] };
};
type Step = Pick<MoveRow, "act" | "said" | "form" | "version" | "on">;
type Asked = {
  readonly version: number;
  readonly disclosed: Pick<Dossier["disclosed"], "measures" | "deadline">;
};
const ACTS = new Map<string, Asks>(Object.entries(table.acts));
const ALL = "execute";
const REFUSED = "refuse-part";
const BY_DEADLINE = "deadline";
const SENT = "transmit";

/** Why a step does not say what it may, or null. `before` are those that came before it. */
export function whyNotSaid(
  { act, said, form, version, on }: Step,
  before: readonly Step[],
  { disclosed, version: shown }: Asked,
): "move-incomplete" | "measures-differ" | "deadline-ahead" | null {
  const asks = ACTS.get(act);
  if (asks === undefined) return "move-incomplete";
  const given = filled(said);
  const isAsked = (one: string): boolean => asks.needs.includes(one) || asks.may.includes(one);
  // What a form does not hold nobody has signed.
  const isMore = given.some((one) => !isAsked(one) || !knows(form, one));
  // What acts need grew with the forms: what was signed before is not less true for it.
  const needs = form < SECOND_FORM ? [] : asks.needs.filter((one) => knows(form, one));
  const isLess = needs.some((one) => !given.includes(one));
  if (isMore || isLess || !isOnce(said.evidence) || !isChosen(said, asks)) return "move-incomplete";
  // Whether the day was over in both States, too, the server has judged by its clock.
  if (said.rests_on > on) return "deadline-ahead";
  const isOfShown = said.lapsed === BY_DEADLINE && version === shown;
  if (isOfShown && said.rests_on !== disclosed.deadline) return "deadline-ahead";
  if (!table.closes.includes(act)) return null;
  const closed = closedIn(before);
  if (!isOnce(said.measures) || said.measures.some((one) => closed.has(one))) {
    return "measures-differ";
  }
  // No version is written after an answer: the measures that it answers are those that are shown.
  // What was refused in part and sent back may have been written anew; how many it had is not shown.
  if (version !== shown) return act === REFUSED ? null : "measures-differ";
  const left = disclosed.measures.flatMap((_, place) => (closed.has(place) ? [] : [place]));
  const isOfThese = said.measures.every((one) => left.includes(one));
  const isAll = said.measures.length === left.length;
  return isOfThese && isAll === (act === ALL) ? null : "measures-differ";
}

/** Whether each field that takes one of some codes has one of them, or none. */
const isChosen = (said: Said, { chosen }: Asks): boolean =>
  Object.entries(chosen).every(([field, known]) =>
    ["", ...known].includes(String(said[field as keyof Said])),
  );

const isOnce = (list: readonly unknown[]): boolean => new Set(list).size === list.length;

/** The places of the measures that were answered or refused since the request was sent last. */
function closedIn(moves: readonly Step[]): Set<number> {
  const sent = moves.findLastIndex(({ act }) => act === SENT);
  const since = moves.slice(sent + 1).filter(({ act }) => table.closes.includes(act));
  return new Set(since.flatMap(({ said }) => said.measures));
}
