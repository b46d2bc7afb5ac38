/**
 * Which changes of a message count: pure, asked by whoever reads a thread's log by what stands in
 * clear there. A host can take one of somebody else's, and a message's author can post one that is
 * none once it is opened; no reader takes either, and neither is it counted here.
 */

import { equal, uuid } from "../../bytes";
import { canonical } from "../../canonical";
import { EnvelopeMalformed, type Opened, openEnvelope } from "../../crypto/envelope";
import type { Unsealed } from "../../crypto/sealedMessage";

export type Change = {
  readonly seq: number;
  readonly kind: "edit" | "withdraw";
  readonly about: number;
  /** Whose device posted it. */
  readonly device: string;
};

type Log = {
  /** Which device posted an entry; undefined of one that is not at hand. */
  readonly deviceOf: (seq: number) => string | undefined;
  /** Whose a device is, by what they signed; null where nobody can tell. */
  readonly ownerOf: (device: string) => string | null;
};

/**
 * Those that may be of the message's author. Where nobody can tell whose it is, or whose the message
 * is, a change counts: words that may have been taken back are not to be carried on.
 */
export function ofAuthors(changes: readonly Change[], { deviceOf, ownerOf }: Log): Change[] {
  return changes.filter(({ about, device }) => {
    const theirs = deviceOf(about);
    if (theirs === undefined || theirs === device) return true;
    const [by, of] = [ownerOf(device), ownerOf(theirs)];
    return by === null || of === null || by === of;
  });
}

/** The entries that were taken back. */
export function withdrawnIn(changes: readonly Change[]): Set<number> {
  return new Set(changes.flatMap(({ kind, about }) => (kind === "withdraw" ? [about] : [])));
}

/** Where an edit lies, and the entry that it says in clear to edit. */
export type EditPlace = {
  readonly circle: string;
  readonly seq: number;
  readonly epoch: number;
  readonly id: string;
  readonly about: number;
};

/**
 * Whether what somebody signed beside an edit in clear is no edit of that message for any reader: it
 * cannot be read, was written for another place, or names something else. Whoever holds the key of
 * it can show that; of what nobody can open it cannot be told.
 *
 * @param target the id of the message; null where it is not known, and then is not asked for
 */
export function isNoEdit(
  { groupId, epoch, aad, plaintext }: Omit<Unsealed, "signature">,
  place: EditPlace,
  target: string | null,
): boolean {
  const { circle, seq, id, about } = place;
  const clear = canonical({ about, act: "edit", client_msg_id: id, v: 2 });
  const lies = equal(groupId, uuid.toBytes(circle)) && epoch === place.epoch;
  if (!lies || !equal(aad, clear)) return false;
  let opened: Opened;
  try {
    opened = openEnvelope(plaintext);
  } catch (error) {
    if (!(error instanceof EnvelopeMalformed)) throw error;
    return true;
  }
  const { thread, prev, content } = opened;
  if (thread !== circle || opened.id !== id || prev.seq >= seq) return true;
  // Of a later version of the program: for that one to judge.
  if (content.kind === "unknown") return false;
  if (content.kind !== "edit" || content.about !== about) return true;
  return target !== null && content.id !== target;
}
