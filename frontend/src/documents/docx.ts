/** An outline as a Word document: real headings, lists and table heads, each text in its language. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { Line, Outline, Part, Table as Rows } from "./outline";

const NUMBERS = "numbers";
const QUIET = "555555";
const TWIPS_PER_POINT = 20;
const LINE_WIDTH = 30;

export async function writeDocx(outline: Outline): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new Writer(outline);
  return new Uint8Array(await Packer.toArrayBuffer(writer.document()));
}

class Writer {
  /** Every numbered list counts from 1: Word wants another instance for each. */
  #lists = 0;

  constructor(readonly outline: Outline) {}

  document(): Document {
    const { language, title, reference } = this.outline;
    return new Document({
      title: reference === "" ? title : `${title} · ${reference}`,
      creator: "CaseHub",
      lastModifiedBy: "CaseHub",
      styles: {
        default: {
          document: {
            run: { font: "Arial", size: 22, language: { value: language } },
            paragraph: { spacing: { after: 80, line: 276 } },
          },
          title: { run: { size: 36, bold: true }, paragraph: { spacing: { after: 200 } } },
          heading1: {
            run: { size: 28, bold: true },
            paragraph: { spacing: { before: 320, after: 100 }, keepNext: true },
          },
          heading2: {
            run: { size: 24, bold: true },
            paragraph: { spacing: { before: 200, after: 80 }, keepNext: true },
          },
        },
      },
      numbering: {
        config: [
          {
            reference: NUMBERS,
            levels: [
              {
                level: 0,
                format: LevelFormat.DECIMAL,
                text: "%1.",
                alignment: AlignmentType.START,
                style: { paragraph: { indent: { left: 480, hanging: 360 } } },
              },
            ],
          },
        ],
      },
      sections: [
        {
          headers: { default: this.#header() },
          footers: { default: this.#footer() },
          children: this.#body(),
        },
      ],
    });
  }

  #header(): Header {
    const { banner, reference } = this.outline;
    const text = reference === "" ? banner : `${banner} · ${reference}`;
    return new Header({
      children: [
        new Paragraph({
          alignment: AlignmentType.END,
          children: [this.#run(text, { bold: true })],
        }),
      ],
    });
  }

  #footer(): Footer {
    // the words around the two numbers, which Word fills in
    const [before = "", between = "", after = ""] = this.outline.page(1, 2).split(/[12]/);
    const children = [before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES, after];
    const run = new TextRun({ children, language: { value: this.outline.language } });
    return new Footer({
      children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [run] })],
    });
  }

  #body(): (Paragraph | Table)[] {
    const { title, head, parts, signature } = this.outline;
    return [
      new Paragraph({ heading: HeadingLevel.TITLE, children: [this.#run(title)] }),
      ...head.flatMap((line) => this.#line(line)),
      ...parts.flatMap((part, place) => this.#part(part, place + 1)),
      this.#heading(signature.title, HeadingLevel.HEADING_1),
      ...signature.lines.flatMap((line) => this.#line(line)),
      new Paragraph({
        spacing: { before: 60 * TWIPS_PER_POINT },
        children: [this.#run(`${this.outline.before(signature.on)}${"_".repeat(LINE_WIDTH)}`)],
      }),
    ];
  }

  #part({ title, lines, items, table }: Part, number: number): (Paragraph | Table)[] {
    return [
      this.#heading(`${number}. ${title}`, HeadingLevel.HEADING_1),
      ...lines.flatMap((line) => this.#line(line)),
      ...(table ? [this.#table(table)] : []),
      ...items.flatMap((item) => [
        this.#heading(item.title, HeadingLevel.HEADING_2),
        ...item.lines.flatMap((line) => this.#line(line)),
      ]),
    ];
  }

  #heading(text: string, heading: (typeof HeadingLevel)[keyof typeof HeadingLevel]): Paragraph {
    return new Paragraph({ heading, children: [this.#run(text)] });
  }

  #line({ label, paragraphs, long, numbered, language, note }: Line): Paragraph[] {
    const notes =
      note === undefined ? [] : [this.#run(` ${note}`, { italics: true, color: QUIET })];
    if (!long) {
      const text = this.#run(paragraphs.join(" "), { language });
      const children = [this.#run(this.outline.before(label), { bold: true }), text, ...notes];
      return [new Paragraph({ children })];
    }
    if (numbered) this.#lists += 1;
    const list = { reference: NUMBERS, level: 0, instance: this.#lists };
    return [
      new Paragraph({ keepNext: true, children: [this.#run(label, { bold: true }), ...notes] }),
      ...paragraphs.map(
        (text) =>
          new Paragraph({
            ...(numbered && { numbering: list }),
            children: [this.#run(text, { language })],
          }),
      ),
    ];
  }

  #table({ head, rows }: Rows): Table {
    const border = { style: BorderStyle.SINGLE, size: 4, color: "999999" };
    const row = (cells: readonly string[], tableHeader: boolean): TableRow =>
      new TableRow({
        tableHeader,
        cantSplit: true,
        children: cells.map(
          (text) =>
            new TableCell({
              margins: { top: 60, bottom: 60, left: 100, right: 100 },
              children: [new Paragraph({ children: [this.#run(text, { bold: tableHeader })] })],
            }),
        ),
      });
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      borders: {
        top: border,
        bottom: border,
        left: border,
        right: border,
        insideHorizontal: border,
        insideVertical: border,
      },
      rows: [row(head, true), ...rows.map((cells) => row(cells, false))],
    });
  }

  #run(
    text: string,
    style: { bold?: boolean; italics?: boolean; color?: string; language?: string } = {},
  ): TextRun {
    const { language = this.outline.language, ...rest } = style;
    return new TextRun({ text, language: { value: language }, ...rest });
  }
}
