/** Encrypted files that go with letters: begun, sent piece by piece, opened. */

import * as v from "valibot";
import { hex } from "../bytes";
import type { Call, ReadPiece, SendPiece } from "./http";

const count = v.pipe(v.number(), v.safeInteger());
const upload = v.object({ size: count, completed: v.boolean(), missing: v.array(count) });
const opened = v.object({ size: count });

export function enclosureRoutes(call: Call, send: SendPiece, read: ReadPiece) {
  const piece = (id: string, index: number) => `/enclosures/${id}/pieces/${index}`;
  return {
    /** Begun again, it goes on. `size`: the padded one. */
    begin: (request: string, id: string, size: number) =>
      call("POST", `/dossiers/${request}/enclosures`, upload, { id, size }),
    ask: (id: string) => call("GET", `/enclosures/${id}`, upload),
    put: (id: string, index: number, sealed: Uint8Array<ArrayBuffer>, signal: AbortSignal) =>
      send(piece(id, index), sealed, signal),
    complete: (id: string, digest: Uint8Array) =>
      call("POST", `/enclosures/${id}/complete`, upload, { digest: hex.encode(digest) }),
    remove: (id: string) => call("DELETE", `/enclosures/${id}`, v.unknown()),
    /** An act, which is logged before the first piece can be read. */
    open: (id: string) => call("POST", `/enclosures/${id}/open`, opened, {}),
    piece: (id: string, index: number, signal: AbortSignal) => read(piece(id, index), signal),
  };
}
