/** How long cases are kept, on the wire: classes, closing, legal holds, and what was deleted. */

import * as v from "valibot";
import type { Call } from "./http";
import { uuid } from "./schema";

const text = v.string();
const when = v.nullable(text);

export const GROUNDS = [
  "court-order",
  "investigation",
  "proceedings",
  "request",
  "complaint",
  "other",
] as const;
export type HoldGround = (typeof GROUNDS)[number];

export const hold = v.object({
  id: uuid,
  /** Of a hold on one note alone: its circle. */
  circle: v.nullable(uuid),
  state: text,
  ground: v.picklist(GROUNDS),
  at: text,
  /** Somebody of the reader's State wants it lifted, and a second person is awaited. */
  lift: v.nullable(v.object({ asker: uuid, at: text, lapses_at: text })),
});
export type HoldRow = v.InferOutput<typeof hold>;

const shortening = v.object({
  id: uuid,
  was: text,
  retention: text,
  proposer: uuid,
  proposed_at: text,
  lapses_at: text,
});
export type ShorteningRow = v.InferOutput<typeof shortening>;

const keeping = v.object({
  case: uuid,
  reference: text,
  state: text,
  states: v.array(text),
  retention: text,
  opened_at: text,
  closed_at: when,
  delete_at: when,
  /** Until which day the reader's State signed, closing a request out of it, that it is kept. */
  kept_until: when,
  erased_at: when,
  /** The reader is in it; or is told of it by their office, and sees nothing else of it by that. */
  inside: v.boolean(),
  by_office: v.boolean(),
  /** Numbers of the requests before whose end it is not closed, for whoever may close it. */
  under_way: v.array(text),
  holds: v.array(hold),
  shortening: v.nullable(shortening),
});
export type KeepingRow = v.InferOutput<typeof keeping>;

const erased = v.object({
  circle: uuid,
  kind: v.picklist(["case", "thread", "drafting", "note"]),
  case: v.nullable(uuid),
  /** Of a draft: its request. */
  request: v.nullable(uuid),
  retention: text,
  at: text,
});
export type ErasedRow = v.InferOutput<typeof erased>;

export const retention = v.object({
  classes: v.array(v.object({ code: text, years: v.number(), source: text })),
  cases: v.array(keeping),
  /** Holds of the reader's State on single notes, for whoever may lift them by their office. */
  notes: v.array(hold),
  erased: v.array(erased),
});
export type Retention = v.InferOutput<typeof retention>;

export function retentionRoutes(call: Call) {
  return {
    close: (caseId: string) => call("POST", `/cases/${caseId}/close`, retention, {}),
    reopen: (caseId: string) => call("POST", `/cases/${caseId}/reopen`, retention, {}),
    keepLonger: (caseId: string, code: string) =>
      call("PUT", `/cases/${caseId}/retention`, retention, { retention: code }),
    proposeShorter: (caseId: string, client_id: string, code: string) =>
      call("POST", `/cases/${caseId}/shortenings`, retention, { client_id, retention: code }),
    agreeToShorter: (id: string, digest: string) =>
      call("POST", `/shortenings/${id}/agree`, retention, { digest }),
    refuseShorter: (id: string) => call("POST", `/shortenings/${id}/refuse`, retention, {}),
    hold: (caseId: string, client_id: string, ground: HoldGround) =>
      call("POST", `/cases/${caseId}/holds`, retention, { client_id, ground }),
    holdNote: (circle: string, client_id: string, ground: HoldGround) =>
      call("POST", `/circles/${circle}/holds`, retention, { client_id, ground }),
    askLift: (id: string) => call("POST", `/holds/${id}/lift`, retention, {}),
    agreeToLift: (id: string, digest: string) =>
      call("POST", `/holds/${id}/lift/agree`, retention, { digest }),
    refuseLift: (id: string) => call("POST", `/holds/${id}/lift/refuse`, retention, {}),
  };
}
