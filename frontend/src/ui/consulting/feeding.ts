/** What an answer gives to a draft: answers for the rules, points to be settled one by one. Pure. */

import type { Opinion, Point, Question } from "../../crypto/opinion";
import type { Book, Draft } from "../../rules/book";
import {
  addItem,
  isFilled,
  itemsAt,
  markUnknown,
  put,
  textAt,
  valueAt,
} from "../requests/document";

/** By whom and when, in the words of the draft's language; they stand beside each answer. */
export type Heard = {
  /** As the draft has contacts: a day, with whom, and what came of it. */
  readonly day: string;
  readonly with: string;
  readonly outcome: string;
  /** One answer in words, with who said it and when. */
  readonly said: (question: Question) => string;
};

const CONTACTS = "prior_contacts";

/** The draft with what was heard; `opinion` is null where nobody answered in time. */
export function fed(draft: Draft, outcome: string, opinion: Opinion | null, heard: Heard): Draft {
  let now = settled(draft, "consultation.outcome", outcome);
  if (opinion !== null) {
    // Whoever answered stands in the circle by the directory's own chain: it is no host's word.
    now = settled(now, "consultation.focal_point_approved", "yes");
    now = settled(now, "consultation.not_binding", "yes");
    for (const pointer of nowKnown(draft, opinion)) now = asked(now, pointer);
    for (const [pointer, value] of answersOf(opinion, heard)) now = filled(now, pointer, value);
  }
  return hasContact(now, heard) ? now : addItem(now, CONTACTS, contactOf(heard));
}

/**
 * What was not known before somebody asked, and is: an answer against it leaves it empty, and what
 * reads it fails instead of asking on.
 */
function nowKnown(draft: Draft, { answers }: Opinion): string[] {
  return answers.flatMap(({ question, answer }) => {
    if (question === "available") {
      const each = itemsAt(draft, "measures").map(
        (_, at) => `measures.${at}.availability_confirmed`,
      );
      return ["consultation.availability_answer", ...each];
    }
    return question === "assurance" && ["none", "death-penalty"].includes(answer)
      ? ["consultation.death_penalty_answer", "assurances.death_penalty"]
      : [];
  });
}

/** What is answered in the draft already is not written over. */
type Given = readonly [pointer: string, value: string];

function answersOf({ answers }: Opinion, heard: Heard): Given[] {
  return answers.flatMap(({ question, answer, words }): Given[] => {
    const said = heard.said(question);
    switch (question) {
      case "offence": {
        const result = RESULT[answer];
        const told: Given = ["consultation.dual_criminality_answer", said];
        return result === undefined ? [told] : [told, ["dual_criminality.result", result]];
      }
      case "available":
        // What their law does not allow is a ground of refusal (UNTOC 18(21)): nothing confirms it.
        return answer === "no"
          ? [["assurances.expected_refusal", "18_21"]]
          : [["consultation.availability_answer", said]];
      case "authority": {
        const checked: Given = ["central_authority.to_checked_on", heard.day];
        return answer === "another" && words !== ""
          ? [["central_authority.to_name", words], checked]
          : [checked];
      }
      case "parallel":
        // Whether both were told apart is still to be found: the rules go on asking it.
        return [["coordination.parallel_matter", answer === "no" ? "no" : "yes"]];
      case "assurance":
        // What they want is still to be given, by the own authority; that they want none is an answer.
        return answer === "none" ? [["consultation.death_penalty_answer", said]] : [];
      case "without-request":
        return [["judgement.formal_route_needed", answer === "yes" ? "no" : "yes"]];
      default:
        // "nexus", "formalities": the rules read what the request says, and what the own courts need.
        return [];
    }
  });
}

const RESULT: Readonly<Record<string, string | undefined>> = {
  yes: "met",
  partly: "met_with_reservation",
  no: "not_met",
};

/** Answers that ask for a change are points, each by the rule that wants it. */
const BY_ANSWER: Readonly<Record<string, string | undefined>> = {
  "available:no": "DIG-DOMESTIC-LIMIT",
  "nexus:add": "NEXUS-STATED",
  "assurance:death-penalty": "REF-DEATH",
  "assurance:use": "USE-UNDERTAKING",
  "assurance:other": "REF-CONSULT-FIRST",
  "formalities:certificate": "FORM-CERT",
  "formalities:oath": "FORM-OATH",
  "formalities:form": "FORM-AUTHENTIC",
};

export function pointsOf({ answers, points }: Opinion): Point[] {
  const wanted = answers.flatMap(({ question, answer, words }): Point[] => {
    const rule = BY_ANSWER[`${question}:${answer}`];
    return rule === undefined ? [] : [{ rule, words }];
  });
  return [...points, ...wanted];
}

/** In which section of the form a point stands: where its rule speaks, else with the consultation. */
export function sectionOf(book: Book, rule: string): string {
  const [section = ""] = (book.rule(rule)?.at ?? "").split(".");
  return book.sections.some(({ id }) => id === section) ? section : "consultation";
}

function settled(draft: Draft, pointer: string, value: string): Draft {
  return put(markUnknown(draft, pointer, false), pointer, value);
}

function asked(draft: Draft, pointer: string): Draft {
  return isFilled(valueAt(draft, pointer)) ? draft : markUnknown(draft, pointer, false);
}

function filled(draft: Draft, pointer: string, value: string): Draft {
  return isFilled(valueAt(draft, pointer)) ? draft : settled(draft, pointer, value);
}

function contactOf({ day, with: whom, outcome }: Heard) {
  return { date: day, with: whom, outcome };
}

function hasContact(draft: Draft, heard: Heard): boolean {
  return itemsAt(draft, CONTACTS).some((_, at) => {
    const there = `${CONTACTS}.${at}`;
    return (
      textAt(draft, `${there}.date`) === heard.day && textAt(draft, `${there}.with`) === heard.with
    );
  });
}
