/**
 * The signatures inside messages, kept on this device with what they cover: by them somebody who
 * cannot decrypt is shown who said what (docs/wire.md). They stand under the message's own entry, so
 * that whoever takes a message back takes every text of it from here as well.
 */

import type { Entry } from "../api/schema";
import { uuid } from "../bytes";
import { bucketed } from "../crypto/envelope";
import type { InnerSignature } from "../crypto/innerSignature";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import { isNoEdit } from "../verify/court/changes";
import { actBeside } from "./beside";
import type { Shown, Walk } from "./walk";

/**
 * An edit by its message's author that is none once it is opened is kept by its key and without what
 * it says: by that anybody can be shown that nothing of the message is held back.
 */
const NOTHING = new Uint8Array();
export const isNone = ({ plaintext }: InnerSignature): boolean => plaintext.length === 0;

/** Keep the signature of an entry that counts: of a message, or of what was done to one. */
export async function keepSigned(walk: Walk, entry: Entry, shown: Shown): Promise<void> {
  const { heard, tx, circle } = walk;
  const { seq } = entry;
  walk.heard = undefined;
  if (heard === undefined) return;
  const own = shown.kind === "message" && shown.error === undefined;
  // What is done to a message that is not here counts once somebody gives it (history/take.ts).
  const act = shown.kind === "act" && shown.outcome !== "refused" && shown.about > 0;
  if (!own && !act) return keepNone(walk, entry, shown, heard);
  const plaintext = unpadded(heard.plaintext);
  tx.put(keys.signed(circle, act ? shown.about : seq, seq), { ...heard, plaintext });
}

async function keepNone(
  { tx, circle }: Walk,
  { seq, id, epoch }: Pick<Entry, "seq" | "id" | "epoch">,
  shown: Shown,
  heard: InnerSignature,
): Promise<void> {
  const beside = actBeside(heard.aad);
  if (beside?.kind !== "edit" || (shown.kind !== "act" && shown.kind !== "message")) return;
  const { about } = beside;
  const line = await tx.get(keys.line(circle, about));
  const target = line?.kind === "message" && line.error === undefined ? line : null;
  if (target?.withdrawn || (target !== null && target.person !== shown.person)) return;
  const lies = { ...heard, groupId: uuid.toBytes(circle) };
  if (!isNoEdit(lies, { circle, seq, epoch, id, about }, target?.id ?? null)) return;
  tx.put(keys.signed(circle, about, seq), { ...heard, plaintext: NOTHING });
}

/** What was kept of an edit of a message that was not here, and turns out to be none. */
export async function keepAsNone(tx: Tx, circle: string, about: number, seq: number) {
  const key = keys.signed(circle, about, seq);
  const kept = await tx.get(key);
  if (kept !== undefined) tx.put(key, { ...kept, plaintext: NOTHING });
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

/** An edit that was given with its message, and is none. */
export function keepGivenNone(
  tx: Tx,
  circle: string,
  about: number,
  { entry, inner }: { entry: Pick<Entry, "seq">; inner: InnerSignature },
): void {
  tx.put(keys.signed(circle, about, entry.seq), { ...inner, plaintext: NOTHING });
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
      isNone(inner) ? inner : { ...inner, plaintext: bucketed(inner.plaintext) },
    ]),
  );
}
