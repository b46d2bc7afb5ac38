/** An invented draft from El Salvador to Mexico, half written: nothing in it happened. */

import type { Draft } from "../../src/rules/book";

export const DRAFT: Draft = {
  v: 1,
  language: "es",
  law_date: "2026-11-20",
  requesting_state: "SV",
  requested_state: "MX",
  requesting_authority: { name: "Fiscalía General de la República", office: "Unidad de Trata" },
  contact: { name: "Marina Arévalo", email: "m.arevalo@ejemplo.invalid", languages: ["es"] },
  facts: {
    summary:
      "Entre enero y marzo de 2026 un grupo cobró a 41 personas por cruzar la frontera en La Hachadura y depositó el dinero en dos cuentas de la Ciudad de México.",
    who: "Tres personas investigadas y 41 personas migrantes.",
    benefit: "3 200 dólares por persona",
    tags: ["exploitation"],
  },
  offences: [
    {
      title: "Tráfico ilegal de personas",
      statute: "Código Penal",
      article: "367-A",
      category: "smuggling",
      max_years: 8,
    },
  ],
  persons: [
    { role: "suspect", name: "Persona Uno", nationality: "SV" },
    { role: "smuggled_migrant", name: "Persona Dos", minor: "yes", asylum_seeker: "yes" },
  ],
  measures: [
    {
      type: "bank_records",
      description: "Movimientos de las dos cuentas",
      fields: { institution: "Banco de ejemplo, sucursal Centro" },
    },
  ],
  purpose: { purpose: "Probar el beneficio económico" },
  urgency: { level: "priority" },
  judgement: { facts_cover_five: "yes" },
  unknown: ["persons.0.location"],
  overrides: [{ rule: "COMP-CASE-REF", reason: "La referencia interna es reservada.", by: "p-ma" }],
  translations: {
    "facts.summary": { en: { text: "Between January and March 2026 a group…", status: "draft" } },
  },
};

/** The version before: shorter facts and no bank named. */
export const EARLIER: Draft = {
  ...DRAFT,
  facts: {
    summary: "Entre enero y marzo de 2026 un grupo cobró a personas por cruzar la frontera.",
  },
  measures: [{ type: "bank_records", description: "Movimientos recientes", fields: {} }],
};

/** One that began with a message, went through another request and once through a file. */
export const STARTED: Draft = {
  ...DRAFT,
  origins: [
    {
      kind: "message",
      circle: "t1",
      seq: 10,
      person: "p-lo",
      state: "MX",
      at: "2026-11-20T15:12:00Z",
    },
    { kind: "request", request: "r2", version: 9 },
    { kind: "request", request: "elsewhere", version: 3 },
    { kind: "file", name: "SV-2026-0147.json", digest: "5f".repeat(32), law_date: "2026-10-02" },
  ],
  notes: {
    imported: {
      "persons.0.shoe_size": 42,
      "facts.colour": "Azul, según el acta de la inspección ocular",
    },
  },
};
