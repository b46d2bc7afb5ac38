/** The directory on the wire: cards as far as one is told, offices, contacts. */

import * as v from "valibot";
import type { Call } from "./http";

const text = v.string();
const nullable = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);

const hours = v.object({ zone: text, days: v.array(v.number()), opens: text, closes: text });
export type Hours = v.InferOutput<typeof hours>;

const card = v.object({
  id: text,
  /** How much of it one is told; the rest is blank. */
  told: v.picklist(["status", "post", "card", "own"]),
  status: v.picklist(["in-force", "suspended", "expired", "closed"]),
  name: text,
  state: text,
  office: text,
  office_id: nullable(text),
  /** The public one of the office; empty: none is known, or one is not told. */
  telephone: text,
  post: text,
  roles: v.array(text),
  /** What a liaison or coordinator does besides. */
  functions: v.array(text),
  languages: v.array(text),
  scope: v.array(text),
  valid_until: nullable(text),
  hours: nullable(hours),
  duty: v.boolean(),
  /** Whether a contact was given; null for whoever is of another State. */
  contact: nullable(v.boolean()),
  fictional: v.boolean(),
});
export type Card = v.InferOutput<typeof card>;
export const cards = v.array(card);

const change = v.object({
  what: text,
  at: text,
  by: nullable(text),
  was: v.record(text, v.nullable(text)),
});
export type Change = v.InferOutput<typeof change>;

export const opened = v.object({
  card,
  changes: v.array(change),
  openings: v.array(v.object({ by: text, state: text, case: nullable(text), at: text })),
});
export type OpenedCard = v.InferOutput<typeof opened>;
export const printed = v.object({ at: text });

const competence = v.object({
  id: text,
  /** Of the rulebook; empty for whatever has no entry of its own. */
  instrument: text,
  since: text,
  until: nullable(text),
  source: text,
  confidence: text,
});
export type Competence = v.InferOutput<typeof competence>;

const office = v.object({
  id: text,
  state: text,
  kind: text,
  name: text,
  telephone: text,
  competences: v.array(competence),
  changes: v.array(change),
});
export type OfficeCard = v.InferOutput<typeof office>;
export const offices = v.array(office);

export const contact = v.object({ phone: text, note: text, duty: v.boolean(), at: text });
export type Contact = v.InferOutput<typeof contact>;
export type ContactBody = { phone: string; note: string; duty: boolean };
export type OfficeBody = { kind: string; name: string; telephone: string };
export type CompetenceBody = {
  instrument: string;
  since: string;
  source: string;
  confidence: string;
};

export const figures = v.array(v.object({ state: text, people: v.number() }));
export type Figures = v.InferOutput<typeof figures>;

/** Calls of the directory's pages. Looking at a card, and at a contact, is logged first. */
export function cardRoutes(call: Call) {
  const one = (person: string) => `/directory/people/${person}`;
  return {
    cards: () => call("GET", "/directory/people", cards),
    offices: () => call("GET", "/directory/offices", offices),
    figures: () => call("GET", "/directory/figures", figures),
    printPage: () => call("POST", "/directory/prints", printed, {}),
    openCard: (person: string) => call("POST", `${one(person)}/open`, opened, {}),
    openContact: (person: string, caseId: string | null) =>
      call("POST", `${one(person)}/contact/open`, contact, { case: caseId }),
    giveContact: (body: ContactBody) => call("PUT", "/directory/contact", opened, body),
    changeContact: (person: string, body: ContactBody) =>
      call("PUT", `${one(person)}/contact`, opened, body),
    changeHours: (person: string, body: Hours) => call("PUT", `${one(person)}/hours`, opened, body),
    enterOffice: (body: OfficeBody) => call("POST", "/directory/offices", offices, body),
    changeOffice: (id: string, body: OfficeBody) =>
      call("PUT", `/directory/offices/${id}`, offices, body),
    enterCompetence: (id: string, body: CompetenceBody) =>
      call("POST", `/directory/offices/${id}/competences`, offices, body),
    endCompetence: (id: string, until: string) =>
      call("PUT", `/directory/competences/${id}`, offices, { until }),
  };
}
export type CardRoutes = ReturnType<typeof cardRoutes>;
