/** The life of a designation on the wire: shapes, and every route of it as a typed function. */

import * as v from "valibot";
import type { Call } from "./http";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nullable = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);

export const STAGES = [
  "draft",
  "consulted",
  "nominated",
  "ministry-1",
  "approved",
  "ceremony",
  "active",
  "suspended",
  "expired",
  "removed",
  "rejected",
] as const;
export type DesignationStage = (typeof STAGES)[number];
export const AGENCIES = [
  "police",
  "migration",
  "interior",
  "intelligence",
  "justice",
  "public-ministry",
  "other",
] as const;
export type Agency = (typeof AGENCIES)[number];
export const REASONS = [
  "objection",
  "wrong-data",
  "identity-doubt",
  "not-needed",
  "other",
] as const;
export type RejectionReason = (typeof REASONS)[number];

const official = v.object({ id: text, name: text, post: text });
export type Official = v.InferOutput<typeof official>;
const signature = v.object({ key: text, signature: text });
const firstHand = v.object({
  body: text,
  digest: text,
  signer: official,
  key: text,
  signature: text,
  at: text,
  due_at: text,
});
export type WaitingHand = v.InferOutput<typeof firstHand>;

const row = {
  id: text,
  person: text,
  state: text,
  stage: v.pipe(text, v.picklist(STAGES)),
  since: text,
  due_at: nullable(text),
  overdue: v.boolean(),
  name: text,
  post: text,
  office: v.object({ id: text, name: text }),
  roles: v.array(text),
  functions: v.array(text),
  /** The role of whoever nominates. */
  drafts: text,
  languages: v.array(text),
  scope: v.array(text),
  /** The part of the State; null: all of it. */
  region: nullable(text),
  deputy: nullable(v.object({ id: text, name: text })),
  /** The person's first term as a liaison: six months at most. */
  first: v.boolean(),
  starts: text,
  until: text,
  urgent: v.boolean(),
  renews: nullable(text),
  rekey: v.boolean(),
  reminder: nullable(count),
  /** The term is over, and its person reads on until then. */
  reads_until: v.optional(nullable(text), null),
  /** Of whoever does not sign in: what comes of it, and when. */
  quiet: v.optional(
    nullable(v.object({ becomes: v.picklist(["suspended", "removed"]), at: text, since: text })),
    null,
  ),
  /** In a list: the reader's own hand is under it already. */
  signed: v.optional(v.boolean(), false),
};
export const reminders = v.object({
  ends_at: text,
  reminder: nullable(count),
  /** What the clock has said, or done, while one did not sign in; the newest first. */
  said: v.array(
    v.object({
      becomes: v.picklist(["suspended", "removed"]),
      days: count,
      at: text,
      since: text,
      /** When they signed in next. */
      back_at: nullable(text),
    }),
  ),
  /** The State has another key made for them; `enrolled`: somebody has used a code for it. */
  new_key: v.optional(nullable(v.object({ stage: text, at: text, enrolled: v.boolean() })), null),
});
export type Reminders = v.InferOutput<typeof reminders>;

export const designationRows = v.array(v.object(row));
export type DesignationRow = v.InferOutput<typeof designationRows>[number];

export const designation = v.object({
  ...row,
  drafted_by: official,
  drafted_at: text,
  nominated_by: nullable(official),
  nominated_at: nullable(text),
  consultations: v.array(
    v.object({
      id: text,
      agency: text,
      asked_at: text,
      due_at: text,
      outcome: text,
      date: text,
      digest: nullable(text),
    }),
  ),
  objected_before: v.array(
    v.object({ agency: text, date: text, name: text, roles: v.array(text) }),
  ),
  flags: v.array(text),
  binds: text,
  mode: text,
  hands: count,
  fields: v.record(text, v.unknown()),
  body: nullable(text),
  digest: text,
  nomination: nullable(signature),
  /** Why the nominator's hand counts no more: signer-gone, too-old. */
  nomination_void: nullable(text),
  approvals: v.array(
    v.object({ officer: official, at: text, key: text, signature: text, void: nullable(text) }),
  ),
  approved_at: nullable(text),
  serial: nullable(text),
  code_until: nullable(text),
  enrolled: v.boolean(),
  passkeys: count,
  /** When each was made that was enrolled for this designation, the oldest first. */
  passkeys_made: v.optional(v.array(text), []),
  key: nullable(text),
  key_at: nullable(text),
  binding: nullable(firstHand),
  bound_at: nullable(text),
  reason: text,
});
export type Designation = v.InferOutput<typeof designation>;
export type Consultation = Designation["consultations"][number];

export const enrolmentCode = v.object({ code: text, until: text });
export type EnrolmentCode = v.InferOutput<typeof enrolmentCode>;

export const reinstatement = v.object({
  person: text,
  name: text,
  suspended_at: nullable(text),
  /** Null if it was nobody of the person's own State. */
  suspended_by: v.optional(nullable(official), null),
  reason: v.optional(text, ""),
  removed: v.boolean(),
  revokes: text,
  first: nullable(firstHand),
  /** A first hand that was there and counts no more: it is begun anew. */
  void: nullable(v.object({ signer: official, at: text, why: text })),
});
export type Reinstatement = v.InferOutput<typeof reinstatement>;

export const directoryStanding = v.object({
  state: text,
  confirmed_at: nullable(text),
  confirmed_by: nullable(text),
  due_at: nullable(text),
  soon: v.boolean(),
  overdue: v.boolean(),
  /** Whether it has waited so long that the State comes into no new case with others; from when. */
  blocked: v.optional(v.boolean(), false),
  blocked_from: v.optional(nullable(text), null),
  people: v.array(
    v.object({
      ...{ id: text, name: text, post: text, office: text, until: text },
      ...{ roles: v.array(text), functions: v.array(text) },
    }),
  ),
  digest: text,
});
export type DirectoryStanding = v.InferOutput<typeof directoryStanding>;

export const stateNotices = v.array(
  v.object({
    id: text,
    kind: text,
    state: text,
    person: nullable(text),
    name: text,
    post: text,
    until: nullable(text),
    urgent: v.boolean(),
    changed: v.array(text),
    at: text,
    due_at: text,
    acknowledged_at: nullable(text),
    overdue: v.boolean(),
    answers: v.array(v.object({ state: text, at: text })),
    late: v.array(text),
  }),
);
export type StateNotice = v.InferOutput<typeof stateNotices>[number];
const noticeId = v.object({ notice: text });
const noticesTaken = v.object({ count: v.number() });

export const stateOffices = v.array(
  v.object({ id: text, state: text, kind: text, name: text, telephone: text }),
);
export type StateOffice = v.InferOutput<typeof stateOffices>[number];

/** What a draft says; instants as statements write them, whole seconds in UTC. */
export type DraftBody = {
  name: string;
  post: string;
  office: string;
  roles: readonly string[];
  functions: readonly string[];
  languages: readonly string[];
  scope: readonly string[];
  region: string | null;
  deputy: string | null;
  starts: string;
  until: string;
  urgent: boolean;
};
export type AnswerBody = { outcome: "no-objection" | "objection"; date: string; digest: string };
type Signed = {
  readonly type: string;
  readonly body: string;
  readonly signatures: readonly { readonly key: string; readonly signature: string }[];
};

export type DesignationRoutes = ReturnType<typeof designationRoutes>;

/** Calls of the life of a designation, of the State's quarterly word, and of notices to all. */
export function designationRoutes(call: Call) {
  const at = (id: string) => `/designations/${id}`;
  return {
    list: () => call("GET", "/designations", designationRows),
    read: (id: string) => call("GET", at(id), designation),
    draft: (body: DraftBody) => call("POST", "/designations", designation, body),
    change: (id: string, body: DraftBody) => call("PUT", at(id), designation, body),
    ask: (id: string, agency: string) =>
      call("POST", `${at(id)}/consultations`, designation, { agency }),
    answer: (id: string, consultation: string, body: AnswerBody) =>
      call("POST", `${at(id)}/consultations/${consultation}/answer`, designation, body),
    withdraw: (id: string, consultation: string) =>
      call("POST", `${at(id)}/consultations/${consultation}/withdraw`, designation),
    consulted: (id: string) => call("POST", `${at(id)}/consulted`, designation, {}),
    nominate: (id: string, statement: Signed) =>
      call("POST", `${at(id)}/nominate`, designation, { statement }),
    approve: (id: string, digest: string, hand: { key: string; signature: string }) =>
      call("POST", `${at(id)}/approve`, designation, { digest, ...hand }),
    reject: (id: string, reason: RejectionReason) =>
      call("POST", `${at(id)}/reject`, designation, { reason }),
    renew: (id: string, body: DraftBody, rekey: boolean) =>
      call("POST", `${at(id)}/renew`, designation, { ...body, rekey }),
    code: (id: string) => call("POST", `${at(id)}/enrolment-code`, enrolmentCode, {}),
    bind: (id: string, statement: Signed) =>
      call("POST", `${at(id)}/binding`, designation, { statement }),
    reinstatement: (person: string) => call("GET", `/people/${person}/reinstate`, reinstatement),
    reinstate: (person: string, statement: Signed) =>
      call("POST", `/people/${person}/reinstate`, reinstatement, { statement }),
    reminders: () => call("GET", "/reminders", reminders),
    standing: () => call("GET", "/standing", directoryStanding),
    confirmStanding: (digest: string) => call("POST", "/standing", directoryStanding, { digest }),
    notices: () => call("GET", "/notices", stateNotices),
    noticesOf: (person: string) => call("GET", `/notices?person=${person}`, stateNotices),
    acknowledge: (id: string) => call("POST", `/notices/${id}/acknowledge`, noticeId, {}),
    acknowledgeUpTo: (notice: string) =>
      call("POST", "/notices/acknowledge", noticesTaken, { notice }),
    offices: () => call("GET", "/directory/offices", stateOffices),
  };
}
