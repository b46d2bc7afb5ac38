/**
 * Whether a step says what its act needs, and no more, in codes that there are: the server's rule
 * (requests_mla/codes.py `flaws_of`, policies `why_not_measures` and `why_not_expire`), judged again. Pure.
 */

import type { Dossier, MoveRow, Said } from "../../api/dossiers";
import table from "../../api/moves.json";
import { filled, knows, SECOND_FORM, THIRD_FORM } from "../../crypto/move";

type Asks = {
  readonly needs: readonly string[];
  readonly may: readonly string[];
  readonly codes: readonly string[];
  readonly chosen: { readonly [field: string]: readonly string[] };
  readonly besides: { readonly [code: string]: string };
};
type Step = Pick<MoveRow, "act" | "said" | "form" | "version" | "on" | "issued">;
type Asked = {
  readonly version: number;
  readonly disclosed: Pick<Dossier["disclosed"], "measures" | "deadline">;
};
const ACTS = new Map<string, Asks>(Object.entries(table.acts));
const ALL = "execute";
const REFUSED = "refuse-part";
const CONFIRMED = "confirm";
const EXPIRED = "expire";
const SENT = "transmit";
/** Of a moment in ISO 8601, UTC: as many characters are its day. */
const DAY = 10;
/** The form since which an act may be, if it is none of the first: nobody signed it in an earlier one. */
const SINCE: ReadonlyMap<string, number> = new Map([[REFUSED, THIRD_FORM]]);

/** Why a step does not say what it may, or null. `before` are those that came before it. */
export function whyNotSaid(
  step: Step,
  before: readonly Step[],
  { disclosed, version: shown }: Asked,
): "move-incomplete" | "move-without-assets" | "measures-differ" | "deadline-ahead" | null {
  const { act, said, form, version } = step;
  const asks = ACTS.get(act);
  if (asks === undefined || form < (SINCE.get(act) ?? 1)) return "move-incomplete";
  const given = filled(said);
  const needed = [...asks.needs, ...besidesOf(act, said)];
  // What a form does not hold nobody has signed.
  const isMore = given.some(
    (one) => !(needed.includes(one) || asks.may.includes(one)) || !knows(form, one),
  );
  // What acts need grew with the forms: what was signed before is not less true for it.
  const needs = form < SECOND_FORM ? [] : needed.filter((one) => knows(form, one));
  const isLess = needs.some((one) => !given.includes(one));
  if (isMore || isLess || !isKnown(act, said, asks)) return "move-incomplete";
  if (!isValued(said)) return "move-incomplete";
  const asked = version === shown ? disclosed : null;
  if (said.assets.length > 0 && !hasAssets(said, before, asked)) return "move-without-assets";
  const deadline = version === shown ? (disclosed.deadline ?? "") : null;
  if (act === EXPIRED && !isExpired(step, deadline)) return "deadline-ahead";
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

/**
 * Whether the day that an expiry rests on has come, `deadline` being that of the facts that it signs for;
 * null where these are not shown. Whether it was over in both States the server has judged by its clock.
 */
function isExpired({ said, form, on, issued }: Step, deadline: string | null): boolean {
  // Before one said why, it was by its deadline alone, which was over on the day that it was signed.
  if (form < THIRD_FORM) {
    return deadline === null || (deadline !== "" && deadline < issued.slice(0, DAY));
  }
  const isOver = table.in_time_on.includes(said.lapsed) ? said.rests_on < on : said.rests_on <= on;
  const isOther = said.lapsed === table.by_deadline && deadline !== null;
  return isOver && !(isOther && said.rests_on !== deadline);
}

/** What a step that says this says besides: some codes need a field that no other has. */
export function besidesOf(act: string, said: Said): string[] {
  const { chosen = {}, besides = {} } = ACTS.get(act) ?? {};
  return Object.entries(besides).flatMap(([code, field]) =>
    Object.keys(chosen).some((one) => said[one as keyof Said] === code) ? [field] : [],
  );
}

/** Whether each kind of asset is in one band that there is, or in none. */
const isValued = ({ assets }: Said): boolean => {
  const told = assets.map((one) => one.split("-"));
  const isKnown = ([kind = "", band = "", ...rest]: string[]): boolean =>
    table.assets.includes(kind) && table.bands.includes(band) && rest.length === 0;
  return told.every(isKnown) && isOnce(told.map(([kind]) => kind));
};

/**
 * Whether a closing that says this may say what became of assets: something came of a request that was sent
 * once at least, and they were asked for. What was asked is null where the version is not shown.
 */
export const hasAssets = (
  { codes }: Pick<Said, "codes">,
  before: readonly Pick<Step, "act">[],
  asked: Pick<Asked["disclosed"], "measures"> | null,
): boolean =>
  before.some(({ act }) => act === SENT) &&
  !codes.includes(table.nothing) &&
  (asked === null || asked.measures.some((one) => table.valued.includes(one ?? "")));

/**
 * Whether all that it says in codes is one of those that there are for its act, each once. The rulebook
 * of the day it was signed is not at hand: which rules it had, the server has judged.
 */
function isKnown(act: string, said: Said, { codes, chosen }: Asks): boolean {
  const channels = act === CONFIRMED ? table.written : table.channels;
  const most = table.one.includes(act) ? 1 : codes.length;
  return (
    ["", ...channels].includes(said.channel) &&
    ["", ...table.languages].includes(said.language) &&
    isOnceOf(said.codes, codes) &&
    said.codes.length <= most &&
    isOnceOf(said.conditions, table.conditions) &&
    isOnce(said.rules) &&
    isOnce(said.evidence) &&
    Object.entries(chosen).every(([field, known]) =>
      ["", ...known].includes(String(said[field as keyof Said])),
    )
  );
}

const isOnce = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
const isOnceOf = (list: readonly string[], known: readonly string[]): boolean =>
  isOnce(list) && list.every((one) => known.includes(one));

/** The places of the measures that were answered or refused since the request was sent last. */
function closedIn(moves: readonly Step[]): Set<number> {
  const sent = moves.findLastIndex(({ act }) => act === SENT);
  const since = moves.slice(sent + 1).filter(({ act }) => table.closes.includes(act));
  return new Set(since.flatMap(({ said }) => said.measures));
}
