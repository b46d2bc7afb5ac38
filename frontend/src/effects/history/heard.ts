/** That somebody gives earlier messages, as this device takes it from the log. */

import type { Entry } from "../../api/schema";
import type { Giving } from "../../crypto/content";
import { keys, type OutboxRecord } from "../../store/records";
import type { ActRecord } from "../../store/said";
import type { Tx } from "../../store/vault";

type Place = {
  readonly tx: Tx;
  readonly circle: string;
  readonly core: { readonly person: string };
};

/** What is for this person is kept until it is taken (take.ts). */
export function heardGiving(
  { tx, circle, core }: Place,
  { seq, at }: Pick<Entry, "seq" | "at">,
  { person, mine }: { person: string; mine: boolean },
  { to, first, last, count, list, sealed }: Giving,
): Pick<ActRecord, "outcome" | "giving"> {
  const giving = { to, first, last, count };
  if (to === core.person && !mine) {
    tx.put(keys.grant(circle, seq), {
      circle,
      seq,
      at,
      person,
      grant: { ...giving, list, sealed },
    });
  }
  return { outcome: "done", giving };
}

/**
 * What waits to leave and gives a message that was taken back meanwhile, or one that quotes it.
 *
 * Asked before it is encrypted: what was, may be with the server already, and is posted again as it
 * was. Whoever receives that finds the withdrawal in the log and shows nothing of it (take.ts).
 */
export async function givesWithdrawn(
  tx: Tx,
  { circle, gives = [] }: Pick<OutboxRecord, "circle" | "gives">,
): Promise<boolean> {
  for (const seq of gives) {
    const line = await tx.get(keys.line(circle, seq));
    if (line?.kind !== "message" || line.withdrawn) return true;
    if (line.quote === undefined) continue;
    // Its words would go along in what its author signed.
    const quoted = await tx.get(keys.line(circle, line.quote.seq));
    if (quoted?.kind === "message" && quoted.withdrawn) return true;
  }
  return false;
}
