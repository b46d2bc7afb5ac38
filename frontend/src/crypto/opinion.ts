/** What a focal point answers to an informal consultation: in codes and words, binding nobody. */
import * as v from "valibot";
import { Uuid } from "./identity";

/** What they are asked, by the codes of requests_mla/codes.py, each with its answers; some want words besides. */
export const QUESTIONS = {
  offence: ["yes", "partly", "no", "unsure"],
  available: ["yes", "with-conditions", "no"],
  nexus: ["yes", "add"],
  authority: ["as-stated", "another"],
  parallel: ["no", "talk"],
  assurance: ["none", "death-penalty", "use", "other"],
  formalities: ["none", "certificate", "oath", "form"],
  "without-request": ["yes", "no"],
} as const satisfies Record<string, readonly string[]>;

export type Question = keyof typeof QUESTIONS;
export const ASKED = Object.keys(QUESTIONS) as Question[];
export const OUTCOMES = ["favourable", "with_changes", "unlikely"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Answered = {
  readonly question: Question;
  readonly answer: string;
  readonly words: string;
};
/** What should be changed, by the rule that it is about. */
export type Point = { readonly rule: string; readonly words: string };

/** What is asked about, by who asks: a version of a request, by the SHA-256 (hex) of its ciphertext. */
export type Asking = {
  readonly request: string;
  readonly version: number;
  readonly digest: string;
};

export type Opinion = {
  /** The message that asked, by its id. */
  readonly about: string;
  readonly outcome: Outcome;
  readonly answers: readonly Answered[];
  readonly points: readonly Point[];
};

/** UTF-16 units of one answer's or point's words. */
export const LONGEST_WORDS = 1_000;
export const MOST_POINTS = 20;

const Words = v.pipe(v.string(), v.maxLength(LONGEST_WORDS));

const AskingShape = v.strictObject({
  request: Uuid,
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const OpinionShape = v.strictObject({
  about: Uuid,
  outcome: v.picklist(OUTCOMES),
  answers: v.pipe(
    v.array(
      v.pipe(
        v.strictObject({ question: v.picklist(ASKED), answer: v.string(), words: Words }),
        v.check(({ question, answer }) => isAnswer(question, answer)),
      ),
    ),
    v.check((all) => new Set(all.map(({ question }) => question)).size === all.length),
  ),
  points: v.pipe(
    v.array(
      v.strictObject({
        rule: v.pipe(v.string(), v.regex(/^[A-Z0-9][A-Z0-9-]{0,63}$/)),
        words: v.pipe(Words, v.minLength(1)),
      }),
    ),
    v.maxLength(MOST_POINTS),
  ),
});

/** What a message of a consultation is besides its words: it asks, or it answers. */
export type Consult = Asking | Opinion;
export const ConsultShape = v.union([AskingShape, OpinionShape]);

export const isOpinion = (consult: Consult | undefined): consult is Opinion =>
  consult !== undefined && "outcome" in consult;

export const isAsking = (consult: Consult | undefined): consult is Asking =>
  consult !== undefined && "digest" in consult;

export function isAnswer(question: Question, answer: string): boolean {
  return (QUESTIONS[question] as readonly string[]).includes(answer);
}
