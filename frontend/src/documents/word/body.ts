/**
 * An outline as the body of a Word document, to be poured into a template.
 *
 * Headings carry their level themselves besides the name of a style: a template that calls its
 * styles otherwise still gets headings.
 */
import type { Line, Outline, Part, Table } from "../outline";
import { paragraph, type Run, run } from "./xml";

const SIZE = { title: 36, section: 28, item: 24 } as const;
const LINE_WIDTH = 30;

export function bodyOf(outline: Outline): string {
  const { title, head, parts, signature, before } = outline;
  const line = (one: Line): string => lineOf(one, before);
  return [
    heading("Title", null, title),
    ...head.map(line),
    ...parts.map((part, place) => partOf(part, place + 1, line)),
    heading("Heading1", 0, signature.title),
    ...signature.lines.map(line),
    paragraph('<w:spacing w:before="1200"/>', [
      { text: `${before(signature.on)}${"_".repeat(LINE_WIDTH)}` },
    ]),
  ].join("");
}

function partOf(
  { title, lines, items, table }: Part,
  number: number,
  line: (one: Line) => string,
): string {
  return [
    heading("Heading1", 0, `${number}. ${title}`),
    ...lines.map(line),
    ...(table ? [tableOf(table)] : []),
    ...items.flatMap((item) => [heading("Heading2", 1, item.title), ...item.lines.map(line)]),
  ].join("");
}

function heading(style: "Title" | "Heading1" | "Heading2", level: 0 | 1 | null, text: string) {
  const size = { Title: SIZE.title, Heading1: SIZE.section, Heading2: SIZE.item }[style];
  const properties = [
    `<w:pStyle w:val="${style}"/><w:keepNext/>`,
    '<w:spacing w:before="240" w:after="80"/>',
    level === null ? "" : `<w:outlineLvl w:val="${level}"/>`,
  ].join("");
  return paragraph(properties, [{ text, bold: true, size }]);
}

function lineOf(
  { label, paragraphs, long, numbered, language, note }: Line,
  before: (label: string) => string,
): string {
  const notes: Run[] = note === undefined ? [] : [{ text: ` ${note}`, quiet: true }];
  if (!long) {
    const runs = [
      { text: before(label), bold: true },
      { text: paragraphs.join(" "), language },
    ];
    return paragraph("", [...runs, ...notes]);
  }
  const texts = paragraphs.map((text, place) =>
    numbered
      ? `<w:p><w:pPr><w:ind w:left="480" w:hanging="480"/></w:pPr>${run({ text: `${place + 1}.` })}` +
        `<w:r><w:tab/></w:r>${run({ text, language })}</w:p>`
      : paragraph("", [{ text, language }]),
  );
  return [paragraph("<w:keepNext/>", [{ text: label, bold: true }, ...notes]), ...texts].join("");
}

const BORDERS = ["top", "left", "bottom", "right", "insideH", "insideV"]
  .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>`)
  .join("");
const MARGINS = ["top", "left", "bottom", "right"]
  .map((side) => `<w:${side} w:w="80" w:type="dxa"/>`)
  .join("");

function tableOf({ head, rows }: Table): string {
  const row = (cells: readonly string[], first: boolean): string => {
    const properties = `<w:cantSplit/>${first ? "<w:tblHeader/>" : ""}`;
    const written = cells.map(
      (text) =>
        `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>${paragraph("", [{ text, bold: first }])}</w:tc>`,
    );
    return `<w:tr><w:trPr>${properties}</w:trPr>${written.join("")}</w:tr>`;
  };
  const properties =
    '<w:tblW w:w="5000" w:type="pct"/>' +
    `<w:tblBorders>${BORDERS}</w:tblBorders><w:tblCellMar>${MARGINS}</w:tblCellMar>`;
  const grid = head.map(() => '<w:gridCol w:w="1800"/>').join("");
  const all = [row(head, true), ...rows.map((cells) => row(cells, false))].join("");
  return `<w:tbl><w:tblPr>${properties}</w:tblPr><w:tblGrid>${grid}</w:tblGrid>${all}</w:tbl>${paragraph("", [])}`;
}
