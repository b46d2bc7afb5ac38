import { describe, expect, it } from "vitest";
import type { Asked } from "./lawWords";
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
    expect(suggest(MEASURES, sentence)[0]).toBe(first);
  });

  it("offers several when several may serve", () => {
    expect(suggest(MEASURES, "que declare un testigo por video").toSorted()).toEqual([
      "video",
      "witness",
    ]);
  });

  it.each(["", "   ", "de la que", "xyzzy"])("offers nothing for %j", (sentence) => {
    expect(suggest(MEASURES, sentence)).toEqual([]);
  });
});
