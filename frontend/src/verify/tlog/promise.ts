/**
 * Promises: the log's word, given with the answer to an act, that the act will stand in the log.
 *
 * An event that is taken out together with its place in the queue, before it was integrated, leaves
 * no trace in the log. Whoever did the act has this signed note then. Python: audit/promises.py.
 */

import { parseNote, signaturesOf } from "./note";
import { type Policy, PROMISES } from "./policy";
import { Malformed, Unproven } from "./refusal";
import { fromBase64, fromDecimal, hashFromBase64 } from "./text";

const HEADER = "casehub-audit-promise/1";
const ORIGIN = /^[^\s+]+$/u;

export type Promised = {
  /** Under which a receipt is asked for; not signed. */
  readonly event: number;
  /** The log of acts in which it will stand. */
  readonly origin: string;
  /** POSIX seconds of the act. */
  readonly time: number;
  /** Base64 of the entry's leaf hash. */
  readonly hash: string;
  /** Base64 of key id and signature. */
  readonly signature: string;
};

/** The logs of a policy; its other keys sign promises. */
export function originsOf(policy: Policy): string[] {
  return [...new Set(policy.logs.map(({ name }) => name))].filter((one) => !one.endsWith(PROMISES));
}

/** @throws {Malformed} if it is none. */
export function parsePromise(line: string): Promised {
  const [event = "", origin = "", time = "", hash = "", signature = "", ...more] = line.split(" ");
  if (!ORIGIN.test(origin) || more.length > 0) throw new Malformed("not a promise");
  hashFromBase64(hash);
  fromBase64(signature);
  return { event: fromDecimal(event), origin, time: fromDecimal(time), hash, signature };
}

/** The promises in one header. @throws {Malformed} if one of them is none. */
export function parsePromises(header: string): Promised[] {
  return header === "" ? [] : header.split(", ").map(parsePromise);
}

/** As a C2SP signed note: what is handed to whoever is to check it. */
export function noteOf({ origin, time, hash, signature }: Promised): string {
  return `${HEADER}\n${origin}\n${hash}\n${time}\n\n— ${origin}${PROMISES} ${signature}\n`;
}

/**
 * That the log whose policy this is has promised it.
 *
 * @throws {Malformed} if the signature is none.
 * @throws {Unproven} if no key of the policy for this log's promises has signed.
 */
export async function verifyPromise(promised: Promised, policy: Policy): Promise<void> {
  const keys = policy.logs.filter(({ name }) => name === promised.origin + PROMISES);
  const signed = await signaturesOf(parseNote(noteOf(promised)), keys);
  if (signed.length === 0) throw new Unproven("nobody of the policy has promised it");
}
