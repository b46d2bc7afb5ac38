/** The table of stages in this build, printed from requests_mla/states.py. Pure. */

import type { Said } from "../../api/dossiers";
import table from "../../api/moves.json";

type Side = "requesting" | "requested";
export type Arrow = {
  readonly act: string;
  readonly before: string;
  readonly after: string;
  readonly side: Side;
  readonly who: readonly string[];
};
type Line = { readonly act: string; readonly after: string; readonly side: Side };

export const ARROWS: readonly Arrow[] = table.arrows.map(([act, before, after, side, who]) => ({
  act: String(act),
  before: String(before),
  after: String(after),
  side: side === "requested" ? side : "requesting",
  who: Array.isArray(who) ? who : [],
}));

/** What leads a request on, in the order in which it does. */
export const LEADS: readonly string[] = table.leads;

/** The line of the table that a move goes along, if there is one. */
export const arrowOf = ({ act, before, after, side }: Line & { before: string }): Arrow | null =>
  ARROWS.find(
    (one) => one.act === act && one.before === before && one.after === after && one.side === side,
  ) ?? null;

/** Whether a version can be saved of a request that stands there. */
export const isWrittenOn = (stage: string): boolean =>
  ARROWS.some(({ act, before }) => act === "write" && before === stage);

/** Whether the requesting State has it to itself there. */
export const isAtHome = (stage: string): boolean => table.home.includes(stage);

/** Whether writing and consulting alone lead from one stage to another, or it stays where it is. */
export function byWriting(from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const stage of reached) {
    for (const { act, before, after } of ARROWS) {
      if (before === stage && table.unsigned.includes(act)) reached.add(after);
    }
  }
  return reached.has(to);
}

/** By which roles the second hand is put under what takes two. */
export const HANDS: readonly string[] = table.hands;
export const isUrgent = (level: string | null): boolean =>
  level !== null && table.urgent.includes(level);

type Done = Pick<Line, "act" | "side"> & { readonly state: string; readonly said: Said };
type Asked = {
  readonly requesting_state: string;
  readonly disclosed: { readonly measures: readonly (string | null)[] };
};

/**
 * Whether a step takes a second hand: coercive measures executed, evidence handed over. What one
 * State records of another has its proof instead. A kind that is not known never to be coercive is;
 * so is what answers no measure, or hands evidence over by an act that hands none over: neither can
 * be, and nobody does it alone.
 */
export function takesTwo({ act, side, state, said }: Done, asked: Asked): boolean {
  if (side !== "requested" || state === asked.requesting_state) return false;
  if (said.evidence.length > 0) return true;
  if (!table.two.includes(act)) return false;
  const isMild = (place: number): boolean =>
    table.mild.includes(asked.disclosed.measures[place] ?? "");
  return said.measures.length === 0 || !said.measures.every(isMild);
}
