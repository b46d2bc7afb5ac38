/** What becomes of the rules by each answer to each question: met, failed, a comment; or why nothing. */

import { beforeAll, describe, expect, it } from "vitest";
import { makeDraft } from "../../../tests/draft";
import type { Json } from "../../canonical";
import { ASKED, type Opinion, QUESTIONS, type Question } from "../../crypto/opinion";
import type { Book, Draft } from "../../rules/book";
import { AIM, screen } from "../../rules/engine";
import { loadBook } from "../../rules/load";
import { fed, type Heard, pointsOf } from "./feeding";

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

type Sections = { readonly [name: string]: Json };
type Row = {
  /** What the rules make of it, by their ids: before, and after it was taken over. */
  readonly rules?: { readonly [rule: string]: readonly [before: string, after: string] };
  /** The rule by which it becomes a comment. */
  readonly comment?: string;
  /** Why no rule reads it. */
  readonly why?: string;
};

/** Of what each is asked: a draft of which the rules say "failed" until something is answered. */
const ABOUT: Readonly<Record<Question, Sections>> = {
  offence: {
    requested_state: "BZ",
    legal_basis: [{ instrument: "UNTOC-18" }],
    measures: [{ type: "search_seizure", fields: {} }],
    offences: [{ category: "smuggling" }],
    dual_criminality: { analysis: "La conducta es delito en ambos." },
    unknown: ["dual_criminality.result", "consultation.dual_criminality_answer"],
  },
  available: {
    measures: [{ type: "interception", fields: {} }],
    unknown: ["consultation.availability_answer", "measures.0.availability_confirmed"],
  },
  nexus: {
    legal_basis: [{ instrument: "UNTOC-18" }],
    measures: [{ type: "bank_records", fields: {} }],
  },
  authority: { central_authority: { to_name: "Procuraduría" } },
  parallel: { coordination: {}, unknown: ["coordination.parallel_matter"] },
  assurance: {
    requesting_state: "US",
    requested_state: "CR",
    offences: [{ death_possible: "yes" }],
    unknown: ["assurances.death_penalty", "consultation.death_penalty_answer"],
  },
  formalities: {
    measures: [
      { type: "bank_records", fields: {} },
      { type: "witness_statement", fields: {} },
    ],
  },
  "without-request": {
    measures: [{ type: "criminal_record", fields: {} }],
    unknown: ["judgement.formal_route_needed"],
  },
};

const OWN_SENTENCE = "NEXUS-STATED reads the sentence of the request, which no opinion writes";
const OWN_COURTS = "FORM-CERT and FORM-OATH ask what the own courts need of what comes back";

const BECOMES: { readonly [Q in Question]: Readonly<Record<(typeof QUESTIONS)[Q][number], Row>> } =
  {
    offence: {
      yes: { rules: { "DUAL-COERCIVE": ["ask", "met"], "DUAL-BZ-UNKNOWN": ["ask", "met"] } },
      partly: { rules: { "DUAL-COERCIVE": ["ask", "met"], "DUAL-BZ-UNKNOWN": ["ask", "met"] } },
      no: { rules: { "DUAL-COERCIVE": ["ask", "failed"], "DUAL-BZ-UNKNOWN": ["ask", "met"] } },
      // It is on record that they were asked; whether it is an offence is still to be found.
      unsure: { rules: { "DUAL-COERCIVE": ["ask", "ask"], "DUAL-BZ-UNKNOWN": ["ask", "met"] } },
    },
    available: {
      yes: { rules: { "DIG-DOMESTIC-LIMIT": ["ask", "met"] } },
      "with-conditions": { rules: { "DIG-DOMESTIC-LIMIT": ["ask", "met"] } },
      no: {
        rules: {
          "DIG-DOMESTIC-LIMIT": ["ask", "failed"],
          "REF-CONSULT-FIRST": ["not_applicable", "failed"],
        },
        comment: "DIG-DOMESTIC-LIMIT",
      },
    },
    nexus: {
      yes: { rules: { "NEXUS-STATED": ["failed", "failed"] }, why: OWN_SENTENCE },
      add: { rules: { "NEXUS-STATED": ["failed", "failed"] }, comment: "NEXUS-STATED" },
    },
    authority: {
      "as-stated": { rules: { "CHAN-RIGHT-AUTHORITY": ["failed", "met"] } },
      another: { rules: { "CHAN-RIGHT-AUTHORITY": ["failed", "met"] } },
    },
    parallel: {
      no: { rules: { "REF-ONGOING": ["ask", "not_applicable"] } },
      // What came of telling both apart is the drafter's to write.
      talk: { rules: { "REF-ONGOING": ["ask", "failed"] } },
    },
    assurance: {
      none: { rules: { "REF-DEATH": ["ask", "met"], "USE-UNDERTAKING": ["failed", "failed"] } },
      "death-penalty": { rules: { "REF-DEATH": ["ask", "failed"] }, comment: "REF-DEATH" },
      // The undertaking is the own authority's to give: what another State wants does not give it.
      use: { rules: { "USE-UNDERTAKING": ["failed", "failed"] }, comment: "USE-UNDERTAKING" },
      // What would let it be executed is a condition to be offered, and theirs who draft.
      other: { rules: { "REF-DEATH": ["ask", "ask"] }, comment: "REF-CONSULT-FIRST" },
    },
    formalities: {
      none: { rules: { "FORM-CERT": ["failed", "failed"] }, why: OWN_COURTS },
      certificate: { rules: { "FORM-CERT": ["failed", "failed"] }, comment: "FORM-CERT" },
      oath: { rules: { "FORM-OATH": ["failed", "failed"] }, comment: "FORM-OATH" },
      // Who signs, or how else it is known to be authentic, is known where it is signed.
      form: { rules: { "FORM-AUTHENTIC": ["failed", "failed"] }, comment: "FORM-AUTHENTIC" },
    },
    "without-request": {
      yes: { rules: { "PROP-NO-FORMAL-NEEDED": ["ask", "failed"] } },
      no: { rules: { "PROP-NO-FORMAL-NEEDED": ["ask", "met"] } },
    },
  };

const EACH = ASKED.flatMap((question) =>
  Object.entries<Row>(BECOMES[question]).map(([answer, row]) => ({ question, answer, row })),
);

const outcomeOf = (draft: Draft, rule: string): string | undefined => {
  const all = screen(book, draft, AIM).filter((one) => one.rule === rule);
  // A rule that speaks of each measure is as it is for the one that it is about.
  return (all.find(({ outcome }) => outcome !== "not_applicable") ?? all[0])?.outcome;
};

describe("an answer", () => {
  it.each(EACH)("to $question, which is $answer, becomes what the rules read", (one) => {
    const { question, answer, row } = one;
    const before = makeDraft(ABOUT[question]);
    const opinion: Opinion = {
      about: "m",
      outcome: "with_changes",
      answers: [{ question, answer, words: "en sus palabras" }],
      points: [],
    };
    const after = fed(before, "with_changes", opinion, HEARD);
    const found = Object.keys(row.rules ?? {}).map((rule) => {
      return [rule, [outcomeOf(before, rule), outcomeOf(after, rule)]];
    });
    expect(Object.fromEntries(found)).toEqual(row.rules ?? {});
    const wanted =
      row.comment === undefined ? [] : [{ rule: row.comment, words: "en sus palabras" }];
    expect(pointsOf(opinion)).toEqual(wanted);
    const changes = Object.values(row.rules ?? {}).some(([was, is]) => was !== is);
    expect(changes || row.comment !== undefined, "or it is said why not").toBe(
      row.why === undefined,
    );
  });

  it("is one of those that can be given, and each of them stands here", () => {
    for (const question of ASKED) {
      expect(Object.keys(BECOMES[question])).toEqual(QUESTIONS[question]);
    }
  });

  it("against a measure leaves what was confirmed of it, and what was foreseen", () => {
    const own = makeDraft({
      measures: [{ type: "interception", fields: {}, availability_confirmed: "Ley 5, art. 3" }],
      assurances: { expected_refusal: "none" },
    });
    const answers = [{ question: "available", answer: "no", words: "" } as const];
    const opinion: Opinion = { about: "m", outcome: "unlikely", answers, points: [] };
    const after = fed(own, "unlikely", opinion, HEARD);
    expect([after.measures, after.assurances]).toEqual([own.measures, own.assurances]);
    expect(outcomeOf(after, "DIG-DOMESTIC-LIMIT")).toBe("met");
  });
});
