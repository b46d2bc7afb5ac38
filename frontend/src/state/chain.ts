/**
 * The running hash over a thread's log, recomputed here for every entry: the server cannot drop,
 * reorder or change an entry without two members' chains parting.
 */

import { concat, sha256, u64, utf8, uuid } from "../bytes";

const THREAD = utf8.encode("casehub/thread/1\0");
const ENTRY = utf8.encode("casehub/entry/1\0");
const KINDS = { commit: 1, message: 2 } as const;

export type ChainedEntry = {
  seq: number;
  kind: "commit" | "message";
  epoch: number;
  device: string;
  id: string;
  body: Uint8Array;
};

/** The value before the first entry. */
export async function firstChain(thread: string): Promise<Uint8Array> {
  return sha256(THREAD, uuid.toBytes(thread));
}

/**
 * SHA-256("casehub/entry/1\0" || previous || u64 seq || u8 kind || u64 epoch || device 16 ||
 * client id 16 || SHA-256(body)).
 */
export async function nextChain(previous: Uint8Array, entry: ChainedEntry): Promise<Uint8Array> {
  return sha256(
    concat(
      ENTRY,
      previous,
      u64(entry.seq),
      Uint8Array.of(KINDS[entry.kind]),
      u64(entry.epoch),
      uuid.toBytes(entry.device),
      uuid.toBytes(entry.id),
      await sha256(entry.body),
    ),
  );
}
