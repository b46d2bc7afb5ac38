import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { LETTERHEAD } from "../../../tests/documents/letterhead";
import { edited, flawOf, template } from "../../../tests/documents/templates";
import { equal, utf8 } from "../../bytes";
import { blankFile } from "./fill";
import { partsOf, TEMPLATE, zipped } from "./parts";

describe("a Word template is taken, or refused for", () => {
  const relation = (attributes: string) =>
    edited("word/_rels/document.xml.rels", (xml) =>
      xml.replace("</Relationships>", `<Relationship Id="x" ${attributes}/></Relationships>`),
    );
  const word = (xml: string) =>
    edited("word/document.xml", (all) => all.replace("<w:body>", `<w:body>${xml}`));
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const CASES: [string, () => Uint8Array, string | undefined][] = [
    ["the blank one", () => blankFile(LETTERHEAD), undefined],
    [
      "one with a link",
      () => relation(`Type="${OFFICE}/hyperlink" Target="https://x.example" TargetMode="External"`),
      undefined,
    ],
    [
      "a picture from elsewhere",
      () => relation(`Type="${OFFICE}/image" Target="https://x.example" TargetMode="External"`),
      "template-outside",
    ],
    [
      "another template behind it",
      () => relation(`Target="\\\\x\\y" TargetMode='External' Type="${OFFICE}/attachedTemplate"`),
      "template-outside",
    ],
    [
      "a macro",
      () =>
        template((files) => {
          files["word/vbaProject.bin"] = new Uint8Array(4);
        }),
      "template-active",
    ],
    [
      "an embedded file",
      () =>
        template((files) => {
          files["word/embeddings/a.xlsx"] = new Uint8Array(4);
        }),
      "template-active",
    ],
    ["HTML to read in", () => word('<w:altChunk r:id="x"/>'), "template-active"],
    [
      "a document type",
      () =>
        edited("word/document.xml", (xml) => xml.replace("<w:document", "<!DOCTYPE x><w:document")),
      "template-active",
    ],
    [
      "a field that starts a program",
      () => word("<w:p><w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r></w:p>"),
      "template-field",
    ],
    [
      "a field that reads a file",
      () => word('<w:fldSimple w:instr="INCLUDETEXT x"/>'),
      "template-field",
    ],
    [
      "a file out of its folder",
      () =>
        template((files) => {
          files["word/../../x"] = new Uint8Array(1);
        }),
      "template-not-word",
    ],
    ["no Word file", () => zipSync({ "a.txt": new Uint8Array(1) }), "template-not-word"],
    ["no ZIP", () => utf8.encode("hola"), "template-not-word"],
    [
      "more than it may hold",
      () =>
        template((files) => {
          files["word/x.xml"] = new Uint8Array(TEMPLATE.inflated);
        }),
      "template-too-large",
    ],
    [
      "too many parts",
      () =>
        template((files) => {
          for (let at = 0; at <= TEMPLATE.parts; at += 1)
            files[`word/${at}.xml`] = new Uint8Array(1);
        }),
      "template-too-large",
    ],
    ["too large a file", () => new Uint8Array(TEMPLATE.bytes + 1), "template-too-large"],
  ];
  it.each(CASES)("%s", (_, file, flaw) => {
    expect(flawOf(file())).toBe(flaw);
  });

  it("is zipped to the same bytes in every zone", () => {
    const parts = partsOf(blankFile(null));
    const before = process.env.TZ;
    const zones = ["America/Tijuana", "Asia/Tokyo", "UTC"].map((zone) => {
      process.env.TZ = zone;
      return zipped(parts);
    });
    process.env.TZ = before;
    for (const one of zones) expect(equal(one, zones[0] ?? new Uint8Array())).toBe(true);
  });
});
