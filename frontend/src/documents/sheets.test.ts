import { inflateSync } from "node:zlib";
import { DOMParser } from "@xmldom/xmldom";
import { beforeAll, describe, expect, it } from "vitest";
import { JPEG } from "../../tests/documents/letterhead";
import { joined, readPdf } from "../../tests/documents/readers";
import { hex, sha256, utf8 } from "../bytes";
import { makeSheets, type Sheets, type SheetsGiven } from "./sheets";

const given: SheetsGiven = {
  language: "es",
  title: "Un título",
  mark: "1",
  at: new Date("2026-11-24T00:00:00Z"),
  banner: "Arriba",
  page: (number, of) => `Página ${number} de ${of}`,
  words: "",
};

/** A PDF whose words are those that `write` says, all with letters that a test may use. */
async function made(write: (sheets: Sheets) => void, changes: Partial<SheetsGiven> = {}) {
  const words = "abcdefghijklmnopqrstuvwxyzñáéíóúŁódźМоскваΑθήνα .,:0123456789";
  return makeSheets({ ...given, words, ...changes }, write);
}

function everything(sheets: Sheets): void {
  sheets.heading(1, "Un título");
  sheets.heading(2, "1. Parte");
  sheets.heading(3, "Una cosa");
  sheets.paragraph([
    { text: "Clave: ", bold: true },
    { text: "valor" },
    { text: "nota", quiet: true },
  ]);
  sheets.paragraph([{ text: "A sentence." }], "en");
  sheets.list(["uno", "dos"]);
  sheets.table({ head: ["a", "b"], rows: [["1", "dos"]] });
}

const latin1 = new TextDecoder("latin1");
const streamsOf = (file: string): string[] =>
  [...file.matchAll(/<<[\s\S]*?>>\s*stream\n([\s\S]*?)\nendstream/g)].flatMap(
    ([whole, data = ""]) => {
      if (!whole.includes("FlateDecode")) return [data];
      const bytes = Uint8Array.from(data, (letter) => letter.charCodeAt(0));
      return [latin1.decode(inflateSync(bytes))];
    },
  );

describe("what ISO 19005-3 asks of a file at level A", () => {
  let file: string;
  let objects: string;
  let pages: string[];
  beforeAll(async () => {
    const { bytes } = await made(everything, {
      title: 'Solicitud <de> "A" & B',
      letterhead: {
        above: ["Oficina", "Unidad"],
        below: ["Calle"],
        emblem: { bytes: JPEG, says: "Escudo" },
      },
      enclosed: [
        {
          name: "a.json",
          type: "application/json",
          description: "Datos",
          bytes: utf8.encode("{}"),
        },
      ],
    });
    file = latin1.decode(bytes);
    ({ objects } = readPdf(bytes));
    pages = streamsOf(file).filter((stream) => stream.includes(" Tf\n"));
    expect(pages).toHaveLength(1);
  });

  it("it says what it is, in XML that is well formed, and its title is the same in both places", () => {
    const xml = /<\?xpacket begin[\s\S]*?<\?xpacket end="w"\?>/.exec(file)?.[0] ?? "";
    const found = new DOMParser({
      onError: (level, message) => {
        throw new Error(`${level}: ${message}`);
      },
    }).parseFromString(utf8.decode(Uint8Array.from(xml, (one) => one.charCodeAt(0))), "text/xml");
    const text = (name: string): string => found.getElementsByTagName(name)[0]?.textContent ?? "";
    expect([text("pdfaid:part"), text("pdfaid:conformance")]).toEqual(["3", "A"]);
    expect(text("dc:title").trim()).toBe('Solicitud <de> "A" & B');
    expect(objects).toContain('(Solicitud <de> "A" & B)');
  });

  it("its colours are named: an output intent with a profile of three components", () => {
    expect(objects).toMatch(/\/S \/GTS_PDFA1/);
    expect(file).toMatch(/\/N 3\n/);
    for (const page of pages) expect(page).not.toMatch(/\/Device(?!RGB)/);
  });

  it("every font is inside, and every letter of it has its character", () => {
    const fonts = [...objects.matchAll(/\/Subtype \/(CIDFontType2|Type0)\n[\s\S]*?>>/g)];
    expect(fonts.length).toBeGreaterThan(1);
    expect(objects.match(/\/FontFile2 \d+ 0 R/g)).toHaveLength(fonts.length / 2);
    expect(objects.match(/\/ToUnicode \d+ 0 R/g)).toHaveLength(fonts.length / 2);
    expect(objects).not.toMatch(/\/BaseFont \/(Helvetica|Times|Courier)/);
    // glyph 0 is what a font draws for what it has not
    for (const page of pages) {
      const shown = [...page.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, run = ""]) =>
        run.match(/.{4}/g),
      );
      expect(shown).not.toContain("0000");
    }
  });

  it("nothing runs, nothing is encrypted, nothing shines through, nothing is fetched", () => {
    for (const name of ["JavaScript", "Launch", "Encrypt", "SMask", "LZWDecode", "URI", "GoToR"]) {
      expect(file, name).not.toContain(`/${name}`);
    }
    expect(file).not.toMatch(/\/(CA|ca) 0?\.\d/);
    expect(file).toMatch(/\/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]/);
  });

  it("it is tagged in its language, and all of its marks lie in a tag or are called artifacts", () => {
    for (const tag of [
      "Document",
      "H1",
      "H2",
      "H3",
      "P",
      "L",
      "LI",
      "Table",
      "TH",
      "TD",
      "Figure",
    ]) {
      expect(objects).toContain(`/S /${tag}\n`);
    }
    expect(objects).toMatch(/\/Marked true/);
    expect(objects).toContain("/Lang (es)");
    expect(objects).toContain("/Lang (en)");
    expect(objects).toContain("/Alt (Escudo)");
    for (const page of pages) {
      let depth = 0;
      for (const [step] of page.matchAll(/\bB[DM]C\b|\bEMC\b|\bBT\b|\bDo\b|\bS\n/g)) {
        if (step === "EMC") depth -= 1;
        else if (step.startsWith("B") && step !== "BT") depth += 1;
        else expect(depth, step).toBeGreaterThan(0);
      }
      expect(depth).toBe(0);
    }
  });

  it("the file in it is of a type, has a name, and says how it belongs", () => {
    expect(objects).toMatch(/\/AF \[\d+ 0 R\]/);
    expect(objects).toMatch(/\/AFRelationship \/Data/);
    expect(objects).toMatch(/\/F \(a\.json\)[\s\S]*\/UF \(a\.json\)/);
    expect(file).toContain("/Subtype /application#2Fjson");
    expect(file).toMatch(/\/ModDate \(D:20261124000000Z\)/);
  });
});

describe("sheets", () => {
  it("are the same bytes each time", async () => {
    const [one, other] = [await made(everything), await made(everything)];
    expect(hex.encode(await sha256(one.bytes))).toBe(hex.encode(await sha256(other.bytes)));
  });

  it("number every page, and say on each what stands above and below", async () => {
    const { bytes } = await made(
      (sheets) => {
        for (let at = 0; at < 120; at += 1) sheets.paragraph([{ text: `linea ${at}` }]);
      },
      { letterhead: { above: ["Oficina"], below: ["Calle uno", "Ciudad"] } },
    );
    const { pages, artifacts, text } = readPdf(bytes);
    expect(pages).toBeGreaterThan(2);
    for (const said of ["Arriba", "Calleuno", "Ciudad"]) {
      expect(joined(artifacts).split(said)).toHaveLength(pages + 1);
    }
    expect(joined(artifacts)).toContain(`Página${pages}de${pages}`);
    expect(joined(text)).toContain("linea119");
  });

  it("write a row that no page holds one cell below the other", async () => {
    const long = "palabra ".repeat(4000);
    const { bytes } = await made((sheets) =>
      sheets.table({
        head: ["n", "que"],
        rows: [
          ["1", long],
          ["2", "fin"],
        ],
      }),
    );
    const { text, pages } = readPdf(bytes);
    expect(pages).toBeGreaterThan(3);
    expect(joined(text)).toContain(joined(`que: ${long}`));
    expect(joined(text)).toContain("2fin");
  });

  it("write what turns a line around, controls and lone halves as their codes", async () => {
    const { bytes, missing } = await made(
      (sheets) => sheets.paragraph([{ text: "a\u202eb\u0000c\ud800d\u2067" }]),
      { words: "abcd\u202e\u0000\ud800\u2067" },
    );
    expect(missing).toHaveLength(4);
    expect(joined(readPdf(bytes).text)).toBe("a[U+202E]b[U+0000]c[U+D800]d[U+2067]");
  });
});
