import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, blocksOf, hostOf, type Inline, inlineOf, placeOf } from "./rich";

const kinds = (text: string, names: string[] = []) =>
  inlineOf(text, names).map((token) => `${token.kind} ${token.raw}`);

const whole = (tokens: readonly Inline[]): string => tokens.map(({ raw }) => raw).join("");
const marked = fc
  .array(
    fc.constantFrom(
      ..."*_`>-1.@#<>&\n ab".split(""),
      "**",
      "```",
      "> ",
      "- ",
      "1. ",
      "@Ana",
      "https://a.example/x",
      "SV-2026-0001",
      "12/03/2026",
      "<img src=x onerror=alert(1)>",
      "\u202e",
    ),
  )
  .map((parts) => parts.join(""));

describe("the marks of a message", () => {
  it("lose no character, whatever is written", () => {
    fc.assert(
      fc.property(fc.oneof(marked, fc.string({ unit: "grapheme" })), (text) => {
        expect(whole(inlineOf(text, ["Ana"]))).toBe(text);
        const blocks = blocksOf(text, ["Ana"]);
        expect(blocks.map(({ raw }) => raw).join("")).toBe(text);
      }),
    );
  });

  it("are read in time that grows with the length alone", () => {
    for (const piece of ["*", "**a", "_ ", "`", "> ", "1. ", "@", "https://"]) {
      const begun = performance.now();
      blocksOf(piece.repeat(8_000), ["Ana"]);
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
  });

  it("end somewhere: emphasis stands in emphasis and no deeper", () => {
    const depth = (tokens: readonly Inline[]): number =>
      Math.max(0, ...tokens.map((one) => ("inside" in one ? 1 + depth(one.inside) : 0)));
    fc.assert(
      fc.property(marked, (text) => {
        expect(depth(inlineOf(text))).toBeLessThanOrEqual(2);
      }),
    );
  });

  const INLINE: [string, string[]][] = [
    ["a **b** c", ["text a ", "strong **b**", "text  c"]],
    ["a *b* c", ["text a ", "em *b*", "text  c"]],
    ["a _b_ c", ["text a ", "em _b_", "text  c"]],
    ["2 * 3 * 4", ["text 2 * 3 * 4"]],
    ["un_nombre_de_archivo", ["text un_nombre_de_archivo"]],
    ["`**a**`", ["code `**a**`"]],
    ["<b>a</b>", ["text <b>a</b>"]],
    ["[banco](https://a.example)", ["text [banco](", "link https://a.example", "text )"]],
    ["vea https://a.example/x?y=1.", ["text vea ", "link https://a.example/x?y=1", "text ."]],
    ["javascript:alert(1)", ["text javascript:alert(1)"]],
    ["el SV-2026-0147, sí", ["text el ", "reference SV-2026-0147", "text , sí"]],
    ["XSV-2026-0147", ["text XSV-2026-0147"]],
    ["el 2026-03-12", ["text el ", "date 2026-03-12"]],
    ["el 31/02/2026", ["text el 31/02/2026"]],
    ["el 12 de marzo de 2026", ["text el ", "date 12 de marzo de 2026"]],
    ["le 1er mars 2026", ["text le ", "date 1er mars 2026"]],
    ["artículo 18.4.b, 3.500 dólares", ["text artículo 18.4.b, 3.500 dólares"]],
    ["sv-2026-0147", ["text sv-2026-0147"]],
    ["el número 1-2-2026-9", ["text el número 1-2-2026-9"]],
    ["12 casos de 2026", ["text 12 casos de 2026"]],
    ["la mar 20 2026x", ["text la mar 20 2026x"]],
    ["salió el 20 nov. 2026.", ["text salió el ", "date 20 nov. 2026", "text ."]],
  ];
  it.each(INLINE)("read %s", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it("tell a date's day, day first", () => {
    expect(inlineOf("5/3/2026")[0]).toMatchObject({ kind: "date", day: "2026-03-05" });
    expect(inlineOf("5 de marzo de 2026")[0]).toMatchObject({ kind: "date", day: "2026-03-05" });
  });

  //  a date as somebody writes it, and its day
  const DATES: ReadonlyArray<[string, string]> = [
    ["20-11-2026", "2026-11-20"],
    ["20.11.2026", "2026-11-20"],
    ["1.º de marzo del 2026", "2026-03-01"],
    ["primero de marzo de 2026", "2026-03-01"],
    ["20 de setiembre de 2026", "2026-09-20"],
    ["20 NOV 2026", "2026-11-20"],
    ["3 ene 2026", "2026-01-03"],
    ["November 20, 2026", "2026-11-20"],
    ["Nov. 20 2026", "2026-11-20"],
    ["March 1st, 2026", "2026-03-01"],
    ["20th November 2026", "2026-11-20"],
    ["20 novembre 2026", "2026-11-20"],
    ["3 févr. 2026", "2026-02-03"],
    ["1 août 2026", "2026-08-01"],
  ];
  it.each(DATES)("tell the day of %s", (text, day) => {
    expect(inlineOf(text)).toEqual([{ kind: "date", raw: text, text, day }]);
  });

  it.each(["31/02/2026", "11/20/2026", "30 de febrero de 2026", "20/11-2026", "Nov 31, 2026"])(
    "do not take %s for a date",
    (text) => {
      expect(inlineOf(text).every(({ kind }) => kind === "text")).toBe(true);
    },
  );

  const HERE = "https://casehub.example";
  //  an address, and the place of ours that it leads to
  const PLACES: ReadonlyArray<[string, object | null]> = [
    [`${HERE}/expedientes/SV-2026-0147`, { kind: "case", reference: "SV-2026-0147" }],
    [
      `${HERE}/expedientes/SV-2026-0147/hilos/t1?mensaje=3`,
      { kind: "case", reference: "SV-2026-0147" },
    ],
    [`${HERE}/solicitudes/r1/revision`, { kind: "request", id: "r1" }],
    [`${HERE}/cuenta`, null],
    ["https://casehub.example.evil/expedientes/SV-2026-0147", null],
    ["https://casehub.example@evil.example/expedientes/SV-2026-0147", null],
    ["https://ana@casehub.example/expedientes/SV-2026-0147", null],
    ["http://casehub.example/expedientes/SV-2026-0147", null],
  ];
  it.each(PLACES)("find the place of %s", (link, place) => {
    expect(placeOf(link, HERE)).toEqual(place);
  });

  it("name only whom the message names, the longest name first", () => {
    const names = ["Ana", "Ana María"];
    expect(kinds("@Ana María y @Ana y @Boris", names)).toEqual([
      "mention @Ana María",
      "text  y ",
      "mention @Ana",
      "text  y @Boris",
    ]);
  });

  const BLOCKS: [string, Partial<Block>[]][] = [
    ["a\nb", [{ kind: "paragraph", raw: "a\nb" }]],
    ["- a\n- b", [{ kind: "list", ordered: false }]],
    ["3. a\n4. b", [{ kind: "list", ordered: true, from: 3 }]],
    ["> a\nb", [{ kind: "quote" }, { kind: "paragraph" }]],
    ["```\n**a**\n```", [{ kind: "code", text: "**a**" }]],
    ["```\nsin fin", [{ kind: "paragraph" }]],
  ];
  it.each(BLOCKS)("stand in blocks: %j", (text, expected) => {
    expect(blocksOf(text)).toMatchObject(expected);
  });
});

describe("the host of a link", () => {
  it("is said as the network knows it, and marked where letters or a name hide it", () => {
    expect(hostOf("https://casehub.example/a")).toEqual({ host: "casehub.example", odd: false });
    expect(hostOf("https://cаsehub.example/")).toMatchObject({ odd: true });
    expect(hostOf("https://casehub.example@malo.example/")).toEqual({
      host: "malo.example",
      odd: true,
    });
  });
});
