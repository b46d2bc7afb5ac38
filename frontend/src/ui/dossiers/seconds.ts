/** How a step stands that waits for a second person, and who that can be, in words. */

import moves from "../../api/moves.json";
import { waits } from "../../effects/dossiers/steps";
import type { Dossier, NextMove, ProposalRow } from "../client";
import { isolated, t } from "../words";
import { DECLINED, wordOf } from "./words";

const TAKEN_BACK = "taken-back";

/**
 * The steps that somebody is offered, of those that can be taken now. While one of their own waits for its second person none is that
 * could take two: what goes with the one that waits is kept where that would be typed.
 */
export function offeredTo(
  me: string | null,
  found: Dossier,
  taken: readonly NextMove[],
  now: number,
): NextMove[] {
  const { proposal } = found;
  const isWaiting = proposal !== null && proposal.person === me && waits(proposal, now);
  const isKeptFor = (act: string): boolean => isWaiting && moves.two.includes(act);
  return taken.filter(({ act }) => found.may.includes(act) && !isKeptFor(act));
}

/** What became of one that waits no more. */
export function endOf({ outcome, stopped, reason, decider }: ProposalRow): string {
  const name = isolated(decider);
  if (outcome !== "") {
    if (reason === TAKEN_BACK) return t("second.takenBack", { name });
    return t("second.declined", { name, reason: wordOf(DECLINED, reason) });
  }
  return t(stopped ? "second.noLonger" : "second.lapsed");
}

/** The names of those who can put the second hand. */
export const handsOf = ({ hands }: Pick<Dossier, "hands">): string[] =>
  hands.map(({ name }) => isolated(name));

/** The measures that it answers, by number and name. */
export const measuresOf = (
  { disclosed }: Pick<Dossier, "disclosed">,
  { said }: Pick<ProposalRow, "said">,
  name: (type: string | null) => string,
): string[] =>
  said.measures.map((place) => `${place + 1}. ${name(disclosed.measures[place] ?? null)}`);
