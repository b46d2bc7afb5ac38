import { describe, expect, it } from "vitest";
import { dangerOf, isAsked, pretended } from "./dangers";
import { extensionOf, kindOf } from "./judge/kinds";

describe("what a file may be shown as, by its name", () => {
  it.each([
    ["acta.pdf", "pdf"],
    ["ACTA.PDF", "pdf"],
    ["foto.JPEG", "picture"],
    ["foto.webp", "picture"],
    ["nota.txt", "text"],
    ["datos.csv", "text"],
    ["acta.pdf.exe", null],
    ["dibujo.svg", null],
    ["pagina.html", null],
    ["foto.heic", null],
    ["sin punto", null],
  ])("%s: %s", (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });

  it("does not depend on spaces at its end", () => {
    expect(extensionOf("acta.exe  ")).toBe("exe");
  });
});

describe("what a file may do that is only downloaded", () => {
  it.each([
    ["acta.exe", "program", true],
    ["acta.lnk", "program", true],
    ["oficio.docm", "macros", true],
    ["oficio.doc", "macros", true],
    ["todo.zip", "archive", true],
    ["disco.iso", "archive", true],
    ["dibujo.svg", "page", true],
    ["pagina.html", "page", true],
    ["oficio.docx", "office", false],
    ["audiencia.mp4", "media", false],
    ["foto.heic", "media", false],
    ["datos.xyz", "unknown", false],
    ["sin punto", "unknown", false],
  ] as const)("%s: %s", (name, danger, asked) => {
    expect(dangerOf(name)).toBe(danger);
    expect(isAsked(danger)).toBe(asked);
  });

  it.each(["acta.pdf", "foto.png", "nota.txt"])("%s: nothing that is said", (name) => {
    expect(dangerOf(name)).toBeNull();
  });
});

describe("an ending before the ending", () => {
  it.each([
    ["acta.pdf.exe", "pdf"],
    ["acta.PDF .scr", "pdf"],
    ["foto.jpg.html", "jpg"],
    ["oficio.docx.pdf", "docx"],
    ["todo.tar.gz", null],
    ["acta.2026.exe", null],
    ["acta.v2.pdf", null],
    ["acta.pdf.pdf", null],
    ["acta.pdf", null],
  ])("%s pretends: %s", (name, pretends) => {
    expect(pretended(name)).toBe(pretends);
  });
});
