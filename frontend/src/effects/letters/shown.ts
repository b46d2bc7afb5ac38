/** A letter as it is shown: whose it is, what it is about, and whether its moment can be. */

import type { Dossier } from "../../api/dossiers";
import type { LetterRow } from "../../api/letters";
import type { Audience } from "../../audience";
import { audienceOf, type Letter, type SignedLetter } from "../../crypto/letter";
import type { Directory } from "../../verify/chain";
import { APART_MS } from "../directory/then";
import { CENTRAL, type Whose, whose } from "../dossiers/whose";
import { filesOf, type LetterFile } from "./files";
import { DRAFTS, statesOf } from "./recipients";

/**
 * `sealed`: no key of it is for this browser yet; `malformed`: nothing that anybody here writes;
 * `dated`: signed for a moment before the step that it goes with, or that is still to come.
 */
export type LetterVerdict = Whose | "signature" | "unchecked" | "sealed" | "malformed" | "dated";

export type ShownLetter = Pick<LetterRow, "id" | "person" | "name" | "state" | "at"> & {
  /** As it was signed; null if it does not open. */
  readonly letter: Letter | null;
  /** The move that it goes with, 0 if with none. */
  readonly step: number;
  readonly verdict: LetterVerdict;
  /** Whether it was signed by a device, as whoever drafts does. */
  readonly byDevice: boolean;
  /** What it took along, as it was signed. */
  readonly files: readonly LetterFile[];
};

/** What opened; `signed` is null where it is nothing that anybody here writes. */
export type Found = { readonly signed: SignedLetter | null; readonly isSigned: boolean };

export function shownAs(
  row: LetterRow,
  opened: Found | null,
  found: Dossier,
  audience: Audience,
  directory: Directory | null,
  now: number,
): ShownLetter {
  const { id, person, name, state, at, step } = row;
  const base = { ...{ id, person, name, state, at, step }, byDevice: false, files: [] };
  if (opened === null) return { ...base, letter: null, verdict: "sealed" };
  const { signed } = opened;
  if (signed === null) return { ...base, letter: null, verdict: "malformed" };
  const { letter, device, key } = signed;
  const signedAs = { letter, step: letter.step, byDevice: device !== null };
  const whole = { ...base, ...signedAs, files: filesOf(letter, row) };
  if (!opened.isSigned) return { ...whole, verdict: "signature" };
  if (letter.person !== person || letter.state !== state) return { ...whole, verdict: "key" };
  // Signed for the other audience it is not theirs to read here, whoever put it there.
  const isMeant = audienceOf(letter) === audience && (audience === "both" || letter.step === 0);
  if (!isMeant || !isOf(letter, found, { id, step })) return { ...whole, verdict: "malformed" };
  if (directory === null) return { ...whole, verdict: "unchecked" };
  const isHome = state === found.requesting_state;
  if (!statesOf(found, audience).includes(state)) return { ...whole, verdict: "key" };
  // Whoever drafts does so for the requesting State, and signs as a device.
  const who = device === null ? [CENTRAL] : isHome ? DRAFTS : [];
  const author = { issued: letter.issued, person, state, name, device, key };
  const verdict = whose(author, who, directory);
  const isDated = verdict !== "key" && isDatedWrongly(letter, found, now);
  return { ...whole, verdict: isDated ? "dated" : verdict };
}

/** Whether it was written about this request, between these States, under this id and step. */
function isOf(letter: Letter, found: Dossier, row: Pick<LetterRow, "id" | "step">): boolean {
  return (
    letter.request === found.id &&
    letter.requesting_state === found.requesting_state &&
    letter.requested_state === found.requested_state &&
    letter.id === row.id &&
    letter.step === row.step
  );
}

/** Its moment is its author's word: it cannot be from before what it is about, nor from later than now. */
function isDatedWrongly({ issued, step }: Letter, found: Dossier, now: number): boolean {
  const at = Date.parse(issued);
  const move = found.moves.find(({ number }) => number === step);
  const since = step === 0 || move === undefined ? null : Date.parse(move.issued);
  return at > now + APART_MS || (since !== null && at < since - APART_MS);
}
