import { beforeAll, describe, expect, it } from "vitest";
import type { Book, Words } from "../../rules/book";
import { loadBook } from "../../rules/load";
import { citedAs, citedIn } from "./citations";

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

describe("a citation", () => {
  it.each([
    ["UNTOC 18(13)", "Convención de Palermo, art. 18(13)"],
    ["UNTOC 18(6)-(7)", "Convención de Palermo, arts. 18(6)-(7)"],
    ["UNTOC 18(5), 18(19)", "Convención de Palermo, arts. 18(5), 18(19)"],
    [
      "UNTOC 18(15)(d); Nassau 26(d)",
      "Convención de Palermo, art. 18(15)(d); Convención de Nassau, art. 26(d)",
    ],
    ["UNTOC 18", "Convención de Palermo, art. 18"],
    ["Protocol 16(4)", "Protocolo sobre tráfico ilícito de migrantes, art. 16(4)"],
    ["Protocol of Managua 1-2", "Protocolo de Managua (a Nassau), arts. 1-2"],
    ["Trafficking Protocol", "Protocolo contra la trata de personas"],
    ["1988 7(13)", "Convención de Viena de 1988, art. 7(13)"],
    ["Convención de 1988 3(1), 7(1)", "Convención de Viena de 1988, arts. 3(1), 7(1)"],
    ["1988 Convention, reservation of Panama", "Convención de Viena de 1988, reserva de Panamá"],
    ["US-CA-MLAT I", "Tratado Estados Unidos–Canadá, art. I"],
    ["Mexico–Honduras treaty", "Tratado México–Honduras"],
    [
      "CNPP (Mexico) 435, 436(III)",
      "Código Nacional de Procedimientos Penales de México, arts. 435, 436(III)",
    ],
    ["CNPP 440(VII)", "Código Nacional de Procedimientos Penales de México, art. 440(VII)"],
    ["IRPA s. 117", "Ley de inmigración y protección de refugiados de Canadá, art. 117"],
    ["Provider practice", "práctica de los proveedores"],
    ["Art. 18(9); declaration of Panama", "Art. 18(9); declaración de Panamá"],
    ["18 U.S.C. 3512(e)", "18 U.S.C. 3512(e)"],
  ])("%s is said in Spanish", (citation, said) => {
    expect(citedAs(book, citation, "es")).toBe(said);
    expect(citedIn(book, citation, "es").map(({ lang }) => lang)).not.toContain("en");
  });

  it("is said in French, and in English with the treaty's name", () => {
    expect(citedAs(book, "UNTOC 18(5), 18(19); domestic law", "fr")).toBe(
      "Convention de Palerme, art. 18(5), 18(19); droit interne",
    );
    expect(citedAs(book, "Nassau 26(d)", "en")).toBe("Nassau Convention, art. 26(d)");
  });

  it("that was written in three languages keeps its words and names its treaties", () => {
    const words = { es: "Práctica; UNTOC 13(3)(c) no lo exige", en: "x", fr: "y" };
    expect(citedIn(book, words, "es")).toEqual([
      { text: "Práctica", lang: undefined },
      { text: "Convención de Palermo, art. 13(3)(c) no lo exige", lang: undefined },
    ]);
  });

  it("that nobody translated is marked as English", () => {
    expect(citedIn(book, "UNTOC 3; some leaflet", "es")).toEqual([
      { text: "Convención de Palermo, art. 3", lang: undefined },
      { text: "some leaflet", lang: "en" },
    ]);
    expect(citedIn(book, "some leaflet", "en")).toEqual([
      { text: "some leaflet", lang: undefined },
    ]);
  });
});

describe("the rulebook", () => {
  const citations = (): (string | Words)[] => [
    ...book.sections.flatMap(({ fields }) => fields.map(({ source }) => source)),
    ...[...book.measures.values()].flatMap(({ fields }) => fields.map(({ source }) => source)),
    ...[...book.instruments.values()].flatMap(({ citation }) => citation ?? []),
    ...[...book.instruments.values()].map(({ articles }) => articles?.dual_criminality?.ref ?? ""),
    ...book.rules.map(({ citation }) => citation),
  ];

  it.each(["es", "fr"] as const)("cites nothing in English on pages in %s", (language) => {
    const english = citations().flatMap((one) => citedIn(book, one, language));
    expect([
      ...new Set(english.filter(({ lang }) => lang === "en").map(({ text }) => text)),
    ]).toEqual([]);
  });

  it("leaves no name of a treaty as its files write it", () => {
    const said = citations().map((one) => citedAs(book, one, "es"));
    expect(said.filter((text) => /\b(UNTOC|UNCAC|CNPP) \d/.test(text))).toEqual([]);
  });

  it.each(["es", "en", "fr"] as const)(
    "says no word of a treaty's name twice in %s",
    (language) => {
      const said = citations().map((one) => citedAs(book, one, language));
      const twice = /Conven(?:ción|tion) (?:de )?Conven/u;
      expect(said.filter((text) => twice.test(text))).toEqual([]);
    },
  );
});
