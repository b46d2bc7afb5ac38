/** Encrypted files, of threads or of letters: begun, sent piece by piece, asked about, opened. */

import * as v from "valibot";
import { hex } from "../bytes";
import type { Call, ReadPiece, SendPiece } from "./http";

const count = v.pipe(v.number(), v.safeInteger());
/** How an upload stands: the pieces that the server has not, counted from 0. */
const upload = v.object({ size: count, completed: v.boolean(), missing: v.array(count) });
const opened = v.object({ size: count });

/** Of one door: where an upload is begun in a place, where a file is, and where a piece of it. */
export function pieceRoutes(
  call: Call,
  { send, read }: { readonly send: SendPiece; readonly read: ReadPiece },
  begun: (place: string) => string,
  at: (id: string) => string,
  piece: (id: string, index: number) => string,
) {
  return {
    /** Begun again, it goes on. `size`: the padded one. */
    begin: (place: string, id: string, size: number) =>
      call("POST", begun(place), upload, { id, size }),
    ask: (id: string) => call("GET", at(id), upload),
    put: (id: string, index: number, sealed: Uint8Array<ArrayBuffer>, signal: AbortSignal) =>
      send(piece(id, index), sealed, signal),
    complete: (id: string, digest: Uint8Array) =>
      call("POST", `${at(id)}/complete`, upload, { digest: hex.encode(digest) }),
    remove: (id: string) => call("DELETE", at(id), v.unknown()),
    /** An act, which is logged before the first piece can be read. */
    open: (id: string) => call("POST", `${at(id)}/open`, opened, {}),
    piece: (id: string, index: number, signal: AbortSignal) => read(piece(id, index), signal),
  };
}
