/** An informal consultation in words: what is asked, what may be answered, what came of it. */

import { ASKED, type Opinion, OUTCOMES, QUESTIONS, type Question } from "../../crypto/opinion";
import { type Key, t } from "../words";

export { ASKED, OUTCOMES, QUESTIONS, type Question };

export const QUESTION: Readonly<Record<Question, Key>> = {
  offence: "consult.q.offence",
  available: "consult.q.available",
  nexus: "consult.q.nexus",
  authority: "consult.q.authority",
  parallel: "consult.q.parallel",
  assurance: "consult.q.assurance",
  formalities: "consult.q.formalities",
  "without-request": "consult.q.withoutRequest",
};

const ANSWER: Readonly<Record<string, Key | undefined>> = {
  yes: "document.yes",
  partly: "consult.a.partly",
  no: "document.no",
  unsure: "consult.a.unsure",
  "with-conditions": "consult.a.withConditions",
  add: "consult.a.add",
  "as-stated": "consult.a.asStated",
  another: "consult.a.another",
  talk: "consult.a.talk",
  none: "consult.a.none",
  "death-penalty": "consult.a.deathPenalty",
  use: "consult.a.use",
  other: "consult.a.other",
  certificate: "consult.a.certificate",
  oath: "consult.a.oath",
  form: "consult.a.form",
};

type Shown = { readonly words: Key; readonly tone: "" | "ok" | "warn" | "stop" };
const OUTCOME: Readonly<Record<string, Shown | undefined>> = {
  "": { words: "consult.outcome.open", tone: "warn" },
  favourable: { words: "consult.outcome.favourable", tone: "ok" },
  with_changes: { words: "consult.outcome.withChanges", tone: "warn" },
  unlikely: { words: "consult.outcome.unlikely", tone: "stop" },
  not_answered: { words: "consult.outcome.notAnswered", tone: "" },
  withdrawn: { words: "consult.outcome.withdrawn", tone: "" },
};

/** An answer of a later version of the program is shown by its code. */
export function answerName(answer: string): string {
  const words = Object.hasOwn(ANSWER, answer) ? ANSWER[answer] : undefined;
  return words === undefined ? answer : t(words);
}

export function outcomeShown(outcome: string): Shown {
  const known = Object.hasOwn(OUTCOME, outcome) ? OUTCOME[outcome] : undefined;
  return known ?? { words: "consult.outcome.other", tone: "" };
}

/** What a message says that answers: whole by itself, for whoever reads, searches or prints it. */
export function textOf({ outcome, answers, points }: Opinion): string {
  const lines = answers.map(({ question, answer, words }) => {
    const said = `${t(QUESTION[question])} ${answerName(answer)}.`;
    return words === "" ? said : `${said} ${words}`;
  });
  const changes = points.map(({ rule, words }) => `${rule}${t("label.colon")} ${words}`);
  return [
    `${t("consult.informal")}${t("label.colon")} ${t(outcomeShown(outcome).words)}.`,
    ...lines,
    ...changes,
  ].join("\n");
}
