import { describe, expect, it } from "vitest";
import { ascii, pdf, png, zip } from "../../../tests/files/samples";
import { Unsound } from "./kinds";
import { MOST_TEXT, textOf } from "./text";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function refused(data: Uint8Array): string | null {
  try {
    textOf(data);
    return null;
  } catch (error) {
    if (error instanceof Unsound) return error.reason;
    throw error;
  }
}

describe("a text", () => {
  it.each([
    ["plain words", "El acta es ñ — 1.\r\n\tDos\n", "El acta es ñ — 1.\r\n\tDos\n"],
    ["what turns the direction round", "pago\u202e001", "pago⟦U+202E⟧001"],
    ["what isolates", "a\u2066b\u2069", "a⟦U+2066⟧b⟦U+2069⟧"],
    ["what has no width", "pa\u200bgo\u2060\ufeff", "pa⟦U+200B⟧go⟦U+2060⟧⟦U+FEFF⟧"],
    ["tags", "x\u{e0041}", "x⟦U+E0041⟧"],
    ["a mark at its beginning that it is UTF-8", "\ufeffacta", "acta"],
    ["an emoji of several", "👩\u200d⚖", "👩\u200d⚖"],
    ["marks of a page, further on", `${"x".repeat(5000)}<b>`, `${"x".repeat(5000)}<b>`],
    ["nothing", "", ""],
  ])("with %s is shown so that all of it is seen", (_, text, shown) => {
    expect(textOf(bytes(text))).toEqual({ text: shown, notes: [] });
  });

  it("that is long is shown by its beginning, and that is said", () => {
    const { text, notes } = textOf(bytes("😀".repeat(MOST_TEXT / 2 + 1)));
    expect([text.length, notes]).toEqual([MOST_TEXT, ["cut"]]);
    expect(textOf(bytes(`x${"😀".repeat(MOST_TEXT)}`)).text).not.toMatch(/[\ud800-\udbff]$/);
  });

  it.each([
    ["Latin-1", ascii("se\xf1or")],
    ["UTF-16", ascii("\xff\xfea\0b\0")],
    ["a zero byte", ascii("a\0b")],
    ["a sequence of a terminal", ascii("\x1b[2J")],
    ["a PDF", pdf()],
    ["a picture", png()],
    ["a ZIP", zip()],
    ["a program", ascii("MZ text only")],
    ["an RTF", ascii("{\\rtf1 }")],
    ["a half of a character", ascii("\xed\xa0\x80")],
    ["a character in too many bytes", ascii("\xc0\xaf")],
  ])("that is %s is none", (_, data) => {
    expect(refused(data)).toBe("differs");
  });

  it.each([
    ["a page", "<!DOCTYPE html><p>x"],
    ["a page after words", "hola <script>alert(1)</script>"],
    ["an SVG", "<svg onload=x>"],
    ["a PDF a little further on", "\n%PDF-1.4"],
  ])("that is %s as well is not shown", (_, text) => {
    expect(refused(bytes(text))).toBe("two");
  });
});
