/** Informal consultations on the wire: what is told of one, and what is done about it. */

import * as v from "valibot";
import { consulted } from "./consulted";
import type { Call } from "./http";
import { hold } from "./retention";
import { request, uuid } from "./schema";

const text = v.string();

export const consultation = v.object({
  ...consulted.entries,
  /** Of the State that asks. */
  request: v.nullable(uuid),
  case: v.nullable(uuid),
  asker_state: text,
  /** Who reads it, its asker among them. */
  people: v.array(uuid),
  /** It is kept as the case of the request. */
  closed_at: v.nullable(text),
  delete_at: v.nullable(text),
  retention: text,
  /** The reader's State holds it. */
  hold: v.nullable(hold),
});
export type ConsultationRow = v.InferOutput<typeof consultation>;
export const consultations = v.array(consultation);

export type AskBody = {
  client_id: string;
  version: number;
  /** SHA-256 of the version's ciphertext, hex. */
  digest: string;
  people: readonly string[];
  /** Codes: crypto/opinion.ts. */
  questions: readonly string[];
};

export function consultationRoutes(call: Call) {
  return {
    consultations: () => call("GET", "/consultations", consultations),
    askConsultation: (id: string, body: AskBody) =>
      call("POST", `/requests/${id}/consultations`, consultation, body),
    endConsultation: (id: string, which: string) =>
      call("POST", `/requests/${id}/consultations/end`, request, { consultation: which }),
    answerConsultation: (id: string, answer: string, outcome: string) =>
      call("POST", `/consultations/${id}/answer`, consultation, { answer, outcome }),
  };
}
