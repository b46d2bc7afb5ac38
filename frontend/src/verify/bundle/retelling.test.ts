import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import en from "../../words/en.json";
import es from "../../words/es.json";
import fr from "../../words/fr.json";
import { linesOf, type Say, titleOf } from "./narrating";
import { Retelling, type Story } from "./retelling";

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = { es, en, fr };
const PERSON = "6f1c2a90-0000-4000-8000-000000000000";
const NOON = Date.UTC(2026, 10, 24, 12) / 1000;

const sayIn =
  (language: string): Say =>
  (key, args) => {
    const message = WORDS[language]?.[key];
    if (message === undefined) throw new Error(`no words for ${key}`);
    const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    return String(format.format(args));
  };

type Said = Readonly<Record<string, string | number | boolean | string[]>>;

/** What entries of these kinds tell, one a second, from entry 7 on. */
function storiesOf(...acts: Array<[string, readonly string[], Said]>): Story[] {
  const retelling = new Retelling();
  acts.forEach(([kind, states, said], at) => {
    const payload = { request: "r", ...said };
    const event = { kind, actor: PERSON, at: "", states, payload };
    retelling.take({ index: at + 7, time: NOON + at, event });
  });
  return retelling.stories();
}

const move = (
  number: number,
  step: string,
  more: Said = {},
  states: readonly string[] = ["SV", "MX"],
): [string, readonly string[], Said] => [
  "requests.move.made",
  states,
  { number, step, version: 2, on: "2026-11-24", said: [], rules: [], evidence: [], ...more },
];
const OPENED: [string, readonly string[], Said] = [
  "requests.request.opened",
  ["SV"],
  { people: ["a", "b"] },
];

function told(language: string, ...acts: Array<[string, readonly string[], Said]>): string[] {
  const [story] = storiesOf(...acts);
  return story === undefined ? [] : linesOf(story, sayIn(language), language);
}

describe("a step", () => {
  it("is told with its time, its entry, its State and what it said", () => {
    const said = ["channel:paper", "language:es"];
    expect(told("es", OPENED, move(1, "transmit", { said })).at(-1)).toBe(
      "2026-11-24 12:00:01 UTC · entrada 8 · El Salvador: la autoridad central transmitió la " +
        "versión 2; día: 2026-11-24; vía: papel; idioma: español (persona 6f1c2a90).",
    );
  });

  it("of the State that was asked is told as its own, with words for its codes", () => {
    const said = ["codes:D05"];
    expect(told("en", OPENED, move(1, "return", { said, rules: ["LANG-1"] })).at(-1)).toBe(
      "2026-11-24 12:00:01 UTC · entry 8 · Mexico: it was returned; day: 2026-11-24; " +
        `ground: D05 · ${en["ground.D05"]}; rules: LANG-1 (person 6f1c2a90).`,
    );
  });

  it("that this program does not know is named as it stands", () => {
    expect(told("fr", OPENED, move(1, "constructor")).at(-1)).toContain(
      "un acte que cette page ne connaît pas, constructor",
    );
    expect(told("es", OPENED, move(1, "close", { said: ["codes:toString"] })).at(-1)).toContain(
      "utilidad: toString",
    );
  });
});

describe("a story", () => {
  it("says which steps are not in the bundle: their numbers are recorded", () => {
    const lines = told("es", OPENED, move(1, "authorise"), move(4, "acknowledge"));
    expect(lines[2]).toBe("Aquí faltan los pasos 2 a 3: no están abiertos en este archivo.");
  });

  it("says so of one step as of several", () => {
    expect(told("fr", OPENED, move(2, "transmit"))[1]).toBe(
      "Il manque ici l’étape 1 : elle n’est pas ouverte dans ce fichier.",
    );
  });

  it("names no State that no entry says who it is", () => {
    const [story] = storiesOf(move(2, "transmit"));
    if (story === undefined) throw new Error("no story");
    expect(titleOf(story, sayIn("es"), "es")).toBe("Solicitud r: México y El Salvador");
    expect(linesOf(story, sayIn("es"), "es")[1]).toContain("Estado requirente: la autoridad");
  });

  it("knows both States by the one that began it, or by whom it asked informally", () => {
    const asked: [string, readonly string[], Said] = [
      "requests.consultation.asked",
      ["MX", "SV"],
      { state: "MX", people: ["c"], version: 1, questions: ["offence"], due: "2026-12-01T17:00" },
    ];
    for (const acts of [[OPENED, move(1, "transmit")], [asked]]) {
      const [story] = storiesOf(...(acts as [string, readonly string[], Said][]));
      expect([story?.ours, story?.theirs]).toEqual(["SV", "MX"]);
    }
  });

  it("counts looks and turns together, and keeps requests apart", () => {
    const read = (request: string): [string, readonly string[], Said] => [
      "requests.request.read",
      ["SV"],
      { request },
    ];
    const [first, second] = storiesOf(OPENED, read("r"), read("r"), read("s"));
    expect([first?.looks, second?.looks, second?.steps]).toEqual([2, 1, []]);
    if (first === undefined) throw new Error("no story");
    expect(linesOf(first, sayIn("en"), "en").at(-1)).toBe(
      "Besides, somebody looked into it or took the turn 2 times.",
    );
  });

  it("has words in three languages for every act of the table and every code", () => {
    const acts = [
      ...["ask-changes", "authorise", "transmit", "confirm", "acknowledge", "ask-information"],
      ...["give-information", "begin", "answer-part", "execute", "postpone", "resume", "return"],
      ...["refuse", "withdraw", "expire", "close"],
    ];
    for (const language of ["es", "en", "fr"]) {
      const lines = told(language, OPENED, ...acts.map((act, at) => move(at + 1, act)));
      const unknown = WORDS[language]?.["bundle.story.other"]?.split("{")[0] ?? "?";
      expect(lines.filter((line) => line.includes(unknown))).toEqual([]);
    }
  });
});
