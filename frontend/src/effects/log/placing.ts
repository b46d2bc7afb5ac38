/** Where an entry stands that an auditor opens: what the server says of it, held against the log. */

import type { Entry } from "../../api/oversight";
import { asHash, hex, MalformedBytes } from "../../bytes";
import { verifyInclusion } from "../../verify/tlog/merkle";
import { parseProof } from "../../verify/tlog/proof";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import { NotPossible } from "../problems";
import type { LogWatch } from "./watch";

/** Of how many entries the tree is that it stands in, and who cosigned that, when (ISO 8601). */
export type Placed = { size: number; cosigned: { witness: string; at: string }[] };

/**
 * That the entry's leaf stands at its place in the history that this browser follows.
 *
 * @throws {NotPossible} log-not-followed, if it does not; then there is an alarm, if signatures show it.
 * @throws {Unreachable} if the log's files cannot be read now.
 */
export function placeOf(
  entry: Pick<Entry, "log" | "position" | "leaf_hash" | "proof_text">,
  watch: Pick<LogWatch, "agree">,
): Promise<Placed> {
  return followed(async () => {
    const { index, path, checkpoint: note } = parseProof(entry.proof_text ?? "");
    const { checkpoint, cosigned } = await watch.agree(note);
    const { origin, size, root } = checkpoint;
    if (index !== entry.position || nameOf(origin) !== entry.log) {
      throw new Unproven("another place");
    }
    await verifyInclusion(asHash(hex.decode(entry.leaf_hash)), index, size, path, root);
    const at = (time: number) => new Date(time * 1_000).toISOString();
    return { size, cosigned: [...cosigned].map(([witness, time]) => ({ witness, at: at(time) })) };
  });
}

/** What is not of the history that this browser follows has one name on the page. */
export async function followed<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (
      error instanceof Unproven ||
      error instanceof Malformed ||
      error instanceof MalformedBytes
    ) {
      throw new NotPossible("log-not-followed");
    }
    throw error;
  }
}

/** The name in addresses, as the server makes it (docs/audit-log.md): `acts-2026`, `dir`. */
function nameOf(origin: string): string {
  const [host = "", part] = origin.split("/");
  const name = host.startsWith("dir.") ? "dir" : "acts";
  return part === undefined ? name : `${name}-${part}`;
}
