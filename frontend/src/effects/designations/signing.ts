/** What is signed on the way of a designation: bytes made here, shown, and then signed as shown. */

import type { Designation, Reinstatement, WaitingHand } from "../../api/designations";
import { b64u } from "../../bytes";
import { canonical } from "../../canonical";
import { fingerprint } from "../../crypto/fingerprint";
import {
  instantText,
  readStatement,
  type StatementType,
  type WireStatement,
} from "../../crypto/statements";
import type { Signer } from "../identity";
import { NotPossible } from "../problems";
import { type Fields, type Said, saidIn } from "./payload";

/** Exactly what a signature will be under, and what it says. */
export type Prepared = { readonly body: string; readonly digest: string; readonly said: Said };

type Common = { readonly serial: string; readonly now: number; readonly state: string };

function bodyOf(fields: Fields, { serial, now, state }: Common): Uint8Array {
  return canonical({ v: 1, ...fields, serial, issued: instantText(now), state });
}

/** The bytes of a nomination, from what the draft says. */
export async function prepareNomination(found: Designation, common: Common): Promise<Prepared> {
  const body = b64u.encode(bodyOf(found.fields as Fields, common));
  const { fields, digest } = await saidIn(body);
  return { body, digest, said: fields };
}

export async function signBody(
  signer: Signer,
  type: StatementType,
  body: string,
): Promise<WireStatement> {
  const hand = await signer.signBody(type, b64u.decode(body));
  return { type, body, signatures: [hand] };
}

/**
 * That the offered key is the person's: said anew, or the same bytes that a first hand signed.
 *
 * @throws {NotPossible} binding-differs, if these are about another key or person.
 */
export async function bindingBody(found: Designation, common: Common): Promise<string> {
  const { person, key, serial, binding: first } = found;
  if (key === null || serial === null) throw new NotPossible("key-missing");
  if (first !== null) {
    const says = { person, key, designation: serial, state: common.state };
    await requireFirst("binding", first, says);
    return first.body;
  }
  const words = [...(await fingerprint(b64u.decode(key)))];
  return b64u.encode(bodyOf({ person, key, words, designation: serial }, common));
}

/** The same of a reinstatement, which revokes exactly the stop that it names. */
export async function reinstatementBody(found: Reinstatement, common: Common): Promise<string> {
  const { person, revokes, first } = found;
  if (first === null) return b64u.encode(bodyOf({ person, revokes }, common));
  await requireFirst("reinstatement", first, { person, revokes, state: common.state });
  return first.body;
}

/** Nobody completes with their hand what says something else than their page. */
async function requireFirst(
  type: StatementType,
  { body, key, signature }: WaitingHand,
  says: Readonly<Record<string, string>>,
): Promise<void> {
  const { fields, signers } = await readStatement({ type, body, signatures: [{ key, signature }] });
  const said: Readonly<Record<string, unknown>> = { ...fields };
  const same = Object.entries(says).every(([name, value]) => said[name] === value);
  if (!same || !signers.has(key)) throw new NotPossible("payload-changed");
}
