/** Documents that those who draft sent to their central authority: whether each is what was authorised. */

import { worthOf } from "../../effects/letters/made";
import { cleanName } from "../../files/names";
import type { Dossier, Judged, ShownLetter } from "../client";
import { languageName } from "../requests/languages";
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

/** What was signed of a file as a document made of that version; null if it is none. */
const madeOf = ({ proven }: Sent, version: number | null) =>
  proven !== null && proven !== "unsigned" && proven.version === version ? proven : null;

/** Why a document of that version is to be read before it is transmitted; none if it is nothing but that. */
function doubtsOf({ proven }: Sent): string[] {
  if (proven === null || proven === "unsigned") return [];
  const { version, hasTemplate, isFormer } = proven;
  return [
    ...(hasTemplate ? [t("homeLetters.template", { version })] : []),
    ...(isFormer ? [t("homeLetters.former")] : []),
  ];
}

/** What is said of a file: whose word it is that it was made of which version, not that it is true. */
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
    version,
  };
  const doubts = doubtsOf(sent);
  const whole = (words: string): string => [words, ...doubts].join(" ");
  if (madeOf(sent, authorised)) {
    const tone = doubts.length > 0 ? "warn" : "ok";
    return { words: whole(t("homeLetters.proven", said)), tone };
  }
  if (authorised === null) return { words: whole(t("homeLetters.unjudged", said)), tone: "warn" };
  return { words: t("homeLetters.other", { ...said, authorised }), tone: "stop" };
}

/** A file with who sent it, and when, as that was signed. */
type Along = { readonly sent: Sent; readonly by: ShownLetter; readonly at: number };
/** Documents that were sent, each in one of the first four. */
export type Checked = {
  /** Of the authorised version, compared here, with nothing to be said against it. */
  readonly checked: readonly Sent[];
  /** The same, to be read before it is transmitted. */
  readonly doubted: readonly Sent[];
  /** Not compared here, or not of that version. */
  readonly left: readonly Sent[];
  /** Sent again later, under the same name or in the same language and kind. */
  readonly before: readonly Sent[];
  /** Those that came instead, each as it was sent last. */
  readonly current: readonly Along[];
  /** Of one name, or one language and kind, where none came instead of the other: nothing says which one counts. */
  readonly alike: readonly Sent[];
};

/** Of what those who draft sent to be transmitted: what was checked here, and what came instead of what. */
export function checkedIn(letters: readonly ShownLetter[], authorised: number | null): Checked {
  const sent = letters.filter(isOfDraft).flatMap((by) => {
    const at = Date.parse(by.letter?.issued ?? by.at);
    return by.files.map((file): Along => ({ sent: file, by, at }));
  });
  const best = bestOf(sent, authorised);
  const all = sent.map((one) => {
    const proven = best.get(one.sent.file.sha256) ?? null;
    return { ...one, sent: { ...one.sent, proven } };
  });
  const isOf = ({ sent }: Along) => madeOf(sent, authorised) !== null;
  // Sent again as it was it is the same one; nothing but another of that version comes instead of one.
  const others = (one: Along) => all.filter((other) => isAlike(one, other, authorised));
  const instead = (one: Along) =>
    others(one).filter((other) => other.at > one.at && (!isOf(one) || isOf(other)));
  const wasReplaced = new Set(all.filter((one) => instead(one).length > 0));
  const now = all.filter((one) => !wasReplaced.has(one));
  const isNow = new Set(now.map(({ sent }) => sent.file.sha256));
  const isChecked = (one: Along) => one.sent.isCompared && isOf(one);
  const isDoubted = ({ sent }: Along) => doubtsOf(sent).length > 0;
  const of = (some: readonly Along[]) => [
    ...new Map(some.map(({ sent }) => [sent.file.sha256, sent])).values(),
  ];
  return {
    checked: of(now.filter((one) => isChecked(one) && !isDoubted(one))),
    doubted: of(now.filter((one) => isChecked(one) && isDoubted(one))),
    left: of(now.filter((one) => !isChecked(one))),
    before: of([...wasReplaced].filter(({ sent }) => !isNow.has(sent.file.sha256))),
    current: lastOf(
      now.filter((one) => [...wasReplaced].some((old) => instead(old).includes(one))),
    ),
    alike: of(now.filter((one) => others(one).some((other) => !wasReplaced.has(other)))),
  };
}

/** Of the same bytes the one that was sent last. */
function lastOf(some: readonly Along[]): Along[] {
  const byTime = [...some].sort((one, other) => one.at - other.at);
  return [...new Map(byTime.map((one) => [one.sent.file.sha256, one])).values()];
}

/** Of each file that was sent the best that somebody signed of it, by its SHA-256: the same bytes are one document. */
function bestOf(sent: readonly Along[], authorised: number | null) {
  const worth = (one: Sent) => (madeOf(one, authorised) ? 1 : 0);
  const best = new Map<string, Sent["proven"]>();
  for (const { sent: one } of sent) {
    const { sha256 } = one.file;
    const other = { ...one, proven: best.get(sha256) ?? null };
    const more = worth(one) - worth(other) || worthOf(one.proven) - worthOf(other.proven);
    if (more > 0) best.set(sha256, one.proven);
  }
  return best;
}

/** Whether two files go for the same document: by name, or made of that version in one language and kind. */
function isAlike(one: Along, other: Along, authorised: number | null): boolean {
  const [a, b] = [one.sent, other.sent];
  if (one === other || a.file.sha256 === b.file.sha256) return false;
  if (cleanName(a.file.name) === cleanName(b.file.name)) return true;
  const [made, again] = [madeOf(a, authorised), madeOf(b, authorised)];
  if (made === null || again === null) return false;
  return made.kind === again.kind && made.language === again.language;
}
