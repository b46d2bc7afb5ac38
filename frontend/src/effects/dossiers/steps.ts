/** Steps of a record by what was signed of them: it tells two of one act and number apart. */

import type { MoveRow, ProposalRow } from "../../api/dossiers";
import type { Json } from "../../canonical";
import { stepOf } from "../../crypto/move";

/** SHA-256 (hex) of the signed bytes of each. */
export const stepsOf = (request: string, moves: readonly MoveRow[]): Promise<string[]> =>
  Promise.all(
    moves.map((move) => stepOf({ ...move, request, said: move.said as { [name: string]: Json } })),
  );

/** Whether somebody can still put the second hand under it: nothing has to run for it to lapse. */
export const waits = ({ outcome, stopped, lapses_at }: ProposalRow, now: number): boolean =>
  outcome === "" && !stopped && now < Date.parse(lapses_at);
