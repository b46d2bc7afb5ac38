/** Letterheads, and documents made of requests, on the wire. */

import * as v from "valibot";
import { b64u } from "../bytes";
import type { Call } from "./http";
import { bytes, uuid } from "./schema";

const text = v.string();

export const letterhead = v.object({
  id: uuid,
  office: uuid,
  number: v.number(),
  person: uuid,
  device: uuid,
  at: text,
  body: bytes,
  signature: bytes,
});
export type LetterheadRow = v.InferOutput<typeof letterhead>;
export const letterheads = v.object({
  /** The caller's office. */
  own: v.nullable(uuid),
  letterheads: v.array(letterhead),
});
export type LetterheadRows = v.InferOutput<typeof letterheads>;

export const making = v.object({
  id: uuid,
  version: v.number(),
  person: uuid,
  device: uuid,
  at: text,
  letterhead: v.nullable(uuid),
  letterhead_digest: text,
  template: text,
  files: v.array(
    v.object({
      kind: v.picklist(["docx", "pdf"]),
      language: v.picklist(["es", "en", "fr"]),
      commitment: bytes,
    }),
  ),
  recipients: v.array(uuid),
  signature: bytes,
});
export type MakingRow = v.InferOutput<typeof making>;
export const makings = v.array(making);

export type LetterheadBody = {
  client_id: string;
  number: number;
  body: Uint8Array;
  signature: Uint8Array;
};

export type MakingBody = {
  client_id: string;
  version: number;
  letterhead: string | null;
  template: string;
  files: readonly {
    kind: "docx" | "pdf";
    language: "es" | "en" | "fr";
    commitment: Uint8Array;
  }[];
  recipients: readonly string[];
  signature: Uint8Array;
};

export function paperRoutes(call: Call) {
  return {
    letterheads: () => call("GET", "/letterheads", letterheads),
    changeLetterhead: (given: LetterheadBody) =>
      call("POST", "/letterheads", letterheads, {
        ...given,
        body: b64u.encode(given.body),
        signature: b64u.encode(given.signature),
      }),
    documents: (request: string) => call("GET", `/requests/${request}/documents`, makings),
    makeDocuments: (request: string, given: MakingBody) =>
      call("POST", `/requests/${request}/documents`, makings, {
        ...given,
        files: given.files.map((file) => ({ ...file, commitment: b64u.encode(file.commitment) })),
        signature: b64u.encode(given.signature),
      }),
  };
}
