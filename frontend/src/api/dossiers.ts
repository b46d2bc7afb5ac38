/** Dossiers on the wire: where a request stands between two States, and what was done to it. */

import * as v from "valibot";
import type { Call } from "./http";
import { uuid } from "./schema";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base64 = v.pipe(text, v.regex(/^[A-Za-z0-9_-]*$/));

export const said = v.object({
  channel: text,
  language: text,
  agreed: v.boolean(),
  codes: v.array(text),
  rules: v.array(text),
  measures: v.array(count),
  evidence: v.array(text),
  conditions: v.array(text),
  consulted: v.boolean(),
  due: text,
  proof: text,
  keep_until: text,
  terms: text,
  lapsed: text,
  rests_on: text,
  power: text,
  assets: v.array(text),
});
/** What a move says besides its act: requests_mla/codes.py. */
export type Said = v.InferOutput<typeof said>;
export const NOTHING_SAID: Said = {
  channel: "",
  language: "",
  agreed: false,
  codes: [],
  rules: [],
  measures: [],
  evidence: [],
  conditions: [],
  consulted: false,
  due: "",
  proof: "",
  keep_until: "",
  terms: "",
  lapsed: "",
  rests_on: "",
  power: "",
  assets: [],
};

const move = v.object({
  number: count,
  act: text,
  before: text,
  after: text,
  person: uuid,
  name: text,
  state: text,
  side: v.picklist(["requesting", "requested"]),
  device: v.nullable(uuid),
  key: base64,
  at: text,
  on: text,
  issued: text,
  version: count,
  digest: text,
  said,
  signature: base64,
  /** Of what was signed: 1 from before some moves took a second hand, 2 from before more was asked of some. */
  form: count,
  /** SHA-256 (hex) of the facts that it signs for; empty in form 1, which signs for none. */
  disclosed: text,
  /** The hand of a second person, under what takes two. */
  second: v.nullable(
    v.object({
      person: uuid,
      name: text,
      state: text,
      device: v.nullable(uuid),
      key: base64,
      issued: text,
      signature: base64,
    }),
  ),
});
export type MoveRow = v.InferOutput<typeof move>;
export type SecondRow = NonNullable<MoveRow["second"]>;

/** A move that somebody has signed, and that waits for a second person. */
const proposal = v.object({
  ...v.omit(move, ["device", "second"]).entries,
  /** SHA-256 of the signed bytes. */
  step: text,
  lapses_at: text,
  /** Empty while nobody has decided. */
  outcome: text,
  reason: text,
  /** The name of whoever decided. */
  decider: text,
  /** Its first hand counts no more. */
  stopped: v.boolean(),
});
export type ProposalRow = v.InferOutput<typeof proposal>;

const next = v.object({
  act: text,
  after: text,
  side: v.picklist(["requesting", "requested"]),
  who: v.array(text),
});
export type NextMove = v.InferOutput<typeof next>;

const contacted = v.object({
  state: text,
  asked_at: text,
  due: text,
  outcome: text,
  ended_at: v.nullable(text),
});

export const dossier = v.object({
  id: uuid,
  requesting_state: text,
  requested_state: text,
  stage: text,
  version: count,
  digest: text,
  /** All of them, for steps sign their hash. */
  disclosed: v.object({
    requesting_state: text,
    requested_state: text,
    law_date: text,
    measures: v.array(v.nullable(text)),
    instruments: v.array(v.nullable(text)),
    urgency: v.nullable(text),
    deadline: v.nullable(text),
  }),
  answered: v.array(count),
  refused: v.array(count),
  unconfirmed_since: v.nullable(text),
  case_closed: v.boolean(),
  /** Informal ones of the requesting State; `outcome` is empty while one waits. */
  contacts: v.array(contacted),
  /** Whether the reader reads what central authorities and drafters write about it. */
  letters: v.boolean(),
  /** Whether the reader reads what the requesting State's own people write about it to each other. */
  home_letters: v.boolean(),
  /** That of the move that comes next. */
  number: count,
  moves: v.array(move),
  may: v.array(text),
  next: v.array(next),
  /** What is proposed as the next step; the requested State's own to know. */
  proposal: v.nullable(proposal),
  /** Who of that State can put the second hand beside the first. */
  hands: v.array(v.object({ person: uuid, name: text })),
});
export type Dossier = v.InferOutput<typeof dossier>;

export const dossiers = v.array(
  v.object({
    id: uuid,
    requesting_state: text,
    requested_state: text,
    stage: text,
    version: count,
    urgency: v.nullable(text),
    deadline: v.nullable(text),
    /** Who began it: the requesting State's own to know. */
    drafter: v.nullable(uuid),
    since: text,
  }),
);
export type DossierRow = v.InferOutput<typeof dossiers>[number];

const wanted = v.object({
  request: uuid,
  requesting_state: text,
  requested_state: text,
  stage: text,
  urgent: v.boolean(),
  /** Since when it stands there. */
  at: text,
});
/** A request that waits for its reader's step. */
export type StepWanted = v.InferOutput<typeof wanted>;

/** What the prosecutors of a central authority's State asked informally; nothing of what was said. */
const contact = v.object({
  ...contacted.entries,
  /** Once it has come to it. */
  request: v.nullable(uuid),
  /** By which code it was given up; empty where it was not. */
  withdrawn: text,
});
export type InformalContact = v.InferOutput<typeof contact>;

export type MoveBody = Pick<
  MoveRow,
  "act" | "number" | "version" | "digest" | "on" | "issued" | "said" | "signature"
> & { client_id: string };

export function dossierRoutes(call: Call) {
  return {
    list: () => call("GET", "/dossiers", dossiers),
    wanted: () => call("GET", "/steps", v.array(wanted)),
    contacts: () => call("GET", "/contacts", v.array(contact)),
    read: (id: string) => call("GET", `/dossiers/${id}`, dossier),
    move: (id: string, body: MoveBody) => call("POST", `/dossiers/${id}/moves`, dossier, body),
    propose: (id: string, body: MoveBody) =>
      call("POST", `/dossiers/${id}/proposal`, dossier, body),
    confirm: (id: string, body: { step: string; issued: string; signature: string }) =>
      call("POST", `/dossiers/${id}/proposal/confirm`, dossier, body),
    decline: (id: string, body: { step: string; reason: string }) =>
      call("POST", `/dossiers/${id}/proposal/decline`, dossier, body),
  };
}
export type DossierRoutes = ReturnType<typeof dossierRoutes>;
