/** Exports for a court on the wire: wishes, consents, digests; never what is in them. */

import * as v from "valibot";
import type { Call } from "./http";
import { bytes, count, uuid } from "./schema";

const text = v.string();
const when = v.nullable(text);

export const exportRow = v.object({
  id: uuid,
  /** The wish's own id, for whoever asked. */
  client_id: v.nullable(uuid),
  /** Null for whoever does not read the thread. */
  circle: v.nullable(uuid),
  person: uuid,
  state: text,
  first: count,
  last: count,
  messages: count,
  /** It takes the consent of the coordination. */
  foreign: v.boolean(),
  /** SHA-256 of the wish, in hex. */
  wish: text,
  step: v.picklist(["consent", "ready", "made", "refused", "lapsed", "void"]),
  asked_at: text,
  lapses_at: text,
  consent: v.nullable(v.object({ person: uuid, device: uuid, at: text, signature: bytes })),
  refused_at: when,
  reason: text,
  made_at: when,
  bundle: text,
  pdf: text,
  /** The wish, sealed, and its key sealed to this device. */
  box: v.nullable(bytes),
  key: v.nullable(bytes),
});
export type ExportRow = v.InferOutput<typeof exportRow>;
export const EXPORT_REASONS = ["not-needed", "too-much", "talk-first", "other"] as const;
export type ExportReason = (typeof EXPORT_REASONS)[number];

const opening = {
  event: count,
  salt: v.nullable(text),
  payload: v.nullable(text),
  leaf: text,
  log: text,
  proof: v.nullable(text),
};
const one = v.nullable(v.object(opening));
const proofs = v.object({
  asked: one,
  agreed: one,
  made: one,
  entries: v.array(v.object({ ...opening, seq: count })),
});
export type Proofs = v.InferOutput<typeof proofs>;

export type WishBody = {
  client_id: string;
  first: number;
  last: number;
  wish: string;
  /** When it was signed, as it stands in it. */
  at: string;
  foreign: boolean;
  box: string;
  keys: readonly { device: string; key: string }[];
};

export function exportRoutes(call: Call) {
  return {
    exports: () => call("GET", "/exports", v.array(exportRow)),
    askExport: (thread: string, body: WishBody) =>
      call("POST", `/threads/${thread}/exports`, exportRow, body),
    agreeToExport: (id: string, body: { wish: string; at: string; signature: string }) =>
      call("POST", `/exports/${id}/agree`, exportRow, body),
    refuseExport: (id: string, wish: string, reason: ExportReason) =>
      call("POST", `/exports/${id}/refuse`, exportRow, { wish, reason }),
    exportProofs: (id: string, after: number) =>
      call("GET", `/exports/${id}/proofs?after=${after}`, proofs),
    exportMade: (id: string, bundle: string, pdf: string) =>
      call("POST", `/exports/${id}/made`, exportRow, { bundle, pdf }),
  };
}
