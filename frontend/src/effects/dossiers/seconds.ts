/** What a browser finds of the second hand under a step: whose it is, under what, and in time. */

import type { Dossier, MoveRow, SecondRow } from "../../api/dossiers";
import { b64u } from "../../bytes";
import type { Json } from "../../canonical";
import { type Moved, SECOND_FORM, type Seconded, secondedBy, stepOf } from "../../crypto/move";
import { isSameName } from "../../names";
import { APART_MS, boundThen } from "../directory/then";
import { arrowOf, HANDS, isUrgent, takesTwo } from "./table";
import { type Known, type Whose, whose } from "./whose";

const HOUR_MS = 3_600_000;
/** How long a step waits for its second hand, as the server counts it. */
const WAITS_MS = 72 * HOUR_MS;
const WAITS_URGENT_MS = 2 * HOUR_MS;
type About = Pick<Dossier, "id" | "requesting_state" | "disclosed">;
type Put = Pick<SecondRow, "issued">;

/** Whether a step was signed by one hand, before two were asked for what it says. */
export const isFromBefore = (move: MoveRow, found: About): boolean =>
  move.form < SECOND_FORM && takesTwo(move, found);

/** `none`: it has no second hand, and takes none; `key`: none that counts. */
export async function secondOf(
  found: About,
  move: MoveRow,
  directory: Known,
): Promise<Whose | "none"> {
  const { second } = move;
  if (second === null) return move.form >= SECOND_FORM && takesTwo(move, found) ? "key" : "none";
  if (!isAnother(move, second, directory) || !takesHand(found, move, second, directory)) {
    return "key";
  }
  if (!(await isUnder(found.id, move, second))) return "key";
  return whose(second, HANDS, directory);
}

/** What a second hand says of a step, as it stands in the record. */
export async function secondedAs(
  request: string,
  move: MoveRow,
  issued: string,
): Promise<Seconded> {
  const moved: Moved = { ...move, request, said: move.said as { [name: string]: Json } };
  const { number, person: first, signature } = move;
  return { request, number, step: await stepOf(moved), first, signature, issued };
}

async function isUnder(request: string, move: MoveRow, second: SecondRow): Promise<boolean> {
  const seconded = await secondedAs(request, move, second.issued);
  return secondedBy(b64u.decode(second.key), seconded, b64u.decode(second.signature));
}

/**
 * Another person of the same State: who comes back with a new account has the name they had. By
 * their names when the second signed, whatever name either of them has been given since.
 */
function isAnother(first: MoveRow, second: SecondRow, directory: Known): boolean {
  const now = Date.parse(second.issued);
  const namesOf = ({ person, name }: MoveRow | SecondRow): string[] => {
    const bound = boundThen(directory, person, now);
    return bound.length > 0 ? bound.map((one) => one.name) : [name];
  };
  const theirs = namesOf(second);
  return (
    first.state === second.state &&
    first.person !== second.person &&
    first.key !== second.key &&
    !namesOf(first).some((mine) => theirs.some((name) => isSameName(mine, name)))
  );
}

/** Whether a step could still have a second hand when that was put. */
export const takesHand = (found: About, first: MoveRow, second: Put, directory: Known): boolean =>
  isInTime(found, first, second) && isStanding(first, second, directory);

/** Whether the first hand counted still when the second was put, and was never stopped between. */
function isStanding(first: MoveRow, second: Put, directory: Known): boolean {
  const [from, until] = [Date.parse(first.issued), Date.parse(second.issued)];
  const then = whose({ ...first, issued: second.issued }, arrowOf(first)?.who ?? [], directory);
  const stops = directory.stops(first.person);
  return then !== "key" && stops.every((at) => at < from || at > until);
}

function isInTime({ disclosed }: About, { issued }: MoveRow, second: Put): boolean {
  const after = Date.parse(second.issued) - Date.parse(issued);
  const most = isUrgent(disclosed.urgency) ? WAITS_URGENT_MS : WAITS_MS;
  return after >= -APART_MS && after <= most + APART_MS;
}
