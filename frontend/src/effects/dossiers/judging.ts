/** What a browser finds of a request's record by itself: each signature, and whether one follows another. */

import type { Dossier, MoveRow, ProposalRow } from "../../api/dossiers";
import { b64u } from "../../bytes";
import type { Json } from "../../canonical";
import { FORM, factsOf, type Moved, movedBy, SECOND_FORM, stepOf } from "../../crypto/move";
import { instantText } from "../../crypto/statements";
import { APART_MS } from "../directory/then";
import { whyNotSaid } from "./asked";
import { whyNotOn } from "./days";
import { secondOf, takesHand } from "./seconds";
import { arrowOf, byWriting, isAtHome } from "./table";
import { type Known, whose } from "./whose";

/**
 * `former`: whoever signed was in office then, and that key or their access has ended since;
 * `key`: it is not theirs, or they were nobody who does this; `order`: it does not follow; `hand`:
 * it takes a second person's hand, and has none that counts, or none can count any more.
 */
export type MoveVerdict = "ok" | "former" | "signature" | "key" | "order" | "hand" | "unchecked";
export type Judged = {
  /** As the record has them: a host can give two moves one number. */
  readonly moves: readonly MoveVerdict[];
  /** Whether the last move leads to where the server says that the request stands. */
  readonly stands: boolean;
  /** What was found of the hand under what is proposed next; null if nothing is. */
  readonly proposal: MoveVerdict | null;
};
type OfRecord = Omit<Judged, "proposal">;
/** Where a request stands that the requested State sent back. */
const BACK = "returned";
/** Acts about whatever version there is; the others are about the one that was authorised. */
const OF_ANY_VERSION: readonly string[] = ["ask-changes", "authorise", "withdraw", "close"];

/** Whether all of it is true as far as this browser can tell: what it cannot tell is not. */
export const isSound = ({ moves, stands }: OfRecord): boolean =>
  stands && moves.every((one) => one === "ok" || one === "former");

/** Whether a step at hand is about the version that was authorised, where it has to be. */
export function isAboutTheSame({ moves, version, digest }: Dossier, act: string): boolean {
  const last = moves.at(-1);
  if (last === undefined || OF_ANY_VERSION.includes(act)) return true;
  return last.version === version && last.digest === digest;
}

/** `reader` is the State of whoever looks. */
export async function judged(
  found: Dossier,
  directory: Known | null,
  reader: string,
): Promise<OfRecord> {
  const isHome = reader === found.requesting_state;
  const moves: MoveVerdict[] = [];
  for (const [place, move] of found.moves.entries()) {
    const before = found.moves.slice(0, place);
    const follows = isNext(move, before, isHome) && isDoable(move, before, found);
    const first = follows ? await judge(found, move, directory) : "order";
    moves.push(directory === null ? first : await withSecond(found, move, first, directory));
  }
  const last = found.moves.at(-1)?.after ?? "idea";
  const leads = last === found.stage || (isHome && byWriting(last, found.stage));
  return { moves, stands: leads && isBetweenTheirs(found) };
}

/** What is proposed, as the step that it would be. */
export const asMove = ({ proposal }: { readonly proposal: ProposalRow }): MoveRow => ({
  ...{ ...proposal, device: null, second: null },
});

/**
 * Whether what is proposed follows from the record, its first hand is whose it says, and a second one
 * put now would count; null if nothing is proposed.
 */
export async function judgedProposal(
  found: Dossier,
  directory: Known | null,
  now: number,
): Promise<MoveVerdict | null> {
  const { proposal } = found;
  if (proposal === null) return null;
  const move = asMove({ proposal });
  const moved: Moved = { ...move, request: found.id, said: move.said as { [name: string]: Json } };
  const follows = isNext(move, found.moves, false) && isDoable(move, found.moves, found);
  if (!follows || !isAboutTheSame(found, move.act)) return "order";
  if ((await stepOf(moved)) !== proposal.step) return "signature";
  const first = await judge(found, move, directory);
  if (directory === null || (first !== "ok" && first !== "former")) return first;
  return takesHand(found, move, { issued: instantText(now) }, directory) ? first : "hand";
}

async function withSecond(
  found: Dossier,
  move: MoveRow,
  first: MoveVerdict,
  directory: Known,
): Promise<MoveVerdict> {
  if (first !== "ok" && first !== "former") return first;
  const second = await secondOf(found, move, directory);
  if (second === "key") return "hand";
  return second === "former" ? second : first;
}

/** Whether a move follows those before it, along the table. */
function isNext(move: MoveRow, before: readonly MoveRow[], isHome: boolean): boolean {
  const last = before.at(-1);
  const missing = move.number - (last?.number ?? 0) - 1;
  if (missing < 0 || arrowOf(move) === null || !isOfItsTime(move, last)) return false;
  // What the other State did to have it reviewed and written is its own: only that may be missing,
  // before it is first sent and once it was sent back.
  if (missing > 0) {
    const isTheirs = last === undefined || last.after === BACK;
    return !isHome && isTheirs && isAtHome(move.before) && isNewer(move, last);
  }
  if (!byWriting(last?.after ?? "idea", move.before) || !isNewer(move, last)) return false;
  if (move.act === "give-information") return move.after === leftBy("ask-information", before);
  return move.act !== "resume" || move.after === leftBy("postpone", before);
}

/** Whether it is of a day on which it can be, and says what its act says of what is still open. */
function isDoable(move: MoveRow, before: readonly MoveRow[], found: Dossier): boolean {
  return whyNotOn(move, before, found) === null && whyNotSaid(move, before, found) === null;
}

/** After a step of one form none follows of an earlier one: nobody goes back to one hand, or to saying less. */
function isOfItsTime({ form, second }: MoveRow, last: MoveRow | undefined): boolean {
  const isHanded = form >= SECOND_FORM || second === null;
  return form >= 1 && form <= FORM && isHanded && (last === undefined || last.form <= form);
}

/** Whether it is about the version that was authorised, and not signed before the last. */
function isNewer(move: MoveRow, last: MoveRow | undefined): boolean {
  if (last === undefined) return true;
  const isSame =
    move.version === last.version &&
    move.digest === last.digest &&
    (move.disclosed === last.disclosed || last.form < SECOND_FORM);
  return (
    Date.parse(move.issued) >= Date.parse((last.second ?? last).issued) - APART_MS &&
    (isSame || (OF_ANY_VERSION.includes(move.act) && move.version > last.version))
  );
}

function leftBy(act: string, before: readonly MoveRow[]): string | undefined {
  return before.findLast((one) => one.act === act)?.before;
}

async function judge(found: Dossier, move: MoveRow, directory: Known | null): Promise<MoveVerdict> {
  const { id, requesting_state, requested_state } = found;
  const moved: Moved = { ...move, request: id, said: move.said as { [name: string]: Json } };
  const signature = b64u.decode(move.signature);
  if (!(await movedBy(b64u.decode(move.key), moved, signature))) return "signature";
  if (!(await isOfFacts(found, move))) return "signature";
  if (!isFor(move, requesting_state, requested_state)) return "key";
  if (directory === null) return "unchecked";
  return whose(move, arrowOf(move)?.who ?? [], directory);
}

/** Whether it was signed about the facts that are shown, if it is about their version. */
async function isOfFacts(found: Dossier, { form, version, disclosed }: MoveRow): Promise<boolean> {
  if (form < SECOND_FORM || version !== found.version) return true;
  return disclosed === (await factsOf(found.disclosed));
}

/**
 * Whether it stands between the States for which its steps are signed: those of the facts that are
 * shown, where a step is about them. In form 1 none signs for facts.
 */
function isBetweenTheirs({ moves, version, disclosed, ...shown }: Dossier): boolean {
  if (!moves.some((move) => move.form >= SECOND_FORM && move.version === version)) return true;
  const { requesting_state, requested_state } = disclosed;
  return requesting_state === shown.requesting_state && requested_state === shown.requested_state;
}

/** Whether it is done for the signer's own State, or recorded for the other one with proof. */
function isFor({ side, state, said }: MoveRow, requesting: string, requested: string): boolean {
  if (side === "requesting") return state === requesting && said.proof === "";
  return said.proof === "" ? state === requested : state === requesting;
}
