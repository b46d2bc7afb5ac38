/** Who is to act on a request now, and whom one reaches of a State when it cannot wait. Pure. */

import { ARROWS, LEADS } from "../../effects/dossiers/table";
import type { Card, Standing } from "../client";

export type Turn = {
  readonly side: "requesting" | "requested";
  readonly who: readonly string[];
};

/** Whose turn it is at a stage, by the table of this build; null where nothing comes any more. */
export function turnAt(stage: string): Turn | null {
  const leaving = ARROWS.filter(({ before }) => before === stage);
  for (const act of LEADS) {
    const found = leaving.find((one) => one.act === act);
    if (found !== undefined) return { side: found.side, who: found.who };
  }
  return null;
}

/** The State that has to act, of a request between two; empty where none is named yet. */
export function turnState(
  { side }: Turn,
  { requesting_state, requested_state }: { requesting_state: string; requested_state: string },
): string {
  return side === "requesting" ? requesting_state : requested_state;
}

export type Reached = {
  readonly card: Card;
  /** It is their turn, by the table of stages. */
  readonly acts: boolean;
  readonly atWork: boolean;
  /** Of whoever is not in force: who stands in, by what the ministry signed. */
  readonly deputy: Card | null;
};

type Asked = {
  readonly people: readonly Card[];
  readonly standings: ReadonlyMap<string, Standing>;
  readonly isAtWork: (card: Card) => boolean;
};

/**
 * Whom one reaches of a State: who said to be on duty, and those whose turn it is (`who`: roles, or
 * functions).
 *
 * First those in force: on duty, then at work, then the rest. Who is not in force stands there for
 * whoever stands in for them, if somebody does who is; for a function, who has it by their own designation.
 */
export function reachedOf(
  state: string,
  who: readonly string[],
  { people, standings, isAtWork }: Asked,
): Reached[] {
  const theirs = people.filter((card) => card.state === state);
  const found = theirs.flatMap((card): Reached[] => {
    const byRole = card.roles.some((one) => who.includes(one));
    const carries = ({ functions }: Card) => functions.some((one) => who.includes(one));
    const acts = byRole || carries(card);
    if (card.status === "in-force") {
      return acts || card.duty ? [{ card, acts, atWork: isAtWork(card), deputy: null }] : [];
    }
    const standing = standings.get(card.id);
    const id = standing !== undefined && "deputy" in standing ? standing.deputy : null;
    const deputy = theirs.find((one) => one.id === id && one.status === "in-force");
    const canAct = deputy !== undefined && (byRole || carries(deputy));
    return acts && canAct ? [{ card, acts, atWork: false, deputy }] : [];
  });
  const rank = ({ card, atWork, deputy }: Reached): number => {
    if (deputy !== null) return 3;
    if (card.duty) return 0;
    return atWork ? 1 : 2;
  };
  return found.toSorted((a, b) => rank(a) - rank(b) || Number(b.acts) - Number(a.acts));
}
