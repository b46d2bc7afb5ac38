import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ContentShape } from "./content";
import { LONGEST_WORDS, type Opinion } from "./opinion";

const OPINION: Opinion = {
  about: "6f1f0c34-9a3f-4b6e-8a8b-0d8f5e6c7a01",
  outcome: "with_changes",
  answers: [{ question: "nexus", answer: "add", words: "la fecha" }],
  points: [{ rule: "URG-DATE", words: "Falta" }],
};

const isRead = (opinion: unknown): boolean =>
  v.is(ContentShape, { kind: "text", text: "Opinión", consult: opinion });

describe("an opinion in a message", () => {
  it("is read as it was said", () => {
    const content = { kind: "text", text: "Opinión", consult: OPINION };
    expect(v.parse(ContentShape, content)).toEqual(content);
  });

  it.each([
    [
      "answers that are not of the question",
      { answers: [{ ...OPINION.answers[0], answer: "oath" }] },
    ],
    ["one question twice", { answers: [OPINION.answers[0], OPINION.answers[0]] }],
    ["an outcome that nobody answers", { outcome: "not_answered" }],
    ["a point without words", { points: [{ rule: "URG-DATE", words: "" }] }],
    ["what is no rule", { points: [{ rule: "../x", words: "x" }] }],
    ["more words than fit", { points: [{ rule: "A", words: "x".repeat(LONGEST_WORDS + 1) }] }],
    ["no message that it answers", { about: "1" }],
    ["more than it says", { more: true }],
  ])("is refused with %s", (_what, change) => {
    expect(isRead(OPINION)).toBe(true);
    expect(isRead({ ...OPINION, ...change })).toBe(false);
  });
});
