/**
 * A new draft from a former request. Pure.
 *
 * What the case is stays: facts, offences, persons, what is asked for. What somebody did, agreed to
 * or judged for the former request, and days that have passed since, are made anew: a copied
 * consent or undertaking would be a false one. What hangs on the requested State goes when that changes.
 */

import type { Book, Draft, Section } from "../../../rules/book";
import { LANGUAGES, type Language } from "../../preferences.svelte";
import {
  addItem,
  isFilled,
  isUnknown,
  itemsAt,
  markUnknown,
  measureTypes,
  newDraft,
  put,
  removeItem,
  textAt,
  translated,
  translationAt,
  valueAt,
} from "../document";
import { fieldsOf, type Placed } from "../form/fields";

/** Whole sections: judged, promised, agreed, signed, asked, sent or urgent for that request only. */
export const SECTIONS_ANEW: ReadonlySet<string> = new Set([
  "assurances",
  "channel",
  "consultation",
  "coordination",
  "followup",
  "judgement",
  "preservation",
  "prior_contacts",
  "signature",
  "translation",
  "urgency",
]);

export const FIELDS_ANEW: ReadonlySet<string> = new Set([
  "annexes.legalised",
  "annexes.translated",
  "central_authority.to_checked_on",
  "facts.disclosure_order",
  "information.exceptional_reason",
  "information.notice_after",
  "information.notice_to_sender",
  "information.release",
  "measures.availability_confirmed",
  "measures.recent_facts",
  "persons.age",
  "persons.consular_notice",
  "persons.detained",
  "persons.return_scheduled",
  "persons.testimony_plan",
  "proceeding.act_originating_request",
  "related.open",
]);

/** Of a measure's own questions; besides these, every single day. */
export const OWN_ANEW: ReadonlySet<string> = new Set([
  "authority_order",
  "consent",
  "consent_document",
  "consular",
  "family_consent",
  "no_earlier_prosecution",
  "no_penalty",
  "own_order",
  "preserved_ref",
  "safe_conduct",
  "voluntary",
]);

/** What was said with one requested State in mind. */
export const OF_THE_PAIR: ReadonlySet<string> = new Set([
  "central_authority.to_name",
  "dual_criminality",
  "legal_basis",
  "protection.data_to_origin_state",
]);
export const OWN_OF_THE_PAIR: ReadonlySet<string> = new Set(["dual_criminality_covered"]);

export type Told = { readonly section: Section; readonly placed: Placed };
export type Carried = {
  readonly draft: Draft;
  /** Answers of the former request that are in the new draft, and those that are not. */
  readonly kept: readonly Told[];
  readonly left: readonly Told[];
};

type Given = { readonly lawDate: string; readonly requesting: string; readonly requested: string };

export const languageOf = (draft: Draft, otherwise: Language): Language =>
  LANGUAGES.find((one) => one === draft.language) ?? otherwise;

export function carriedOver(book: Book, former: Draft, given: Given, page: Language): Carried {
  const language = languageOf(former, page);
  const samePair = given.requested !== "" && given.requested === former.requested_state;
  const kept: Told[] = [];
  const left: Told[] = [];
  let draft = newDraft({ ...given, language, measures: [] });
  for (const section of book.sections) {
    const items = itemsAt(former, section.id);
    const places = section.item === undefined ? [null] : [...items.keys()];
    if (section.item !== undefined && isOfTheCase(section, samePair)) {
      for (const _ of places) {
        draft = addItem(draft, section.id, section.id === "measures" ? { fields: {} } : {});
      }
    }
    for (const placed of places.flatMap((place) => fieldsOf(book, former, section, place))) {
      const { pointer } = placed;
      const marked = isUnknown(former, pointer);
      if (!marked && !isFilled(valueAt(former, pointer))) continue;
      if (!stays(section, placed, samePair)) {
        left.push({ section, placed });
        continue;
      }
      kept.push({ section, placed });
      draft = withAnswer(draft, former, pointer, marked);
    }
  }
  return { draft, kept, left };
}

const staysWith = (name: string, samePair: boolean): boolean => samePair || !OF_THE_PAIR.has(name);

const isOfTheCase = ({ id }: Section, samePair: boolean): boolean =>
  !SECTIONS_ANEW.has(id) && staysWith(id, samePair);

function stays(section: Section, { field, pointer }: Placed, samePair: boolean): boolean {
  if (!isOfTheCase(section, samePair)) return false;
  if (/^measures\.\d+\.fields\./.test(pointer)) {
    if (field.kind === "date" || OWN_ANEW.has(field.key)) return false;
    return samePair || !OWN_OF_THE_PAIR.has(field.key);
  }
  const name = `${section.id}.${field.key}`;
  return !FIELDS_ANEW.has(name) && staysWith(name, samePair);
}

/** With its translations; who reviewed them did so for another document. */
function withAnswer(draft: Draft, former: Draft, pointer: string, marked: boolean): Draft {
  const value = valueAt(former, pointer);
  let next = value === undefined ? draft : put(draft, pointer, value);
  if (marked) next = markUnknown(next, pointer, true);
  for (const language of LANGUAGES) {
    const { text, status } = translationAt(former, pointer, language);
    if (text === "") continue;
    const now = status === "reviewed" ? "draft" : status;
    next = translated(next, pointer, language, { text, status: now });
  }
  return next;
}

/** The draft without the measures whose type is in none of `types`, and with those it lacks. */
export function withMeasures(book: Book, draft: Draft, types: readonly string[]): Draft {
  let next = draft;
  for (const place of [...itemsAt(draft, "measures").keys()].reverse()) {
    const type = textAt(draft, `measures.${place}.type`);
    if (book.measures.has(type) && !types.includes(type)) {
      next = removeItem(next, "measures", place);
    }
  }
  const there = measureTypes(book, next);
  const more = types.filter((type) => !there.includes(type));
  return more.reduce((made, type) => addItem(made, "measures", { type, fields: {} }), next);
}
