/** What a browser finds of a request's record by itself: each signature, and whether one follows another. */

import type { Dossier, MoveRow } from "../../api/dossiers";
import { b64u } from "../../bytes";
import type { Json } from "../../canonical";
import { type Moved, movedBy } from "../../crypto/move";
import type { Directory } from "../../verify/chain";
import { whyNotOn } from "./days";
import { arrowOf, byWriting, isAtHome } from "./table";

/**
 * `former`: whoever signed was in office then, and that key or their access has ended since;
 * `key`: it is not theirs, or they were nobody who does this; `order`: it does not follow.
 */
export type MoveVerdict = "ok" | "former" | "signature" | "key" | "order" | "unchecked";
export type Judged = {
  /** As the record has them: a host can give two moves one number. */
  readonly moves: readonly MoveVerdict[];
  /** Whether the last move leads to where the server says that the request stands. */
  readonly stands: boolean;
};
/** Who signed, as what they gave themselves out, and by which key. */
type Signed = Pick<MoveRow, "issued" | "person" | "state" | "name" | "device" | "key">;
export type Known = Pick<
  Directory,
  "standing" | "device" | "deviceNamed" | "isKeyOf" | "isEnded" | "named" | "stops"
>;
export type Whose = "ok" | "former" | "key";

export const CENTRAL = "central-authority";
/** Where a request stands that the requested State sent back. */
const BACK = "returned";
/** By how much clocks may differ of whom the server takes a step: five minutes each way, and some waiting. */
export const APART_MS = 15 * 60_000;
/** Acts about whatever version there is; the others are about the one that was authorised. */
const OF_ANY_VERSION: readonly string[] = ["ask-changes", "authorise", "withdraw", "close"];

/** Whether all of it is true as far as this browser can tell: what it cannot tell is not. */
export const isSound = ({ moves, stands }: Judged): boolean =>
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
): Promise<Judged> {
  const isHome = reader === found.requesting_state;
  const moves: MoveVerdict[] = [];
  for (const [place, move] of found.moves.entries()) {
    const before = found.moves.slice(0, place);
    const follows = isNext(move, before, isHome) && whyNotOn(move, before, found) === null;
    moves.push(follows ? await judge(found, move, directory) : "order");
  }
  const last = found.moves.at(-1)?.after ?? "idea";
  const stands = last === found.stage || (isHome && byWriting(last, found.stage));
  return { moves, stands };
}

/** Whether a move follows those before it, along the table. */
function isNext(move: MoveRow, before: readonly MoveRow[], isHome: boolean): boolean {
  const last = before.at(-1);
  const missing = move.number - (last?.number ?? 0) - 1;
  if (missing < 0 || arrowOf(move) === null) return false;
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

/** Whether it is about the version that was authorised, and not signed before the last. */
function isNewer(move: MoveRow, last: MoveRow | undefined): boolean {
  if (last === undefined) return true;
  const isSame = move.version === last.version && move.digest === last.digest;
  return (
    Date.parse(move.issued) >= Date.parse(last.issued) - APART_MS &&
    (isSame || (OF_ANY_VERSION.includes(move.act) && move.version > last.version))
  );
}

function leftBy(act: string, before: readonly MoveRow[]): string | undefined {
  return before.findLast((one) => one.act === act)?.before;
}

async function judge(
  { id, requesting_state, requested_state }: Dossier,
  move: MoveRow,
  directory: Known | null,
): Promise<MoveVerdict> {
  const moved: Moved = { ...move, request: id, said: move.said as { [name: string]: Json } };
  const signature = b64u.decode(move.signature);
  if (!(await movedBy(b64u.decode(move.key), moved, signature))) return "signature";
  if (!isFor(move, requesting_state, requested_state)) return "key";
  if (directory === null) return "unchecked";
  return whose(move, arrowOf(move)?.who ?? [], directory);
}

/** Whether it is done for the signer's own State, or recorded for the other one with proof. */
function isFor({ side, state, said }: MoveRow, requesting: string, requested: string): boolean {
  if (side === "requesting") return state === requesting && said.proof === "";
  return said.proof === "" ? state === requested : state === requesting;
}

/**
 * Whether somebody of that name, in one of these roles, had that key when they signed. Whoever acts
 * as a central authority has no device.
 */
export function whose(signed: Signed, who: readonly string[], directory: Known): Whose {
  const now = Date.parse(signed.issued);
  const standing = directory.standing(signed.person, { now });
  if (!standing.ok || standing.bound.state !== signed.state) return "key";
  if (directory.named(signed.person)?.name !== signed.name) return "key";
  if (!who.some((role) => standing.bound.roles.has(role))) return "key";
  const since = directory.stops(signed.person).every((at) => at >= now);
  const term = standing.late;
  if (term === "designation-expired" || term === "designation-not-yet") return "key";
  if (term !== undefined && !since) return "key";
  const key = who.includes(CENTRAL)
    ? keyOfPerson(signed, standing.bound.key, directory)
    : keyOfDevice(signed, directory, now, since);
  return key === "ok" && term !== undefined ? "former" : key;
}

function keyOfPerson({ device, key, person }: Signed, bound: string, directory: Known): Whose {
  if (device !== null) return "key";
  if (key === bound) return "ok";
  return directory.isKeyOf(key, person) ? "former" : "key";
}

function keyOfDevice(
  { device, key, person }: Signed,
  directory: Known,
  now: number,
  since: boolean,
): Whose {
  const named = device === null ? null : directory.deviceNamed(device);
  if (named === null || named.person !== person || named.signature_key !== key) return "key";
  const identity = {
    ...named,
    signatureKey: b64u.decode(named.signature_key),
    historyKey: b64u.decode(named.history_key),
  };
  const verdict = directory.device(identity, { now });
  if (verdict.ok) return "ok";
  const ended = verdict.why === "device-revoked" || verdict.why === "person-revoked";
  return ended && since ? "former" : "key";
}
