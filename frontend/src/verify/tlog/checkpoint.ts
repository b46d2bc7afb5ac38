/** C2SP tlog-checkpoint: which log, how large, which root. Extension lines are refused. */

import type { Tree } from "./merkle";
import { parseNote } from "./note";
import { Malformed } from "./refusal";
import { fromDecimal, hashFromBase64 } from "./text";

export type Checkpoint = Tree & { readonly origin: string };

/** @throws {Malformed} if it is none, or has lines about which witnesses say nothing. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split("\n");
  if (!origin || size === undefined || root === undefined || end !== "" || more.length > 0) {
    throw new Malformed("a checkpoint has three lines");
  }
  return { origin, size: fromDecimal(size), root: hashFromBase64(root) };
}

/** The checkpoint in a whole note, whoever signed it. @throws {Malformed} if there is none. */
export const checkpointIn = (whole: string): Checkpoint => parseCheckpoint(parseNote(whole).text);
