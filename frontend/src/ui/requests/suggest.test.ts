import { beforeAll, describe, expect, it } from "vitest";
import { loadBook } from "../../rules/load";
import type { Language } from "../preferences.svelte";
import { type Asked, measuresOf } from "./lawWords";
import { suggest } from "./suggest";

function measure(id: string, label: string, ...plain: string[]): Asked {
  const words = { es: label, en: label, fr: label };
  return { id, label: words, coercive: "no", fields: [], plain: { es: plain } };
}

const MEASURES = [
  measure("bank", "Registros bancarios", "movimientos de una cuenta", "depósitos en el banco"),
  measure("video", "Audiencia por videoconferencia", "que declare por video", "sin viajar"),
  measure("witness", "Declaración de testigo", "que declare un testigo"),
  measure("traffic", "Datos de tráfico", "registros de llamadas"),
];

describe("suggest", () => {
  it.each([
    ["necesito los movimientos de esa cuenta", "bank"],
    ["DEPOSITOS", "bank"],
    ["una declaración por vídeo", "video"],
    ["llamada", "traffic"],
  ])("for %j begins with %s", (sentence, first) => {
    expect(suggest(MEASURES, sentence, "es")[0]).toBe(first);
  });

  it("offers several when several may serve", () => {
    expect(suggest(MEASURES, "que declare un testigo por video", "es").toSorted()).toEqual([
      "video",
      "witness",
    ]);
  });

  it.each(["", "   ", "de la que", "xyzzy"])("offers nothing for %j", (sentence) => {
    expect(suggest(MEASURES, sentence, "es")).toEqual([]);
  });

  it("reads the language of the page, no other", () => {
    expect(suggest(MEASURES, "movimientos de una cuenta", "en")).toEqual([]);
  });
});

describe("what is said of the measures of the rulebook", () => {
  let measures: readonly Asked[];
  beforeAll(async () => {
    measures = measuresOf(await loadBook());
  });

  /** A sentence, and all that is offered for it, best first. */
  const TABLE: readonly [Language, string, string][] = [
    ["es", "Necesito los movimientos de esa cuenta bancaria en México", "bank_records"],
    ["es", "el banco", "bank_records"],
    ["es", "que declare un testigo por video", "videoconference witness_statement"],
    ["es", "allanar una casa y buscar documentos", "search_seizure"],
    ["es", "congelar la cuenta para que no saquen el dinero", "freeze_assets"],
    ["es", "entradas y salidas del país de esta persona", "migration_records"],
    ["es", "mensajes de WhatsApp", "content_data"],
    ["es", "notificar una citación", "service"],
    ["es", "antecedentes penales", "criminal_record"],
    ["es", "conservar los datos antes de que los borren", "preserve_data"],
    ["es", "traer a un preso a declarar", "transfer_detainee"],
    ["es", "remesas por Western Union", "money_transfer_records"],
    ["en", "I need the movements of an account", "bank_records"],
    ["en", "bank statements of the company", "bank_records"],
    ["en", "interview a witness by video link", "videoconference witness_statement"],
    ["en", "search a house and seize phones", "search_seizure"],
    ["en", "who owns the car", "civil_registry"],
    ["en", "call records and cell towers", "traffic_data"],
    ["en", "serve a summons", "service"],
    ["en", "WhatsApp messages", "content_data"],
    ["fr", "perquisitionner une maison", "search_seizure"],
    ["fr", "geler le compte", "freeze_assets preserve_data"],
    ["fr", "casier judiciaire", "criminal_record"],
    ["fr", "messages WhatsApp", "content_data"],
    ["fr", "témoigner par vidéo", "videoconference"],
  ];

  it.each(TABLE)("in %s, %j: %s", (language, sentence, expected) => {
    expect(suggest(measures, sentence, language).join(" ")).toBe(expected);
  });

  it.each([
    ["es", "de quién es este teléfono", "subscriber_data"],
    ["en", "whose phone is this", "subscriber_data"],
    ["fr", "à qui est ce téléphone", "subscriber_data"],
    ["es", "registro de llamadas del teléfono", "traffic_data"],
  ] as const)("in %s, %j: %s comes first of several", (language, sentence, first) => {
    expect(suggest(measures, sentence, language)[0]).toBe(first);
  });

  it.each([
    ["es", "Buenos días, colega"],
    ["en", "Good morning"],
    ["fr", "Bonjour"],
  ] as const)("in %s, nothing is offered for %j", (language, sentence) => {
    expect(suggest(measures, sentence, language)).toEqual([]);
  });

  it.each(TABLE)("in %s, %j: few are offered", (language, one) => {
    expect(suggest(measures, one, language).length).toBeLessThanOrEqual(3);
  });
});
