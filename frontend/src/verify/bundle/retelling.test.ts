import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../patches/offline-words.mjs";
import moves from "../../api/moves.json";
import en from "../../words/en.json";
import fr from "../../words/fr.json";
import { linesOf, type Say, titleOf } from "./narrating";
import { Retelling, type Story } from "./retelling";

/** Those alone that the page and the program hold which check bundles. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  es: wordsOf("es"),
  en: wordsOf("en"),
  fr: wordsOf("fr"),
};

describe.each(Object.entries(WORDS))("the words of what checks bundles, in %s", (_, words) => {
  it("are those that a story needs of assets, and none of the dialog that asks for them", () => {
    const [kinds, bands] = [moves.assets, moves.bands];
    const told = [
      ...kinds.map((one) => `asset.${one}`),
      "assetIn",
      ...bands.map((one) => `band.${one}`),
    ];
    const held = Object.keys(words).filter((key) => /^move\.(?:asset|band)/.test(key));
    expect(held.sort()).toEqual(told.map((one) => `move.${one}`).sort());
  });
});

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

type Act = {
  readonly codes: readonly string[];
  readonly chosen: { readonly [field: string]: readonly string[] };
};
const ACTS: ReadonlyArray<readonly [string, Act]> = Object.entries(moves.acts);
/** How an act is told of that has no sentence. */
const unknownIn = (language: string): string =>
  WORDS[language]?.["bundle.story.other"]?.split("{")[0] ?? "?";

type Said = Readonly<Record<string, string | number | boolean | string[]>>;

/** What entries of these kinds tell, one a second, from entry 7 on. */
function storiesOf(...acts: Array<[string, readonly string[], Said]>): Story[] {
  const retelling = new Retelling();
  acts.forEach(([kind, states, said], at) => {
    const { by = PERSON, ...fields } = said;
    const payload = { request: "r", ...fields };
    const event = { kind, actor: String(by), at: "", states, payload };
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

  it("counts a turn once: that it is given back is no look of its own", () => {
    const turn = (kind: string): [string, readonly string[], Said] => [kind, ["SV"], {}];
    const [story] = storiesOf(
      OPENED,
      turn("requests.turn.taken"),
      turn("requests.turn.given-back"),
    );
    expect([story?.looks, story?.steps.length]).toEqual([1, 1]);
  });

  it("has words in three languages for every act of the table and every code", () => {
    for (const language of ["es", "en", "fr"]) {
      const lines = ACTS.flatMap(([act, { codes }]) =>
        told(language, OPENED, move(1, act, { said: codes.map((code) => `codes:${code}`) })),
      );
      expect(lines.filter((line) => line.includes(unknownIn(language)))).toEqual([]);
      const plain = ACTS.flatMap(([, { codes }]) => codes).filter((code) => !/\d/.test(code));
      const bare = (code: string) => new RegExp(`[:,] ${code}[,; ]`);
      expect(plain.filter((code) => lines.some((line) => bare(code).test(line)))).toEqual([]);
    }
  });

  it("tells in which band assets are, and a band that it does not know as it stands", () => {
    const said = ["codes:useful", "assets:frozen-2", "assets:returned-9"];
    expect(told("en", OPENED, move(1, "close", { said })).at(-1)).toContain(
      "assets: Frozen: 10,000 to under 100,000 USD, returned-9",
    );
  });

  it("has words for each code of the fields that take one of some", () => {
    for (const [act, { chosen }] of ACTS) {
      for (const [field, codes] of Object.entries(chosen)) {
        for (const code of codes) {
          const [, line = ""] = told("es", OPENED, move(1, act, { said: [`${field}:${code}`] }));
          const label = WORDS.es?.[`bundle.story.about.${field}`]?.split("{")[0] ?? "?";
          expect([act, line.includes(label), line.includes(code)]).toEqual([act, true, false]);
        }
      }
    }
  });

  it("tells of each act as of the State that does it by the table", () => {
    for (const [act] of ACTS) {
      const sides = new Set(moves.arrows.filter(([name]) => name === act).map((one) => one[3]));
      const [story] = storiesOf(move(1, act));
      expect([act, story?.steps[0]?.side === "ours" ? "requesting" : "requested"]).toEqual([
        act,
        ...sides,
      ]);
    }
  });
});

describe("what is no move", () => {
  const BOTH = ["SV", "MX"];
  const letter = (by: string, step = 0): [string, readonly string[], Said] => [
    "requests.letter.sent",
    BOTH,
    { by, step, people: ["a", "b", "c"] },
  ];

  it("a letter is told of with its step, as of the State of whoever did a step besides", () => {
    const [, sent, first, second, third] = told(
      "es",
      OPENED,
      move(1, "transmit"),
      letter("99999999-aaaa", 1),
      letter(PERSON),
      move(2, "acknowledge", { by: "99999999-aaaa" }),
    );
    expect(sent).toContain(" · El Salvador: ");
    expect(first).toBe(
      "2026-11-24 12:00:02 UTC · entrada 9 · México: se envió una comunicación, cifrada para 3 " +
        "personas; junto al paso: 1 (persona 99999999).",
    );
    expect(second).toContain(
      " · El Salvador: se envió una comunicación, cifrada para 3 personas (",
    );
    expect(third).toContain(" · México: ");
  });

  it("a file that a letter took along is told of with it, and once more when somebody opens it", () => {
    const file = "0a1b2c3d-0000-4000-8000-000000000000";
    const by = { by: "99999999-aaaa", enclosure: file };
    const lines = told(
      "en",
      OPENED,
      ["requests.enclosure.begun", ["SV"], by],
      ["requests.enclosure.completed", ["SV"], by],
      ["requests.letter.sent", BOTH, { ...by, step: 0, people: ["a"], enclosures: [file] }],
      ["requests.enclosure.opened", BOTH, by],
    );
    expect(lines.slice(1)).toEqual([
      "2026-11-24 12:00:03 UTC · entry 10 · one of the two States: a letter was sent, encrypted " +
        "to 1 person; files: 0a1b2c3d (person 99999999).",
      "2026-11-24 12:00:04 UTC · entry 11 · one of the two States: a file of a letter was opened; " +
        "files: 0a1b2c3d (person 99999999).",
    ]);
  });

  it("what a State's people wrote to each other is told of as theirs alone", () => {
    const said = { by: PERSON, step: 0, people: ["a", "b"], audience: "home" };
    expect(told("es", OPENED, ["requests.letter.sent", ["SV"], said]).at(-1)).toContain(
      " · El Salvador: quienes redactan y su autoridad central se escribieron, cifrado para 2 " +
        "personas (",
    );
  });

  it("a letter of whoever did nothing else is of one of both; what was recorded of another's step says nothing", () => {
    const lines = told(
      "en",
      OPENED,
      move(1, "transmit"),
      move(2, "acknowledge", { proof: "ab".repeat(32), by: "99999999-aaaa" }),
      letter("99999999-aaaa"),
      ["requests.letters.shared", BOTH, { by: "77777777-bbbb", letters: ["x", "y"], people: [] }],
    );
    expect(lines.slice(3)).toEqual([
      "2026-11-24 12:00:03 UTC · entry 10 · one of the two States: a letter was sent, encrypted " +
        "to 3 people (person 99999999).",
      "2026-11-24 12:00:04 UTC · entry 11 · one of the two States: the keys of 2 letters were " +
        "given to people who may read them now (person 77777777).",
    ]);
  });

  it("a reminder is nobody's act", () => {
    const given = { by: "", what: "request-answer", on: "2026-12-15", days: 3 };
    expect(told("fr", OPENED, ["requests.reminder.given", BOTH, given]).at(-1)).toBe(
      "2026-11-24 12:00:01 UTC · entrée 8 · une échéance a été rappelée à qui doit agir ; " +
        `échéance : ${fr["deadline.requestAnswer"]} ; jour : 2026-12-15 ; jours avant : 3.`,
    );
  });

  it("that this program does not know is told of, and not passed over", () => {
    expect(
      told("en", OPENED, ["requests.letter.burnt", BOTH, { by: "88888888" }]).at(-1),
    ).toContain(`one of the two States: ${unknownIn("en")}requests.letter.burnt (`);
  });
});
