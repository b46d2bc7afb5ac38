/** Attachments: begun, sent piece by piece, asked about, opened. */

import * as v from "valibot";
import { hex } from "../bytes";
import type { Call, ReadPiece, SendPiece } from "./http";

const upload = v.object({
  size: v.pipe(v.number(), v.safeInteger()),
  completed: v.boolean(),
  missing: v.array(v.pipe(v.number(), v.safeInteger())),
});
const opened = v.object({ size: v.pipe(v.number(), v.safeInteger()) });

/** How an upload stands: the pieces that the server has not, counted from 0. */
export type UploadState = v.InferOutput<typeof upload>;

export function attachmentRoutes(call: Call, send: SendPiece, read: ReadPiece) {
  const piece = (id: string, index: number) => `/attachments/${id}/chunks/${index}`;
  return {
    /** Begun again, it goes on. `size`: the padded one. */
    begin: (thread: string, id: string, size: number) =>
      call("POST", `/threads/${thread}/attachments`, upload, { id, size }),
    ask: (id: string) => call("GET", `/attachments/${id}`, upload),
    put: (id: string, index: number, sealed: Uint8Array<ArrayBuffer>, signal: AbortSignal) =>
      send(piece(id, index), sealed, signal),
    complete: (id: string, digest: Uint8Array) =>
      call("POST", `/attachments/${id}/complete`, upload, { digest: hex.encode(digest) }),
    remove: (id: string) => call("DELETE", `/attachments/${id}`, v.unknown()),
    /** An act, which is logged before the first piece can be read. */
    open: (id: string) => call("POST", `/attachments/${id}/open`, opened, {}),
    piece: (id: string, index: number, signal: AbortSignal) => read(piece(id, index), signal),
  };
}
