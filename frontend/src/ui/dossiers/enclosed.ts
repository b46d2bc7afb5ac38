/** Files of letters: whether those that are chosen can go, and what evidence each is. */

import { b64u, hex } from "../../bytes";
import type { Dossier, Judged, ShownLetter, UploadView } from "../client";
import { listed, t } from "../words";

/** A letter leaves with all of its files or not at all. */
export const areOnTheirWay = (files: readonly UploadView[]): boolean =>
  files.some(({ phase }) => phase !== "ready");

/** Whether one of them goes on only once somebody does something about it. */
export const doNotGoOn = (files: readonly UploadView[]): boolean =>
  files.some(({ phase }) => phase === "asleep" || phase === "failed");

/** Their SHA-256, hex, each once: as evidence is recorded in a step. */
export const digestsOf = (files: readonly UploadView[]): string[] => [
  ...new Set(
    files.flatMap(({ sha256 }) => (sha256 === null ? [] : [hex.encode(b64u.decode(sha256))])),
  ),
];

/**
 * Whether a file of a letter was handed over as evidence, by the steps that this browser has verified;
 * null of one that nobody could hand over so, and while nothing was verified yet. A letter takes files
 * along by one hand, and evidence two.
 */
export function evidenceSaid(
  { state }: ShownLetter,
  sha256: string,
  { requested_state, moves }: Pick<Dossier, "requested_state" | "moves">,
  judged: Judged | null,
): string | null {
  if (state !== requested_state || judged === null) return null;
  const hash = hex.encode(b64u.decode(sha256));
  const steps = moves.flatMap(({ number, said }, place) => {
    const verdict = judged.moves[place];
    const isProven = verdict === "ok" || verdict === "former";
    return isProven && said.evidence.includes(hash) ? [String(number)] : [];
  });
  return steps.length === 0
    ? t("letters.noEvidence")
    : t("letters.evidence", { steps: listed(steps) });
}
