/**
 * The signatures inside messages, kept on this device with what they cover: by them somebody who
 * cannot decrypt is shown who said what (docs/wire.md). They stand under the message's own entry, so
 * that whoever takes a message back takes every text of it from here as well.
 */

import type { Entry } from "../api/schema";
import { bucketed } from "../crypto/envelope";
import type { InnerSignature } from "../crypto/innerSignature";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import type { Shown, Walk } from "./walk";

/** Keep the signature of an entry that counts: of a message, or of what was done to one. */
export function keepSigned(walk: Walk, { seq }: Entry, shown: Shown): void {
  const { heard, tx, circle } = walk;
  walk.heard = undefined;
  if (heard === undefined) return;
  const own = shown.kind === "message" && shown.error === undefined;
  // What is done to a message that is not here counts once somebody gives it (history/take.ts).
  const act = shown.kind === "act" && shown.outcome !== "refused" && shown.about > 0;
  if (!own && !act) return;
  const plaintext = unpadded(heard.plaintext);
  tx.put(keys.signed(circle, act ? shown.about : seq, seq), { ...heard, plaintext });
}

/** The same of what was given here, from before this device came in: see history/take.ts. */
export function keepGiven(
  tx: Tx,
  circle: string,
  about: number,
  { entry, inner }: { entry: Pick<Entry, "seq">; inner: InnerSignature },
): void {
  const plaintext = unpadded(inner.plaintext);
  tx.put(keys.signed(circle, about, entry.seq), { ...inner, plaintext });
}

/** Without what pads it: that is known. */
function unpadded(plaintext: Uint8Array): Uint8Array {
  return plaintext.slice(0, plaintext.findLastIndex((byte) => byte !== 0) + 1);
}

/** Forget a message with all that was said of it, and what others quoted of it. */
export async function forgetSigned(
  tx: Tx,
  circle: string,
  about: number,
  quotedBy: readonly number[] = [],
): Promise<void> {
  for (const place of [about, ...quotedBy]) {
    for (const [key] of await tx.list(keys.allSigned(circle, place))) tx.remove(key);
  }
}

/** What is kept of a message, by entry: its own signature and those of acts on it. */
export async function signedOf(
  vault: Vault,
  circle: string,
  about: number,
): Promise<Map<number, InnerSignature>> {
  const prefix = keys.allSigned(circle, about);
  const kept = await vault.list(prefix);
  return new Map(
    kept.map(([key, inner]) => [
      Number(key.slice(prefix.length)),
      { ...inner, plaintext: bucketed(inner.plaintext) },
    ]),
  );
}
