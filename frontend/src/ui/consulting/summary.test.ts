import { describe, expect, it } from "vitest";
import type { Book, Draft } from "../../rules/book";
import { preferences } from "../preferences.svelte";
import { summaryOf } from "./summary";

const LABEL = { es: "Registros bancarios", en: "Bank records", fr: "Relevés bancaires" };
const BOOK = {
  measures: new Map([["bank_records", { id: "bank_records", label: LABEL }]]),
} as unknown as Book;
const draft = (more: Record<string, unknown>) =>
  ({ v: 1, language: "es", unknown: [], overrides: [], ...more }) as unknown as Draft;
const FACTS = { facts: { summary: " Traslados por el río.\n" } };

describe("the summary that is proposed to a focal point", () => {
  it("has what they are asked about: facts, measures, authority and language", () => {
    preferences.language = "es";
    const full = draft({
      ...FACTS,
      measures: [{ type: "bank_records" }, { type: "bank_records" }, { type: "unheard-of" }],
      central_authority: { to_name: "Fiscalía General" },
      translation: { sent_in: "fr" },
    });
    expect(summaryOf(BOOK, full)).toBe(
      "Traslados por el río.\n\nMedidas: Registros bancarios.\nAutoridad: Fiscalía General.\nIdioma: francés.",
    );
  });

  it("leaves out what the draft does not say, and tells the draft's own language", () => {
    preferences.language = "es";
    expect(summaryOf(BOOK, draft(FACTS))).toBe("Traslados por el río.\n\nIdioma: español.");
  });

  it("has nobody's name of those in the draft", () => {
    const named = { ...FACTS, persons: [{ name: "Canaria Inventada" }], contact: { name: "Otra" } };
    expect(summaryOf(BOOK, draft(named))).not.toMatch(/Canaria|Otra/);
  });

  it("is empty without facts: whoever asks writes them", () => {
    expect(summaryOf(BOOK, draft({ measures: [{ type: "bank_records" }] }))).toBe("");
  });
});
