/** Of what those who draft sent to be transmitted: what was checked here, what came later instead, and what is said. */

import { describe, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import type { Dossier, ShownLetter } from "../client";
import { t } from "../words";
import { checkedIn, paperSaid } from "./papers";

type File = ShownLetter["files"][number];
const { letters } = await fixtureClient("central").letters.read({} as Dossier, "home");
const [LETTER] = letters as [ShownLetter];
const [PAPER, OTHER] = LETTER.files as [File, File];
const PROVEN = PAPER.proven as Exclude<File["proven"], "unsigned" | null>;

/** A letter of that minute with these files; each is of other bytes than the rest. */
function letter(minute: number, ...files: [sha256: string, over?: Partial<File>, name?: string][]) {
  const issued = `2026-11-14T16:${String(minute).padStart(2, "0")}:00Z`;
  const sent = files.map(([sha256, over = {}, name = PAPER.file.name]) => ({
    ...{ ...PAPER, ...over },
    file: { ...PAPER.file, id: `${minute} ${sha256}`, sha256, name },
  }));
  const said = LETTER.letter && { ...LETTER.letter, issued };
  return { ...LETTER, id: `h${minute}`, letter: said, files: sent };
}

/** Each list by what stands for the bytes. */
function told(...all: ShownLetter[]) {
  const { current, ...lists } = checkedIn(all, 4);
  const named = Object.entries(lists).map(([list, sent]) => [
    list,
    sent.map(({ file }) => file.sha256),
  ]);
  const instead = current.map(({ sent, by }) => [sent.file.sha256, by.id]);
  return { ...Object.fromEntries(named), current: instead };
}
const NONE = { checked: [], doubted: [], left: [], before: [], current: [], alike: [] };

describe("what was checked", () => {
  it("is what was compared here and is of the authorised version, and nothing else", () => {
    const one = letter(1, ["a"], ["b", { isCompared: false }, "b"], ["c", { proven: null }, "c"]);
    expect(told({ ...one, files: one.files.slice(0, 1) })).toEqual({ ...NONE, checked: ["a"] });
    const later = { ...PROVEN, version: 5 };
    const kept = letter(1, ["a", { proven: later }], ["c", { proven: null }, "c"]);
    expect(told(kept)).toEqual({ ...NONE, left: ["a", "c"] });
    expect(checkedIn([LETTER], null)).toMatchObject({ checked: [], left: [PAPER, OTHER] });
  });

  it.each(["hasTemplate", "isFormer"] as const)("is apart where it is to be read: %s", (which) => {
    const proven = { ...PROVEN, [which]: true };
    expect(told(letter(1, ["a", { proven }]))).toEqual({ ...NONE, doubted: ["a"] });
    const not = told(letter(1, ["a", { proven, isCompared: false }]));
    expect(not).toEqual({ ...NONE, left: ["a"] });
  });
});

describe("a document that was sent again", () => {
  const NEWER = { ...NONE, before: ["a"], current: [["b", "h2"]] };

  it("comes instead of the one of the same name, by when each was signed and not by how they are listed", () => {
    const [one, two] = [letter(1, ["a"]), letter(2, ["b"])];
    expect(told(one, two)).toEqual({ ...NEWER, checked: ["b"] });
    expect(told(two, one)).toEqual({ ...NEWER, checked: ["b"] });
  });

  it("comes instead of what was made in the same language and kind under whichever name", () => {
    const two = letter(2, ["b", {}, "otro.pdf"]);
    expect(told(letter(1, ["a"]), two)).toEqual({ ...NEWER, checked: ["b"] });
    const french = { proven: { ...PROVEN, language: "fr" as const } };
    const word = { proven: { ...PROVEN, kind: "docx" as const } };
    for (const over of [french, word]) {
      const beside = told(letter(1, ["a"]), letter(2, ["b", over, "otro.pdf"]));
      expect(beside).toEqual({ ...NONE, checked: ["a", "b"] });
    }
  });

  it("is the current one also where it was not compared yet", () => {
    const two = letter(2, ["b", { isCompared: false }]);
    expect(told(letter(1, ["a"]), two)).toEqual({ ...NEWER, left: ["b"] });
  });

  it("comes instead of none of the authorised version if it is of another, which is told", () => {
    const two = letter(2, ["b", { proven: null }]);
    const found = told(letter(1, ["a"]), two);
    expect(found).toEqual({ ...NONE, checked: ["a"], left: ["b"], alike: ["a", "b"] });
  });

  it("as it was, is the same one", () => {
    const both = told(letter(1, ["a"]), letter(2, ["a", {}, "otro.pdf"]));
    expect(both).toEqual({ ...NONE, checked: ["a"] });
    const back = told(letter(1, ["a"]), letter(2, ["b"]), letter(3, ["a"]));
    expect(back).toEqual({ ...NONE, checked: ["a"], before: ["b"], current: [["a", "h3"]] });
  });

  const FORMER = { proven: { ...PROVEN, isFormer: true } };
  const UNSIGNED = { proven: "unsigned" } as const;
  const UNPROVEN = { proven: null };
  const EARLIER = { proven: { ...PROVEN, version: 3 } };
  it.each([
    ["in force before former", {}, FORMER, "checked"],
    ["in force before what says nothing", {}, UNPROVEN, "checked"],
    ["in force before what nobody signed who could", {}, UNSIGNED, "checked"],
    ["former before what nobody signed who could", FORMER, UNSIGNED, "doubted"],
    ["former before what says nothing", FORMER, UNPROVEN, "doubted"],
    ["former of the authorised version before in force of another", FORMER, EARLIER, "doubted"],
    ["of another version before what says nothing", EARLIER, UNPROVEN, "left"],
  ] as const)("as it was, is in one list alone, by the best that is signed of it: %s", (...row) => {
    const [, best, other, list] = row;
    for (const [one, two] of [
      [best, other],
      [other, best],
    ] as const) {
      const beside = told(letter(1, ["a", one]), letter(2, ["a", two, "otro.pdf"]));
      expect(beside).toEqual({ ...NONE, [list]: ["a"] });
      const within = told(letter(1, ["a", one], ["a", two, "otro.pdf"]));
      expect(within).toEqual({ ...NONE, [list]: ["a"] });
    }
  });

  it("comes instead also where a copy of it says less than another", () => {
    const again = letter(3, ["b", UNPROVEN, "otro.pdf"]);
    const twice = { ...NEWER, checked: ["b"], current: [["b", "h3"]] };
    expect(told(letter(1, ["a"]), letter(2, ["b"]), again)).toEqual(twice);
    expect(told(letter(1, ["a"]), again, letter(2, ["b"]))).toEqual(twice);
  });

  it("with the other one in one letter leaves open which one counts", () => {
    const found = told(letter(1, ["a"], ["b"]));
    expect(found).toEqual({ ...NONE, checked: ["a", "b"], alike: ["a", "b"] });
  });
});

describe("what is said of a document", () => {
  it("is whose word it is, and no moment that nobody signed", () => {
    const { words } = paperSaid(PAPER, 4);
    expect(words).toMatch(/firma de .*Marta Olivares.*versión autorizada \(4\)/);
    expect(words).not.toMatch(/2026|16:20/);
  });

  it.each([
    ["hasTemplate", t("homeLetters.template", { version: 4 })],
    ["isFormer", t("homeLetters.former")],
  ] as const)("warns in words: %s", (which, warning) => {
    const sent = { ...PAPER, proven: { ...PROVEN, [which]: true } };
    for (const authorised of [4, null]) {
      const { words, tone } = paperSaid(sent, authorised);
      expect(tone).toBe("warn");
      expect(words.endsWith(warning)).toBe(true);
    }
    expect(paperSaid(sent, 5).tone).toBe("stop");
  });
});
