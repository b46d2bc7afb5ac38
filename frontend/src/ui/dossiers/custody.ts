/** What the record of a request says about evidence: what was handed over, by which signed step. Pure. */

import { b64u, hex } from "../../bytes";
import type { Dossier, Judged, MoveVerdict, ShownLetter } from "../client";

export type Handed = {
  /** SHA-256 of the file, as the step signed it. */
  readonly hash: string;
  /** Whether it is evidence, or the document by which one State recorded what the other did. */
  readonly isProof: boolean;
  readonly move: Dossier["moves"][number];
  /** Null while this browser has not judged it. */
  readonly verdict: MoveVerdict | null;
};

/** One row a hash and step, in the order of the record. */
export function handedIn(found: Dossier, judged: Judged | null): Handed[] {
  return found.moves.flatMap((move, place) => {
    const verdict = judged?.moves[place] ?? null;
    const { evidence, proof } = move.said;
    return [
      ...evidence.map((hash) => ({ hash, isProof: false, move, verdict })),
      ...(proof === "" ? [] : [{ hash: proof, isProof: true, move, verdict }]),
    ];
  });
}

/**
 * Which rows a file is, by its hash: the same one may have been handed over twice. Of a step whose
 * signature does not hold nobody can say which file it was.
 */
export const rowsOf = (rows: readonly Handed[], hash: string): Handed[] =>
  rows.filter(
    ({ hash: one, verdict }) => one === hash && (verdict === "ok" || verdict === "former"),
  );

/** Steps that name it too, and prove nothing: their signature does not hold, or was not judged yet. */
export const unprovenIn = (rows: readonly Handed[], hash: string): Handed[] =>
  rows.filter((one) => one.hash === hash && !rowsOf(rows, hash).includes(one));

export type Sent = { readonly letter: ShownLetter; readonly sent: ShownLetter["files"][number] };

/** With which letters a file of this hash went: of those alone whose author is who they say. */
export const sentAs = (letters: readonly ShownLetter[], hash: string): Sent[] =>
  letters
    .filter(({ verdict }) => verdict === "ok" || verdict === "former")
    .flatMap((letter) =>
      letter.files
        .filter(({ file }) => hex.encode(b64u.decode(file.sha256)) === hash)
        .map((sent) => ({ letter, sent })),
    );
