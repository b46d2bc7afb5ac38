import { describe, expect, it } from "vitest";
import {
  ascii,
  joined,
  jpeg,
  packed,
  pdf,
  png,
  stream,
  zip,
  zip64,
} from "../../../tests/files/samples";
import { verdictOf } from "./kinds";
import { judgePdf } from "./pdf";

const judged = (bytes: Uint8Array) => verdictOf(() => judgePdf(bytes));
const withStream = (entries: string, data: Uint8Array | string = "x") =>
  pdf({ objects: [stream(entries, data)] });
const image = (more: string, data: Uint8Array | string = "x") =>
  withStream(`/Type /XObject /Subtype /Image ${more}`, data);

describe("a PDF", () => {
  it.each([
    ["of one page", pdf()],
    ["of forty pages", pdf({ pages: Array(40).fill("Hoja") })],
    ["with ends of lines behind its end", joined(pdf(), "\r\n\r\n")],
    ["that was added to", joined(pdf(), "7 0 obj\n<< >>\nendobj\nstartxref\n0\n%%EOF")],
    ["with a picture", image("/Width 8 /Height 8 /Filter /DCTDecode", jpeg())],
    ["with two filters", withStream("/Filter [/ASCII85Decode /FlateDecode]")],
    ["with filters in short", withStream("/Filter [/A85 /Fl] /DecodeParms [null null]")],
    [
      "with a stream whose length stands elsewhere",
      pdf({ objects: ["<< /Length 91 0 R >>\nstream\nabc\nendstream", "3"] }),
    ],
    [
      "with a stream whose length is wrong",
      pdf({ objects: ["<< /Length 1 >>\nstream\nabc\nendstream"] }),
    ],
    ["with strings that look like its words", pdf({ objects: ["(stream \\) endobj (x)) <3c>"] })],
  ])("%s is sound", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: null, notes: [] });
  });

  it.each([
    ["a script", "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"],
    ["a script, its name spelt otherwise", "/OpenAction << /S /J#61vaScript >>"],
    ["a program to start", "/OpenAction << /S /Launch /F (cmd.exe) >>"],
    ["a form of XML", "/AcroForm << /XFA [] >>"],
    ["an act of its own", "/AA << >>"],
  ])("with %s is shown, and said to have that", (_, catalogue) => {
    expect(judged(pdf({ catalogue }))).toEqual({ refused: null, notes: ["active"] });
  });

  it.each([
    ["files inside", "/Names << /EmbeddedFiles << /Names [] >> >>", ["attached"]],
    ["a file on a page", "/Annots [<< /Subtype /FileAttachment >>]", ["attached"]],
    [
      "files inside, and a script that opens them",
      "/Names << /EmbeddedFiles << /Names [] >> >> /OpenAction << /S /JavaScript /JS (x) >>",
      ["active", "attached"],
    ],
    [
      "files inside, and a link that leads into them",
      "/Names << /EmbeddedFiles << /Names [] >> >> /OpenAction << /S /GoToE >>",
      ["active", "attached"],
    ],
  ])("with %s says each for itself", (_, catalogue, notes) => {
    expect(judged(pdf({ catalogue }))).toEqual({ refused: null, notes });
  });
});

describe("what is refused of PDF", () => {
  it.each([
    ["the same filter twice", withStream("/Filter [/FlateDecode /FlateDecode]", packed(1e6, 2))],
    ["the same filter twice, in short once", withStream("/Filter [/Fl /FlateDecode]")],
    ["the same filter twice, spelt otherwise", withStream("/Filter [/Fl#61teDecode /FlateDecode]")],
    ["three filters", withStream("/Filter [/AHx /A85 /Fl]")],
    ["filters that stand elsewhere", withStream("/Filter 91 0 R")],
    ["one of its filters elsewhere", withStream("/Filter [/FlateDecode 91 0 R]")],
    ["filters under two names", withStream("/Filter /FlateDecode /F /FlateDecode")],
    ["filters said twice", withStream("/Filter /FlateDecode /Filter /LZWDecode")],
    ["filters in an array in an array", withStream("/Filter [[/FlateDecode]]")],
    ["a file outside", withStream("/F (c:/x)")],
    ["an object stream with two filters", withStream("/Type /ObjStm /N 1 /Filter [/AHx /Fl]")],
    ["an object stream of a million", withStream("/Type /ObjStm /N 1000000 /Filter /Fl")],
    ["a picture of 40,000 by 40,000", image("/Width 40000 /Height 40000 /Filter /FlateDecode")],
    ["a picture whose width is elsewhere", image("/Width 91 0 R /Height 9")],
    ["a picture whose width is said twice", image("/Width 9 /W 40000 /Height 40000")],
    [
      "a JPEG that is larger than is said of it",
      image("/Width 8 /Height 8 /Filter /DCTDecode", jpeg({ width: 60_000, height: 60_000 })),
    ],
    [
      "a JPEG 2000 that is larger than is said of it",
      image("/Filter /JPXDecode", ascii("\xff\x4f\xff\x51\0\x2f\0\0\0\x01\0\0\0\x01\0\0")),
    ],
    ["dictionaries in dictionaries", pdf({ objects: ["<< /a ".repeat(100) + ">> ".repeat(100)] })],
    ["arrays in arrays", pdf({ objects: ["[".repeat(5_000)] })],
  ])("%s: unpacks to more than can be foreseen", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "bomb" });
  });

  it.each([
    ["a ZIP behind its end", joined(pdf(), zip())],
    ["a page behind its end", joined(pdf(), "<html><script>")],
    ["a ZIP inside, at its end", pdf({ objects: [stream("", zip())] })],
    ["a large ZIP inside, by its form", pdf({ objects: [stream("", zip64())] })],
    ["a page at its beginning", joined("%PDF-1.4\n<html><script>x</script>\n", pdf())],
  ])("with %s: two files in one", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "two" });
  });

  it.each([
    ["one byte before it", joined("\n", pdf())],
    ["a ZIP before it", joined(zip(), pdf())],
    ["a picture's name for it", png()],
    ["nothing in it", new Uint8Array()],
  ])("with %s: not what its name says", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "differs" });
  });

  it.each([
    ["a password", joined(pdf().subarray(0, -6), "trailer << /Encrypt 9 0 R >>\n%%EOF")],
    ["a filter that encrypts", withStream("/Filter /Crypt")],
  ])("with %s: locked", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "locked" });
  });

  it.each([
    ["cut off", pdf().subarray(0, -20)],
    ["without an object", ascii("%PDF-1.4\n%%EOF")],
    ["with a stream that does not end", joined("%PDF-1.4\n1 0 obj <<>> stream\nx\n%%EOF")],
    ["with a stream of nothing", pdf({ objects: ["stream\nx\nendstream"] })],
    ["with a string that does not end", pdf({ objects: ["(x"] })],
    ["with words that are none of its own", pdf({ objects: ["alert(1)"] })],
    ["with a name that is longer than names are", pdf({ objects: [`/${"a".repeat(600)}`] })],
  ])("%s: damaged", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "damaged" });
  });

  it("with a filter that nobody knows: it cannot be drawn here", () => {
    expect(judged(withStream("/Filter /Unheard"))).toEqual({ refused: "decoder" });
  });
});
