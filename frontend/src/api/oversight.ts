/** The auditors' console on the wire: shapes, and every route of it as a typed function. */

import * as v from "valibot";
import type { Call, Take } from "./http";
import { indicatorRoutes } from "./indicators";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nullable = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);

export const masked = v.object({
  pseudonym: text,
  quarter: text,
  state: text,
  office: nullable(text),
  name: nullable(text),
  own: v.boolean(),
});
export type Masked = v.InferOutput<typeof masked>;

const thing = v.object({
  sort: v.picklist(["person", "case", "thread", "draft", "request", "value", "opaque"]),
  text,
  person: nullable(masked),
});
export type Thing = v.InferOutput<typeof thing>;

const row = {
  log: text,
  position: count,
  at: text,
  kind: text,
  outcome: v.picklist(["done", "refused", "erased"]),
  actor: nullable(masked),
  subject: nullable(thing),
  proof: v.picklist(["recorded", "sealed", "cosigned"]),
};
const entryRow = v.object(row);
export type EntryRow = v.InferOutput<typeof entryRow>;

export const page = v.object({ entries: v.array(entryRow), next: nullable(text) });
export const query = v.object({
  ...page.entries,
  query: text,
  count,
  most: count,
  unknown: v.boolean(),
  unknown_case: v.boolean(),
});
export type Answer = v.InferOutput<typeof query>;

const field = v.object({ name: text, values: v.array(thing) });
export type Field = v.InferOutput<typeof field>;

export const entry = v.object({
  ...row,
  states: v.array(text),
  fields: v.array(field),
  unread: v.boolean(),
  size: count,
  needed: count,
  cosigned: v.array(v.object({ witness: text, at: text })),
  proof_text: nullable(text),
  leaf_hash: text,
  chain: v.array(
    v.object({
      step: v.picklist([
        "entered",
        "nominated",
        "approved",
        "designated",
        "bound",
        "devices",
        "cases",
      ]),
      at: nullable(text),
      log: nullable(text),
      position: nullable(count),
      count,
    }),
  ),
});
export type Entry = v.InferOutput<typeof entry>;

export const figures = v.object({
  since: text,
  until: text,
  zone: text,
  days: v.array(v.object({ day: text, kind: text, count })),
  hours: v.array(v.object({ hour: count, count })),
  night: v.array(count),
  slowest: v.array(v.object({ kind: text, log: text, position: count, at: text, seconds: count })),
  anomalies: v.array(
    v.object({
      sort: v.picklist(["bulk", "night", "hasty", "refused"]),
      person: nullable(masked),
      at: nullable(text),
      day: nullable(text),
      count,
      log: nullable(text),
      position: nullable(count),
    }),
  ),
});
export type Figures = v.InferOutput<typeof figures>;
export type Anomaly = Figures["anomalies"][number];

export const exported = v.object({
  export: text,
  name: text,
  log: text,
  size: count,
  count,
  tag_key: text,
});
export type Exported = v.InferOutput<typeof exported>;
export const piece = v.object({ text, entries: count, next: nullable(text) });

/** A filter over one State's acts; what is left out is open. Days are the capital's. */
export const filter = v.object({
  acts: v.optional(v.array(text), []),
  person: nullable(text),
  office: nullable(text),
  case: nullable(text),
  since: nullable(text),
  until: nullable(text),
  outcome: nullable(v.picklist(["done", "refused"])),
});
export type Filter = v.InferOutput<typeof filter>;

export const views = v.array(v.object({ id: text, filter, saved_at: text }));
export type SavedView = v.InferOutput<typeof views>[number];

export const GROUNDS = ["anomaly", "complaint", "court-order", "internal-inquiry"] as const;
export type Ground = (typeof GROUNDS)[number];

/** What a court may let somebody wait for. */
export const DEFERRAL_GROUNDS = ["inquiry", "public-security", "rights-of-others"] as const;
export type DeferralGround = (typeof DEFERRAL_GROUNDS)[number];

/** What one auditor asks and a second one answers. */
const wish = {
  id: text,
  ground: text,
  reference: text,
  state: v.picklist(["open", "expired", "agreed", "refused", "over"]),
  asked_at: text,
  asked_by: text,
  open_until: text,
  decided_at: nullable(text),
  decided_by: nullable(text),
  mine: v.boolean(),
};
const deferral = v.object({ ...wish, until: text });
export type Deferral = v.InferOutput<typeof deferral>;
export const unmaskings = v.array(
  v.object({
    ...wish,
    pseudonym: text,
    quarter: text,
    until: nullable(text),
    name: nullable(text),
    tells_at: nullable(text),
    told_at: nullable(text),
    deferrals: v.array(deferral),
  }),
);
export type Unmasking = v.InferOutput<typeof unmaskings>[number];

/** What a person is told whose name auditors were given. */
export const namings = v.array(
  v.object({
    id: text,
    day: text,
    body: text,
    quarter: text,
    ground: nullable(text),
    told_at: nullable(text),
  }),
);
export type Naming = v.InferOutput<typeof namings>[number];

export const consents = v.array(
  v.object({ other: text, given_at: nullable(text), theirs: v.boolean() }),
);
export type Consent = v.InferOutput<typeof consents>[number];

export const pairViews = v.array(
  v.object({
    ...wish,
    first: text,
    second: text,
    quarter: text,
    until: nullable(text),
    reads: v.boolean(),
    consented: v.boolean(),
  }),
);
export type PairView = v.InferOutput<typeof pairViews>[number];

export const pairPage = v.object({
  acts: v.array(
    v.object({
      day: text,
      kind: text,
      outcome: v.picklist(["done", "refused", "erased"]),
      actor: nullable(text),
      state: nullable(text),
    }),
  ),
  next: nullable(count),
});
export type PairPage = v.InferOutput<typeof pairPage>;
export type PairAsked = {
  first: string;
  second: string;
  quarter: string;
  ground: Ground;
  reference: string;
};

const level = v.picklist(["ok", "note", "amber", "red"]);
export type Level = v.InferOutput<typeof level>;
const standing = v.object({
  name: text,
  origin: text,
  level,
  reasons: v.array(text),
  size: count,
  signed: count,
  published: count,
  published_at: nullable(text),
  cosigned: count,
  needed: count,
  waiting: count,
  witnesses: v.array(
    v.object({
      name: text,
      seen_at: nullable(text),
      size: count,
      trouble: text,
      since: nullable(text),
    }),
  ),
});
export type Standing = v.InferOutput<typeof standing>;

export const integrity = v.object({
  at: text,
  level,
  logs: v.array(standing),
  disputes: v.array(v.object({ log: text, witness: text, at: text, theirs: text, ours: text })),
});
export type Integrity = v.InferOutput<typeof integrity>;

export const offices = v.array(v.object({ id: text, name: text }));
export type Office = v.InferOutput<typeof offices>[number];

export const audits = v.object({
  audits: v.array(
    v.object({
      log: text,
      position: count,
      at: text,
      kind: text,
      name: text,
      office: text,
      state: text,
      fields: v.array(field),
    }),
  ),
  next: nullable(text),
});
export type Audits = v.InferOutput<typeof audits>;

const cells = v.array(v.object({ name: text, cells: v.record(text, v.nullable(count)) }));
export const statistics = v.object({
  month: text,
  least: count,
  areas: cells,
  days: cells,
  /** Of the region: how many first-line notes were sent, and of how many was said what. */
  notes: v.optional(v.record(text, v.nullable(count)), {}),
});
export type Statistics = v.InferOutput<typeof statistics>;

export type OversightRoutes = ReturnType<typeof oversightRoutes>;

const after = (cursor: string | null) =>
  cursor === null ? "" : `?after=${encodeURIComponent(cursor)}`;

/** The first and the last entry of a bundle, both included; all without them. */
export type BundleRange = { first?: number; last?: number };

const ends = (range: BundleRange): string => {
  const asked = Object.entries(range).map(([end, at]) => [end, String(at)]);
  return asked.length > 0 ? `?${new URLSearchParams(asked)}` : "";
};

/** Calls of the console; each that shows something new is an act, logged before it answers. */
export function oversightRoutes(call: Call, take: Take) {
  return {
    integrity: () => call("GET", "/oversight/integrity", integrity),
    offices: () => call("GET", "/oversight/offices", offices),
    ask: (asked: Partial<Filter>) => call("POST", "/oversight/queries", query, asked),
    page: (id: string, cursor: string) =>
      call("GET", `/oversight/queries/${id}/entries${after(cursor)}`, page),
    figures: (id: string) => call("GET", `/oversight/queries/${id}/figures`, figures),
    export: (id: string, format: "csv" | "jsonl") =>
      call("POST", `/oversight/queries/${id}/exports`, exported, { format }),
    piece: (id: string, cursor: string | null) =>
      call("GET", `/oversight/exports/${id}/pieces${after(cursor)}`, piece),
    open: (log: string, position: number) =>
      call("POST", `/oversight/entries/${encodeURIComponent(log)}/${position}/open`, entry, {}),
    bundle: (log: string, range: BundleRange, how: Parameters<Take>[1]) =>
      take(`/oversight/logs/${encodeURIComponent(log)}/bundle${ends(range)}`, how),
    views: () => call("GET", "/oversight/views", views),
    saveView: (kept: Partial<Filter>) => call("POST", "/oversight/views", views, { filter: kept }),
    removeView: (id: string) => call("DELETE", `/oversight/views/${id}`, views),
    unmaskings: () => call("GET", "/oversight/unmaskings", unmaskings),
    askUnmasking: (person: string, ground: Ground, reference: string) =>
      call("POST", "/oversight/unmaskings", unmaskings, { person, ground, reference }),
    agreeToUnmasking: (id: string, digest: string) =>
      call("POST", `/oversight/unmaskings/${id}/agree`, unmaskings, { digest }),
    refuseUnmasking: (id: string) =>
      call("POST", `/oversight/unmaskings/${id}/refuse`, unmaskings, {}),
    askDeferral: (id: string, ground: DeferralGround, reference: string, until: string) =>
      call("POST", `/oversight/namings/${id}/deferrals`, unmaskings, {
        ground,
        reference,
        until,
      }),
    agreeToDeferral: (id: string, digest: string) =>
      call("POST", `/oversight/deferrals/${id}/agree`, unmaskings, { digest }),
    refuseDeferral: (id: string) =>
      call("POST", `/oversight/deferrals/${id}/refuse`, unmaskings, {}),
    namings: () => call("GET", "/oversight/notices", namings),
    confirmNaming: (id: string) => call("POST", `/oversight/notices/${id}/confirm`, namings, {}),
    consents: () => call("GET", "/oversight/pair-consents", consents),
    giveConsent: (other: string) => call("POST", "/oversight/pair-consents", consents, { other }),
    withdrawConsent: (other: string) =>
      call("POST", "/oversight/pair-consents/withdraw", consents, { other }),
    pairViews: () => call("GET", "/oversight/pair-views", pairViews),
    askPairView: (asked: PairAsked) => call("POST", "/oversight/pair-views", pairViews, asked),
    agreeToPairView: (id: string, digest: string) =>
      call("POST", `/oversight/pair-views/${id}/agree`, pairViews, { digest }),
    refusePairView: (id: string) =>
      call("POST", `/oversight/pair-views/${id}/refuse`, pairViews, {}),
    readPair: (id: string, skip: number) =>
      call("POST", `/oversight/pairs/${id}/entries`, pairPage, { skip }),
    audits: (cursor: string | null) => call("GET", `/oversight/audits${after(cursor)}`, audits),
    ...indicatorRoutes(call),
    statistics: (month: string) => call("POST", "/oversight/statistics", statistics, { month }),
  };
}
