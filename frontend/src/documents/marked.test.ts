import { describe, expect, it } from "vitest";
import { joined, readPdf } from "../../tests/documents/readers";
import { type Sheet, writeMarked } from "./marked";

const MARK = "Ana Ficticia · 29 nov 2026 · Juicio · Juzgado 3 · Jueza Ficticia";
const sheet = (entries: number, mark = MARK): Sheet => ({
  language: "es",
  title: "Hilo para el tribunal · SV-2026-0147",
  facts: [{ label: "Exportado por", text: "Ana Ficticia (Fiscal, SV)" }],
  notes: ["Este PDF es para leer."],
  heading: "El hilo",
  entries: Array.from({ length: entries }, (_, at) => ({
    head: `#${at + 1} · 29 nov 2026`,
    what: "Ha escrito:",
    parts: [
      { label: "", text: `Primera línea ${at + 1}\nsegunda línea` },
      { label: "Archivo, 12 bytes", text: "acta.pdf" },
    ],
  })),
  mark,
  digest: "ab".repeat(32),
  at: Date.UTC(2026, 10, 29),
  page: (number, count) => `Página ${number} de ${count}`,
});

describe("a marked record", () => {
  it("holds every word of its entries", async () => {
    const { text } = readPdf(await writeMarked(sheet(3)));
    for (const said of ["Primera línea 3", "segunda línea", "acta.pdf", "Exportado por"]) {
      expect(joined(text)).toContain(joined(said));
    }
  });

  it("says on each of its pages who took it away, when and for whom, and which page it is", async () => {
    const bytes = await writeMarked(sheet(60));
    const { artifacts, pages } = readPdf(bytes);
    const said = joined(artifacts);
    expect(pages).toBeGreaterThan(3);
    expect(said.split(joined(MARK)).length - 1).toBe(pages);
    expect(said).toContain(joined(`Página ${pages} de ${pages}`));
  });

  it("has room for whatever may be typed of the court and of who receives it", async () => {
    const mark = `${MARK} ${"Juzgado de Paz ".repeat(36)}fin`;
    const { artifacts, pages } = readPdf(await writeMarked(sheet(3, mark)));
    expect(joined(artifacts).split(joined(mark)).length - 1).toBe(pages);
  });
});
