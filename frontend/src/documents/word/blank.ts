/**
 * The Word template that is used where an office brings none, and that offices begin theirs with:
 * the tags in it are docxtemplater's, in braces.
 */
import { utf8 } from "../../bytes";
import type { Parts } from "./parts";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const DRAWING = "http://schemas.openxmlformats.org/drawingml/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const NAMES =
  `xmlns:w="${WORD}" xmlns:r="${OFFICE}" xmlns:a="${DRAWING}/main"` +
  ` xmlns:wp="${DRAWING}/wordprocessingDrawing" xmlns:pic="${DRAWING}/picture"`;
/** English Metric Units to a point. */
const EMU = 12_700;

/** The largest side of an emblem, in points. */
const EMBLEM = 64;

type Emblem = { readonly bytes: Uint8Array; readonly width: number; readonly height: number };

/** Its parts by name. `emblem`: drawn at the head of the first page, with the tag {says} beside it. */
export function blankTemplate(emblem: Emblem | null): Parts {
  const texts: Record<string, string> = {
    "[Content_Types].xml": contentTypes(),
    "_rels/.rels": relations([
      ["rId1", `${OFFICE}/officeDocument`, "word/document.xml"],
      ["rId2", `${PACKAGE}/relationships/metadata/core-properties`, "docProps/core.xml"],
    ]),
    "docProps/core.xml":
      `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties"` +
      ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>' +
      "<dc:creator>CaseHub</dc:creator></cp:coreProperties>",
    "word/_rels/document.xml.rels": relations([
      ["rId1", `${OFFICE}/styles`, "styles.xml"],
      ["rId2", `${OFFICE}/header`, "header1.xml"],
      ["rId3", `${OFFICE}/header`, "header2.xml"],
      ["rId4", `${OFFICE}/footer`, "footer1.xml"],
    ]),
    "word/document.xml":
      `<w:document ${NAMES}><w:body>${said("{@request}")}` +
      '<w:sectPr><w:headerReference w:type="first" r:id="rId2"/>' +
      '<w:headerReference w:type="default" r:id="rId3"/>' +
      '<w:footerReference w:type="first" r:id="rId4"/><w:footerReference w:type="default" r:id="rId4"/>' +
      '<w:pgSz w:w="12240" w:h="15840"/>' +
      '<w:pgMar w:top="1440" w:right="1440" w:bottom="1800" w:left="1440" w:header="720" w:footer="720"/>' +
      "<w:titlePg/></w:sectPr></w:body></w:document>",
    "word/styles.xml": styles(),
    "word/header1.xml":
      `<w:hdr ${NAMES}>${emblem ? drawn(emblem) : ""}${said("{#above}", "{.}", "{/above}")}` +
      `${said("")}</w:hdr>`,
    "word/header2.xml": `<w:hdr ${NAMES}>${said("{banner}")}</w:hdr>`,
    "word/footer1.xml":
      `<w:ftr ${NAMES}>${said("{#below}", "{.}", "{/below}")}<w:p><w:pPr><w:jc w:val="center"/></w:pPr>` +
      `${text("{pageBefore}")}${field("PAGE")}${text("{pageBetween}")}${field("NUMPAGES")}</w:p></w:ftr>`,
  };
  if (emblem !== null) {
    texts["word/_rels/header1.xml.rels"] = relations([
      ["rId1", `${OFFICE}/image`, "media/emblem.jpeg"],
    ]);
  }
  const parts: [string, Uint8Array][] = Object.entries(texts).map(([name, xml]) => [
    name,
    utf8.encode(`${HEAD}${xml}`),
  ]);
  if (emblem !== null) parts.push(["word/media/emblem.jpeg", emblem.bytes]);
  return new Map(parts);
}

const text = (of: string): string => `<w:r><w:t xml:space="preserve">${of}</w:t></w:r>`;
const said = (...texts: string[]): string => texts.map((of) => `<w:p>${text(of)}</w:p>`).join("");
const field = (name: string): string =>
  `<w:fldSimple w:instr="${name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>`;

function relations(all: readonly (readonly [string, string, string])[]): string {
  const one = ([id, type, target]: readonly [string, string, string]): string =>
    `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`;
  return `<Relationships xmlns="${PACKAGE}/relationships">${all.map(one).join("")}</Relationships>`;
}

function contentTypes(): string {
  const parts: readonly (readonly [string, string])[] = [
    ["/word/document.xml", `${TYPE}.document.main+xml`],
    ["/word/styles.xml", `${TYPE}.styles+xml`],
    ["/word/header1.xml", `${TYPE}.header+xml`],
    ["/word/header2.xml", `${TYPE}.header+xml`],
    ["/word/footer1.xml", `${TYPE}.footer+xml`],
    ["/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"],
  ];
  const rows = parts.map(([name, type]) => `<Override PartName="${name}" ContentType="${type}"/>`);
  return (
    `<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Default Extension="jpeg" ContentType="image/jpeg"/>${rows.join("")}</Types>`
  );
}

function styles(): string {
  const style = (id: string, name: string, size: number): string =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/>` +
    `<w:next w:val="Normal"/><w:qFormat/><w:rPr><w:b/><w:sz w:val="${size}"/></w:rPr></w:style>`;
  return (
    `<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr>` +
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:sz w:val="22"/>' +
    '<w:szCs w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>' +
    '<w:spacing w:after="80" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>' +
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>' +
    `</w:style>${style("Title", "Title", 36)}${style("Heading1", "heading 1", 28)}` +
    `${style("Heading2", "heading 2", 24)}</w:styles>`
  );
}

function drawn({ width, height }: Emblem): string {
  const scale = (EMBLEM * EMU) / Math.max(width, height);
  const [cx, cy] = [Math.round(width * scale), Math.round(height * scale)];
  return (
    `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="${cx}" cy="${cy}"/>` +
    '<wp:docPr id="1" name="emblem" descr="{says}"/>' +
    `<a:graphic><a:graphicData uri="${DRAWING}/picture"><pic:pic><pic:nvPicPr>` +
    '<pic:cNvPr id="1" name="emblem"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>' +
    '<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>' +
    `<a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm>` +
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>' +
    "</wp:inline></w:drawing></w:r></w:p>"
  );
}
