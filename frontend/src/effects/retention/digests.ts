/** What somebody was shown and puts the second hand under: SHA-256 (hex), as the server makes it. */

import type { HoldRow, KeepingRow, ShorteningRow } from "../../api/retention";
import { hex, sha256, utf8 } from "../../bytes";

async function digest(said: readonly string[]): Promise<string> {
  return hex.encode(await sha256(utf8.encode(said.join("\n"))));
}

/** Lifting a hold: `lift_digest` in casehub/cases/policies.py says alike. */
export function liftDigest(hold: HoldRow, { reference }: Pick<KeepingRow, "reference">) {
  const said = [hold.id, hold.circle === null ? reference : "", hold.state, hold.ground];
  const asked = [hold.lift?.asker ?? "", String(Date.parse(hold.lift?.at ?? ""))];
  return digest(["casehub-lift/1", ...said, String(Date.parse(hold.at)), ...asked]);
}

/** Keeping a case less long: `shortening_digest` there. */
export function shorteningDigest(row: ShorteningRow, of: Pick<KeepingRow, "case" | "reference">) {
  const said = [of.case, of.reference, row.was, row.retention, row.proposer];
  return digest(["casehub-shortening/1", ...said, String(Date.parse(row.proposed_at))]);
}
