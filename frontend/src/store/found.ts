/**
 * The index of what was said, in pieces: one for each {@link SPAN} entries of a thread.
 *
 * A piece is made of the lines beside it and of nothing else. It is whole if it was written in a
 * later batch than each of these lines; so no crash, other tab or older program can leave one that
 * is believed although a message in it has changed.
 */

import { padded } from "./records";
import type { Key, Tx } from "./vault";

/** Entries that one piece is about. A new message writes its own piece anew, and no other. */
export const SPAN = 256;
/** Of the index inside; a piece of another one is made again. */
export const FORMAT = 2;

/** `index` is a MiniSearch as plain data; of the messages in it `count` and the date of the first. */
export type PieceRecord = { format: number; index: unknown; count: number; since: string };

export const pieces = {
  all: "search/" as Key<PieceRecord>,
  of: (circle: string) => `search/${circle}/` as Key<PieceRecord>,
  at: (circle: string, part: number) => `search/${circle}/${padded(part)}` as Key<PieceRecord>,
};

/** The piece that an entry belongs to. */
export const partOf = (seq: number): number => Math.floor(seq / SPAN);

/** The words of an entry leave the disk with it; its piece is made again of what is left. */
export function unindex(tx: Tx, circle: string, seq: number): void {
  tx.remove(pieces.at(circle, partOf(seq)));
}

/** Nothing of a thread can be found any more. */
export async function unindexAll(tx: Tx, circle: string): Promise<void> {
  for (const key of await tx.vault.keys(pieces.of(circle))) tx.remove(key);
}
