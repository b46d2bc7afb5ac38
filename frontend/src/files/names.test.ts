import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanName, savedName } from "./names";

describe("a file's name", () => {
  it.each([
    ["acta.pdf", "acta.pdf"],
    ["foto\u202egpj.exe", "fotogpj.exe"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["C:\\Users\\ana\\acta.pdf", "C__Users_ana_acta.pdf"],
    ["nul\u0000.txt", "nul.txt"],
    ["acta\u3164.pdf", "acta.pdf"],
    ["a\u200d\u0301.pdf", "á.pdf"],
    [" .oculto ", "oculto"],
    ["...", "file"],
    ["", "file"],
    ["ñandú.pdf", "ñandú.pdf"],
  ])("%j is kept as %j", (name, kept) => {
    expect(cleanName(name)).toBe(kept);
  });

  it("is no path, and hides nothing, whatever somebody writes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const kept = cleanName(name);
        expect(kept).not.toMatch(/[\\/:\p{Cc}\p{Cf}\p{Cs}\p{DI}\u2028\u2029]/u);
        expect(kept).not.toMatch(/^\.|\.$|^$/);
        expect(cleanName(kept)).toBe(kept);
      }),
    );
  });
});

describe("the name under which a file is kept on a disk", () => {
  it.each([
    ["acta.pdf", "acta.pdf"],
    ["acta.pdf.exe", "acta_pdf.exe"],
    ["acta.pdf                    .exe", "acta_pdf .exe"],
    ["foto\u202egpj.exe", "fotogpj.exe"],
    ["todo.tar.gz", "todo.tar.gz"],
    ["CON", "_CON"],
    ["nul.txt", "_nul.txt"],
    ["control.txt", "control.txt"],
    [`${"ñ".repeat(300)}.pdf`, `${"ñ".repeat(116)}.pdf`],
    ["../../etc/passwd", "_.._etc_passwd"],
  ])("of %j is %j", (name, kept) => {
    expect(savedName(name)).toBe(kept);
  });
});
