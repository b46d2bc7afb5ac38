import { describe, expect, it } from "vitest";
import { edited, flawOf, template } from "../../../tests/documents/templates";
import { utf8 } from "../../bytes";
import { judge } from "./judging";
import { partsOf } from "./parts";

const added = (name: string, xml: string): Uint8Array =>
  template((files) => {
    files[name] = utf8.encode(xml);
  });
const body = (xml: string): Uint8Array =>
  edited("word/document.xml", (all) => all.replace("<w:body>", `<w:body>${xml}`));
const relation = (attributes: string, xml = ""): Uint8Array =>
  template((files) => {
    const append = (name: string, before: string, what: string): void => {
      const all = utf8.decode(files[name] ?? new Uint8Array());
      files[name] = utf8.encode(all.replace(before, what));
    };
    append(
      "word/_rels/document.xml.rels",
      "</Relationships>",
      `<Relationship Id="x" ${attributes}/></Relationships>`,
    );
    append("word/document.xml", "<w:body>", `<w:body>${xml}`);
  });
const type = (row: string): Uint8Array =>
  edited("[Content_Types].xml", (xml) => xml.replace("</Types>", `${row}</Types>`));

const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MS = "http://schemas.microsoft.com/office";
const mark = (kind: string): string => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`;
const told = (text: string): string => `<w:r><w:instrText>${text}</w:instrText></w:r>`;
const gone = (text: string): string => `<w:r><w:delInstrText>${text}</w:delInstrText></w:r>`;
const field = (...pieces: string[]): Uint8Array =>
  body(`<w:p>${mark("begin")}${pieces.join("")}${mark("end")}</w:p>`);

const MC = "http://schemas.openxmlformats.org/markup-compatibility/2006";
/** What only a reader who knows `zz` sees. */
const unread = (xml: string): string =>
  `<mc:AlternateContent xmlns:mc="${MC}" xmlns:zz="urn:zz"><mc:Choice Requires="zz">${xml}</mc:Choice></mc:AlternateContent>`;
const ignored = (xml: string): string =>
  `<zz:x xmlns:mc="${MC}" xmlns:zz="urn:zz" mc:Ignorable="zz">${xml}</zz:x>`;

const VML_OFFICE = "urn:schemas-microsoft-com:office:office";
const schema = (attribute: string): string =>
  `<sl:schema xmlns:sl="http://schemas.openxmlformats.org/schemaLibrary/2006/main" sl:${attribute}="https://x.example"/>`;

const other = (text: string): string =>
  `<w:r><zz:instrText xmlns:mc="${MC}" xmlns:zz="${MS}/zz" mc:Ignorable="zz">${text}</zz:instrText></w:r>`;
const strict = (xml: string): string =>
  xml.replaceAll(/(<\/?)w:(\w+)/g, `$1s:$2`).replace("<s:r", `<s:r xmlns:s="${STRICT}"`);

describe("a Word template is refused, however it is written,", () => {
  const FIELDS: [string, () => Uint8Array][] = [
    ["between other quotes", () => body("<w:fldSimple w:instr='INCLUDETEXT x'/>")],
    ["as CDATA", () => field(told("<![CDATA[DDEAUTO cmd]]>"))],
    ["by references", () => field(told("&#68;DEAUTO cmd"))],
    ["around a comment", () => field(told("DDE<!-- -->AUTO cmd"))],
    ["in pieces", () => field(told("INCLU"), told("DETEXT x"))],
    ["in a piece that looks like a switch", () => field(told("\\* "), told("LINK"))],
    ["behind one that is harmless", () => field(told("PAGE \\* "), told("x DDE y"))],
    ["as what a field gives", () => field(mark("begin"), told("PAGE"), mark("end"))],
    ["as text between the marks", () => field("<w:r><w:t>DDEAUTO cmd</w:t></w:r>")],
    ["as a tag between the marks", () => field("<w:r><w:t>{title}</w:t></w:r>")],
    ["as a deletion", () => field("<w:r><w:delInstrText>DDE x</w:delInstrText></w:r>")],
    [
      "in pieces of which others read some",
      () =>
        body(
          `<w:p>${mark("begin")}${unread(told("PAGE \\* "))}${told("DDEAUTO ")}${unread(told(" \\* "))}${told("cmd ")}${mark("end")}</w:p>`,
        ),
    ],
    ["in an element that others may ignore", () => field(ignored(told("PAGE")))],
    ["with a mark that others do not read", () => field(told("PAGE"), unread(mark("separate")))],
    ["as text that others do not read", () => field(unread("<w:r><w:t>PAGE</w:t></w:r>"))],
    [
      "in pieces of a vocabulary that others may ignore",
      () =>
        body(
          `<w:p>${mark("begin")}${other("PAGE \\* ")}${told("DDEAUTO ")}${other(" \\* ")}${told("cmd ")}${mark("end")}</w:p>`,
        ),
    ],
    ["in words of the other form of the standard", () => field(strict(told("PAGE")))],
    [
      "in a control that is filled with what lies elsewhere",
      () => field(`<w:sdt><w:sdtContent>${told("PAGE")}</w:sdtContent></w:sdt>`),
    ],
    ["in an element that is none", () => field(`<w:other>${told("PAGE")}</w:other>`)],
    [
      "as a deletion of text between the marks",
      () => field("<w:r><w:delText>DDE</w:delText></w:r>", told("PAGE")),
    ],
    [
      "in a change that may be taken back",
      () => field(told("PAGE"), `<w:ins>${told(" ")}</w:ins>`),
    ],
    [
      "of whose mark there are two kinds",
      () =>
        field(
          told("PAGE"),
          '<w:r><w:fldChar xmlns:zz="urn:zz" zz:fldCharType="separate" w:fldCharType="begin"/></w:r>',
          "<w:r><w:t>DDEAUTO cmd</w:t></w:r>",
        ),
    ],
    [
      "of whose piece others leave out what is in elements",
      () =>
        field(
          `<w:r><w:instrText xmlns:mc="${MC}" xmlns:zz="urn:zz" mc:Ignorable="zz"><zz:x>PAGE \\* </zz:x>DDEAUTO <zz:x>\\* </zz:x>cmd <zz:x>\\* </zz:x>x</w:instrText></w:r>`,
        ),
    ],
    ["with an alternative within a piece", () => field(told(`PAGE ${unread("\\* x")}`))],
    ["without an end", () => body(`<w:p>${mark("begin")}${told("DDE x")}</w:p>`)],
    ["without a beginning", () => body(`<w:p>${told("PAGE")}</w:p>`)],
    [
      "under another prefix",
      () => body(`<v:p xmlns:v="${WORD}"><v:fldSimple v:instr="DDE x"/></v:p>`),
    ],
    ["in the strict vocabulary", () => body(`<p xmlns="${STRICT}"><fldSimple instr="DDE x"/></p>`)],
    [
      "in a part of its own",
      () =>
        added("word/other.xml", `<w:hdr xmlns:w="${WORD}"><w:fldSimple w:instr="DDE"/></w:hdr>`),
    ],
  ];
  it.each(FIELDS)("a field %s", (_, file) => {
    expect(flawOf(file())).toBe("template-field");
  });

  const ACTIVE: [string, () => Uint8Array][] = [
    ["HTML under another prefix", () => body(`<v:altChunk xmlns:v="${WORD}"/>`)],
    ["an object", () => body("<w:object/>")],
    ["a control", () => body("<w:control/>")],
    ["a macro of a form", () => body('<w:entryMacro w:val="x"/>')],
    [
      "a film that is HTML",
      () => body(`<v:webVideoPr xmlns:v="${MS}/word/2012/wordprocessingDrawing"/>`),
    ],
    ["a document type behind a comment", () => edited("word/styles.xml", withDoctype)],
    ["an add-in", () => added("word/webextensions/taskpanes.xml", "<x/>")],
    [
      "an add-in under another name",
      () => relation(`Type="${MS}/2011/relationships/webextensiontaskpanes" Target="a.xml"`),
    ],
    ["a relation of an unknown kind", () => relation(`Type="${OFFICE}/x" Target="a.xml"`)],
    ["a relation of no kind", () => relation('Target="a.xml"')],
    ["a file of another kind", () => added("word/media/a.exe", "x")],
    ["XML under another name", () => added("word/document2.XML", `<w:p xmlns:w="${WORD}"/>`)],
    [
      "a picture that is declared a document",
      () =>
        type(
          '<Override PartName="/word/media/a.png" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>',
        ),
    ],
    [
      "macros that are declared",
      () => type("<Default Extension='xml' ContentType='application/vnd.ms-office.vbaProject'/>"),
    ],
  ];
  it.each(ACTIVE)("what runs: %s", (_, file) => {
    expect(flawOf(file())).toBe("template-active");
  });

  const LINK = `Type="${OFFICE}/hyperlink" TargetMode="External"`;
  const OUTSIDE: [string, () => Uint8Array][] = [
    [
      "by a reference in the mode",
      () => relation(`Type="${OFFICE}/image" TargetMode="&#69;xternal" Target="https://x.example"`),
    ],
    [
      "in another spelling",
      () => relation(`Type="${OFFICE}/image" TargetMode="external" Target="https://x.example"`),
    ],
    [
      "with a word that looks like a link's",
      () =>
        relation(`Type="${OFFICE}/image" TargetMode="External" Target="https://x/" x="/hyperlink"`),
    ],
    ["without a mode", () => relation(`Type="${OFFICE}/image" Target="https://x.example/a.png"`)],
    ["on another machine", () => relation(`Type="${OFFICE}/image" Target="\\\\x\\a.png"`)],
    ["a link to a file", () => relation(`${LINK} Target="file:///x"`)],
    [
      "a picture by way of a link",
      () => relation(`${LINK} Target="https://x.example"`, '<a:blip r:embed="x"/>'),
    ],
    ["a picture that is not in it", () => body('<a:blip r:link="x"/>')],
    [
      "a picture of the old kind",
      () => body('<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="https://x.example"/>'),
    ],
    [
      "a picture of the old kind by way of a link",
      () =>
        relation(
          `${LINK} Target="https://x.example"`,
          `<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="${VML_OFFICE}" o:relid="x"/>`,
        ),
    ],
    [
      "another picture of the old kind",
      () =>
        body(
          `<v:fill xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="${VML_OFFICE}" o:althref="https://x.example"/>`,
        ),
    ],
    ["a schema", () => body(schema("schemaLocation"))],
    ["what comes with a schema", () => body(schema("manifestLocation"))],
    ["the rows of a letter to many", () => body("<w:mailMerge/>")],
    [
      "in relations whose name is written with other letters",
      () =>
        template((files) => {
          const name = "word/_rels/document.xml.rels";
          const all = utf8.decode(files[name] ?? new Uint8Array());
          delete files[name];
          const row = `<Relationship Id="x" ${LINK} Target="https://x.example"/></Relationships>`;
          files["word/_rels/Document.xml.rels"] = utf8.encode(all.replace("</Relationships>", row));
          const xml = utf8.decode(files["word/document.xml"] ?? new Uint8Array());
          files["word/document.xml"] = utf8.encode(
            xml.replace("<w:body>", '<w:body><a:blip r:embed="x"/>'),
          );
        }),
    ],
    [
      "in relations of another part",
      () =>
        added(
          "word/_rels/none.xml.rels",
          `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${OFFICE}/attachedTemplate" Target="https://x" TargetMode="External"/></Relationships>`,
        ),
    ],
  ];
  it.each(OUTSIDE)("what fetches: %s", (_, file) => {
    expect(flawOf(file())).toBe("template-outside");
  });

  const BROKEN: [string, () => Uint8Array][] = [
    ["not closed", () => body("<w:p>")],
    ["closed by another name", () => body("<w:p></w:r>")],
    [
      "in two parts whose names are one",
      () => added("word/Document.xml", `<w:document xmlns:w="${WORD}"/>`),
    ],
    ["with a prefix of nothing", () => body("<zz:p/>")],
    ["in UTF-7, by its own word", () => encoded("utf-7")],
    ["in EBCDIC, by its own word", () => encoded("IBM037")],
    [
      "in UTF-16",
      () =>
        template((files) => {
          files["word/styles.xml"] = new Uint8Array([0xff, 0xfe, 0x3c, 0]);
        }),
    ],
  ];
  it.each(BROKEN)("XML that others would read otherwise: %s", (_, file) => {
    expect(flawOf(file())).toBe("template-not-word");
  });
});

const withDoctype = (xml: string): string =>
  xml.replace("<w:styles", '<!-- x --><!DOCTYPE x [<!ENTITY a "b">]><w:styles');
const encoded = (name: string): Uint8Array =>
  edited("word/styles.xml", (xml) => xml.replace("UTF-8", name));

describe("a Word template is taken with", () => {
  const FINE: [string, () => Uint8Array][] = [
    ["the number of a page, in pieces", () => field(told("PA"), told("GE \\* MERGEFORMAT"))],
    [
      "its last result",
      () => field(told(" NUMPAGES "), mark("separate"), "<w:r><w:t>INCLUDETEXT x</w:t></w:r>"),
    ],
    [
      "the number of a page in a text box, in both of its forms",
      () => {
        const whole = `<w:p>${mark("begin")}${told("PAGE")}${mark("separate")}${mark("end")}</w:p>`;
        return body(
          `<w:p><w:r><mc:AlternateContent xmlns:mc="${MC}" xmlns:wps="${MS}/word/2010/wordprocessingShape"><mc:Choice Requires="wps">${whole}</mc:Choice><mc:Fallback>${whole}</mc:Fallback></mc:AlternateContent></w:r></w:p>`,
        );
      },
    ],
    [
      "the number of a page in a control of its own",
      () =>
        body(
          `<w:sdt><w:sdtContent><w:p>${mark("begin")}${told("PAGE")}${mark("separate")}${mark("end")}</w:p></w:sdtContent></w:sdt>`,
        ),
    ],
    [
      "the number of a page that was deleted",
      () => body(`<w:p><w:del>${mark("begin")}${gone("PAGE")}${mark("end")}</w:del></w:p>`),
    ],
    [
      "a field within what another one gives",
      () =>
        field(
          told("PAGE"),
          mark("separate"),
          unread(`${mark("begin")}${told("PAGE")}${mark("end")}`),
        ),
    ],
    [
      "a link that somebody follows",
      () =>
        relation(
          `Type="${OFFICE}/hyperlink" TargetMode="External" Target="mailto:a@x.example"`,
          '<w:p><w:hyperlink r:id="x"/></w:p>',
        ),
    ],
    [
      "an office's own data, whatever it calls them",
      () => added("customXml/item1.xml", '<object xmlns="urn:own" src="https://x.example"/>'),
    ],
    [
      "where a vocabulary says that its schema is",
      () =>
        edited("docProps/core.xml", (xml) =>
          xml.replace(
            "<cp:coreProperties",
            '<cp:coreProperties xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a https://x.example"',
          ),
        ),
    ],
    ["a mark of the order of bytes", () => edited("word/styles.xml", (xml) => `\ufeff${xml}`)],
    ["elements as deep as a stack", () => body(`${"<w:p>".repeat(9000)}${"</w:p>".repeat(9000)}`)],
  ];
  it.each(FINE)("%s", (_, file) => {
    expect(flawOf(file())).toBeUndefined();
  });
});

describe("what Word writes and nobody needs", () => {
  const SHAPE = `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="${VML_OFFICE}" id="a" o:gfxdata="UEsDBBQABgAI&#xA;"/></w:pict></w:r></w:p>`;
  const TAG =
    '<w:smartTagType w:namespaceuri="urn:schemas-microsoft-com:office:smarttags" w:name="place" w:url="http://x.example/"/>';
  const WRITTEN: [string, string, string, string][] = [
    ["the second form of a shape, a file in a file", SHAPE, "gfxdata", 'id="a"'],
    ["where smart tags fetch from", TAG, "x.example", 'w:name="place"'],
  ];
  it.each(WRITTEN)("is taken out before anything is made: %s", (_, xml, gone, kept) => {
    const name = "word/document.xml";
    const all = utf8.decode(partsOf(body(xml)).get(name) ?? new Uint8Array());
    expect(all).not.toContain(gone);
    expect(all).toContain(kept);
    expect(all).toContain("{@request}");
    const given = utf8.encode(`<w:p xmlns:w="${WORD}">${xml}</w:p>`);
    expect(() => judge(name, given, new Set())).toThrow("template-active");
  });
});
