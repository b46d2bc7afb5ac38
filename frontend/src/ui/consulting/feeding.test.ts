import { beforeAll, describe, expect, it } from "vitest";
import { makeDraft } from "../../../tests/draft";
import type { Opinion } from "../../crypto/opinion";
import type { Book, Draft } from "../../rules/book";
import { AIM, screen } from "../../rules/engine";
import { loadBook } from "../../rules/load";
import { valueAt } from "../requests/document";
import { fed, type Heard, pointsOf, sectionOf } from "./feeding";

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

const HEARD: Heard = {
  day: "2026-11-26",
  with: "Boris, México",
  outcome: "Favorable (informal)",
  said: (question) => `${question} (Boris, 2026-11-26)`,
};

function opinion(over: Partial<Opinion>): Opinion {
  const nothing = { answers: [], points: [] };
  return { about: "m", outcome: "favourable", ...nothing, ...over };
}

function answered(
  ...answers: [Opinion["answers"][number]["question"], string, string?][]
): Opinion {
  return opinion({
    answers: answers.map(([question, answer, words = ""]) => ({ question, answer, words })),
  });
}

function outcomeOf(draft: Draft, rule: string): string | undefined {
  return screen(book, draft, AIM).find((one) => one.rule === rule)?.outcome;
}

describe("an answer taken into a draft", () => {
  it("turns what the rules ask or miss into met, with by whom and when beside it", () => {
    const before = makeDraft({ consultation: { waiver_reason: "" } });
    const after = fed(
      before,
      "favourable",
      answered(["authority", "another", "Fiscalía General"], ["without-request", "no"]),
      HEARD,
    );
    for (const rule of ["CHAN-RIGHT-AUTHORITY", "CHAN-FOCAL-VALID", "CHAN-CONSULTED"]) {
      expect([rule, outcomeOf(after, rule)]).toEqual([rule, "met"]);
    }
    expect(valueAt(after, "judgement.formal_route_needed")).toBe("yes");
    expect(valueAt(after, "prior_contacts")).toEqual([
      {
        date: "2026-11-26",
        with: "Boris, México",
        outcome: "Favorable (informal)",
      },
    ]);
  });

  it("turns what the rules ask into failed where the answer is against it", () => {
    const measures = [{ type: "criminal_record", fields: {} }];
    const before = makeDraft({ measures, unknown: ["judgement.formal_route_needed"] });
    expect(outcomeOf(before, "PROP-NO-FORMAL-NEEDED")).toBe("ask");
    const after = fed(before, "favourable", answered(["without-request", "yes"]), HEARD);
    expect(after.unknown).toEqual([]);
    expect(outcomeOf(after, "PROP-NO-FORMAL-NEEDED")).toBe("failed");
  });

  it("leaves what whoever drafts found by themselves, where they know it better", () => {
    const own = makeDraft({ dual_criminality: { result: "not_met" } });
    const after = fed(own, "favourable", answered(["offence", "yes"]), HEARD);
    expect(valueAt(after, "dual_criminality.result")).toBe("not_met");
    expect(valueAt(after, "consultation.dual_criminality_answer")).toContain("Boris");
  });

  it("says that nobody answered, and nothing else", () => {
    const after = fed(makeDraft(), "not_answered", null, HEARD);
    expect(after.consultation).toEqual({ outcome: "not_answered" });
  });

  it("is taken once, however often", () => {
    const once = fed(makeDraft(), "favourable", answered(["parallel", "no"]), HEARD);
    expect(fed(once, "favourable", answered(["parallel", "no"]), HEARD)).toEqual(once);
  });
});

describe("the points of an answer", () => {
  it("are those said by rule, and those that follow from an answer", () => {
    const said = { rule: "URG-DATE", words: "Falta la fecha" };
    const points = pointsOf(
      opinion({
        points: [said],
        answers: [
          { question: "formalities", answer: "oath", words: "ante juez" },
          { question: "assurance", answer: "none", words: "" },
        ],
      }),
    );
    expect(points).toEqual([said, { rule: "FORM-OATH", words: "ante juez" }]);
  });

  it("stand in the section of their rule, or with the consultation", () => {
    expect(sectionOf(book, "URG-DATE")).toBe("urgency");
    expect(sectionOf(book, "OF-A-LATER-BOOK")).toBe("consultation");
  });

  it("name rules that the book has, each by its answer", () => {
    for (const [question, answer] of [
      ["available", "no"],
      ["nexus", "add"],
      ["assurance", "death-penalty"],
      ["assurance", "use"],
      ["assurance", "other"],
      ["formalities", "certificate"],
      ["formalities", "oath"],
      ["formalities", "form"],
    ] as const) {
      const [point] = pointsOf(answered([question, answer]));
      expect(book.rule(point?.rule ?? ""), `${question} ${answer}`).toBeDefined();
    }
  });
});
