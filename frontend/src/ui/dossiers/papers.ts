/** Documents that those who draft sent to their central authority: whether each is what was authorised. */

import type { Dossier, Judged, ShownLetter } from "../client";
import { preferences } from "../preferences.svelte";
import { languageName } from "../requests/languages";
import { moment, zoneHere } from "../time";
import { isolated, t } from "../words";

type Sent = ShownLetter["files"][number];
type Of = Pick<Dossier, "moves" | "requesting_state">;

const isProven = (verdict: string | undefined): boolean => verdict === "ok" || verdict === "former";

/** Whether a letter is of one who drafts, to one's own: what such send is for being transmitted. */
export function isOfDraft({ letter, verdict, byDevice }: ShownLetter): boolean {
  return isProven(verdict) && letter?.audience === "home" && byDevice;
}

/** The version that was authorised last, where this browser has verified that step; null where not. */
export function authorisedIn({ moves }: Of, judged: Judged | null): number | null {
  const place = moves.findLastIndex(({ act }) => act === "authorise");
  const move = moves[place];
  return move && isProven(judged?.moves[place]) ? move.version : null;
}

/** Whether a file is a document made of that version. */
export const isAuthorised = ({ proven }: Sent, version: number | null): boolean =>
  proven !== null && proven !== "unsigned" && proven.version === version;

export function paperSaid(
  sent: Sent,
  authorised: number | null,
): { words: string; tone: "ok" | "warn" | "stop" } {
  const { proven } = sent;
  if (proven === null) return { words: t("homeLetters.unproven"), tone: "warn" };
  if (proven === "unsigned") return { words: t("homeLetters.unsigned"), tone: "stop" };
  const { version, language, kind } = proven;
  const said = {
    file: `${kind === "pdf" ? "PDF" : "Word"} (${languageName(language)})`,
    name: isolated(proven.name),
    at: moment(proven.at, preferences.language, zoneHere()),
    version,
  };
  if (isAuthorised(sent, authorised)) return { words: t("homeLetters.proven", said), tone: "ok" };
  if (authorised === null) return { words: t("homeLetters.unjudged", said), tone: "warn" };
  return { words: t("homeLetters.other", { ...said, authorised }), tone: "stop" };
}

/** By name, the documents of the authorised version that were compared here, and the files that were not or are none. */
export function checkedIn(
  letters: readonly ShownLetter[],
  authorised: number | null,
): { checked: string[]; left: string[] } {
  const sent = letters.filter(isOfDraft).flatMap(({ files }) => files);
  const isChecked = (one: Sent) => one.isCompared && isAuthorised(one, authorised);
  const named = (some: readonly Sent[]) => some.map(({ file }) => file.name);
  return {
    checked: named(sent.filter(isChecked)),
    left: named(sent.filter((one) => !isChecked(one))),
  };
}
