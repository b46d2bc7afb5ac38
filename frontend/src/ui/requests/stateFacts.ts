/** What the rulebook holds of a State, in words, with how sure it is. */

import type { Book, Draft, Words } from "../../rules/book";
import { type Proposal, propose } from "../../rules/propose";
import { type Key, t } from "../words";
import { isUnproven } from "./checklist/rows";
import { itemsAt, measureTypes, textAt, textsAt } from "./document";
import { said } from "./lawWords";

type Held = {
  readonly value: string | readonly string[];
  readonly confidence?: string;
  readonly verification?: string;
  readonly note?: Words;
};

function heldOf(book: Book, state: string, key: string): Held | undefined {
  return book.states.get(state)?.facts[key];
}

/** Whether a fact was compared with its text and may be shown without a warning. */
export function isProven(book: Book, state: string, key: string): boolean {
  const held = heldOf(book, state, key);
  return held?.confidence === "high" && held.verification !== "recalled";
}

export function noteOf(book: Book, state: string, key: string): string {
  const note = heldOf(book, state, key)?.note;
  return note === undefined ? "" : said(note);
}

const DUAL: Readonly<Record<string, Key | undefined>> = {
  coercive_without_treaty: "dual.coerciveWithoutTreaty",
  declared_not_obliged: "dual.declaredNotObliged",
  required_for_assets: "dual.requiredForAssets",
  search_warrants: "dual.searchWarrants",
  treaty_dependent: "dual.treatyDependent",
};

const PENALTY: Readonly<Record<string, Key | undefined>> = {
  abolitionist: "penalty.abolitionist",
  abolitionist_in_practice: "penalty.inPractice",
  abolitionist_ordinary_crimes: "penalty.ordinary",
  retentionist: "penalty.retentionist",
};

const inWords = (names: Readonly<Record<string, Key | undefined>>, value: string): string => {
  const key = names[value];
  return key === undefined ? value.replaceAll("_", " ") : t(key);
};

export const dualWords = (value: string): string => inWords(DUAL, value);
export const penaltyWords = (value: string): string => inWords(PENALTY, value);

/** What a draft could rest on, by its States, date, offences and measures. */
export function proposedFor(book: Book, draft: Draft): Proposal {
  const { requesting_state: from, requested_state: to, law_date: date } = draft;
  return propose(book, from, to, date, categoriesOf(draft), measureTypes(book, draft));
}

/** What an instrument says on a topic, in words. */
export function articleOf(
  book: Book,
  instrument: string,
  topic: string,
): { ref: string; rule: string; unproven: boolean } | null {
  const article = book.instruments.get(instrument)?.articles?.[topic];
  if (article?.rule === undefined) return null;
  const { ref, rule, verification = "recalled" } = article;
  return { ref, rule: said(rule), unproven: isUnproven(verification) };
}

/** Categories and tags of the offences: what a treaty for some offences only is measured by. */
function categoriesOf(draft: Draft): string[] {
  const found = itemsAt(draft, "offences").flatMap((_, at) => [
    textAt(draft, `offences.${at}.category`),
    ...textsAt(draft, `offences.${at}.tags`),
  ]);
  return [...new Set([...found, ...textsAt(draft, "facts.tags")])].filter(Boolean);
}
