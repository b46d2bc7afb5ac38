/** What two persons sign of a State's stop: the second under the very bytes of the first. */

import type { StateAccess } from "../api/stops";
import { b64u } from "../bytes";
import {
  readStatement,
  type StatementOf,
  type StatementType,
  type WireStatement,
} from "../crypto/statements";
import type { Signer } from "./identity";
import { NotPossible } from "./problems";

type StateStop = NonNullable<StateAccess["stop"]>;

/** What a signature says whatever the reason is: all States read it, and the reason is one's own. */
export const NO_REASON = "other";
/** The first of two words to lift a stop counts this long, in milliseconds. */
const LIFT_WITHIN = 72 * 3_600_000;

/**
 * A stop with this hand under it: the body that the first signed, or one's own where nobody did.
 *
 * @throws {NotPossible} payload-changed, if what was signed is no stop of this State.
 */
export async function confirmationOf(
  stop: StateStop,
  state: string,
  signer: Signer,
): Promise<WireStatement> {
  const { statement: first } = stop;
  if (first === null) {
    return signer.signStatement("state-stop", { state, reason: NO_REASON });
  }
  await said("state-stop", first, state);
  return withHand("state-stop", first, signer);
}

/**
 * That a signed stop be lifted: said anew, or the same bytes that the other hand signed, with both.
 *
 * @throws {NotPossible} payload-changed, if what was signed is about another State or stop.
 */
export async function liftOf(
  stop: StateStop,
  state: string,
  signer: Signer,
  now: number,
): Promise<WireStatement | null> {
  const { statement, lift } = stop;
  if (statement === null) return null;
  const { serial } = (await said("state-stop", statement, state)).fields;
  if (lift !== null) {
    const first = await said("state-lift", lift, state);
    if (first.fields.stops !== serial) throw new NotPossible("payload-changed");
    const isOver = now - first.fields.issued >= LIFT_WITHIN;
    const isMine = signer.key !== null && first.signers.has(signer.key);
    if (!isOver && !isMine) return withHand("state-lift", lift, signer);
  }
  return signer.signStatement("state-lift", { state, stops: serial });
}

/** What somebody signed, if it is of this type and State: nobody adds their hand to anything else. */
async function said<Type extends StatementType>(
  type: Type,
  wire: WireStatement,
  state: string,
): Promise<StatementOf<Type>> {
  const read = await readStatement(wire);
  const isSo = read.type === type && read.fields.state === state && read.signers.size > 0;
  if (!isSo) throw new NotPossible("payload-changed");
  return read as StatementOf<Type>;
}

async function withHand(
  type: StatementType,
  { body, signatures }: WireStatement,
  signer: Signer,
): Promise<WireStatement> {
  const hand = await signer.signBody(type, b64u.decode(body));
  return { type, body, signatures: [...signatures, hand] };
}
