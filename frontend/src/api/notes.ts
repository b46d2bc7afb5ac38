/** First-line information on the wire: notes to one State, and what it said of them. */

import * as v from "valibot";
import type { Call } from "./http";
import { hold } from "./retention";
import { uuid } from "./schema";

const text = v.string();
const when = v.nullable(text);

export const note = v.object({
  id: uuid,
  circle: uuid,
  /** Of the reader's own State: the case it came from, or the one that came of it. */
  case: v.nullable(uuid),
  sender: uuid,
  sender_state: text,
  state: text,
  /** Who reads it, its sender among them. */
  people: v.array(uuid),
  step: v.picklist(["sent", "acknowledged", "declined", "joined", "used", "led"]),
  sent_at: text,
  acknowledged_at: when,
  declined_at: when,
  reason: text,
  joined_at: when,
  used_at: when,
  led_at: when,
  /** It is kept as the case that it came from. */
  closed_at: when,
  delete_at: when,
  retention: text,
  /** The reader's State holds it. */
  hold: v.nullable(hold),
});
export type NoteRow = v.InferOutput<typeof note>;
export const notes = v.array(note);
export const NOTE_REASONS = ["not-competent", "already-handled", "nothing-found", "other"] as const;
export type NoteReason = (typeof NOTE_REASONS)[number];

export function noteRoutes(call: Call) {
  return {
    notes: () => call("GET", "/notes", notes),
    sendNote: (caseId: string, client_id: string, state: string, people: readonly string[]) =>
      call("POST", `/cases/${caseId}/notes`, note, { client_id, state, people }),
    acknowledgeNote: (id: string) => call("POST", `/notes/${id}/acknowledge`, note, {}),
    declineNote: (id: string, reason: NoteReason) =>
      call("POST", `/notes/${id}/decline`, note, { reason }),
    joinByNote: (id: string, caseId: string) =>
      call("POST", `/notes/${id}/join`, note, { case: caseId }),
    useNote: (id: string) => call("POST", `/notes/${id}/use`, note, {}),
    leadByNote: (id: string) => call("POST", `/notes/${id}/lead`, note, {}),
  };
}
