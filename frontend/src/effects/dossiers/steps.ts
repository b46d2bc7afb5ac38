/** Steps of a record by what was signed of them: it tells two of one act and number apart. */

import type { MoveRow } from "../../api/dossiers";
import type { Json } from "../../canonical";
import { stepOf } from "../../crypto/move";

/** SHA-256 (hex) of the signed bytes of each. */
export const stepsOf = (request: string, moves: readonly MoveRow[]): Promise<string[]> =>
  Promise.all(
    moves.map((move) => stepOf({ ...move, request, said: move.said as { [name: string]: Json } })),
  );
