/** What changed between two versions of a draft: rules first, then answers. Pure. */

import type { Json } from "../../../canonical";
import type { Book, Draft, Field, Rule, Section } from "../../../rules/book";
import { AIM, type Outcome, screen } from "../../../rules/engine";
import { isBox, isUnknown, itemsAt, valueAt } from "../document";
import { fieldsOf } from "../form/fields";

export type RuleChange = { readonly rule: Rule; readonly before: Outcome; readonly after: Outcome };
export type AnswerChange = {
  readonly pointer: string;
  readonly section: Section | null;
  /** Which item of a list section, from 0. */
  readonly item: number | null;
  readonly field: Field | null;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly unknownBefore: boolean;
  readonly unknownAfter: boolean;
};

export function ruleChanges(book: Book, before: Draft, after: Draft): RuleChange[] {
  const was = new Map(screen(book, before, AIM).map((one) => [one.rule, one.outcome]));
  return screen(book, after, AIM).flatMap(({ rule: id, outcome }) => {
    const rule = book.rule(id);
    const old = was.get(id) ?? "not_applicable";
    return rule === undefined || old === outcome ? [] : [{ rule, before: old, after: outcome }];
  });
}

const TOP = ["requested_state", "law_date", "language"] as const;

export function answerChanges(book: Book, before: Draft, after: Draft): AnswerChange[] {
  const change = (
    pointer: string,
    section: Section | null,
    item: number | null,
    field: Field | null,
  ): AnswerChange => ({
    pointer,
    section,
    item,
    field,
    before: valueAt(before, pointer),
    after: valueAt(after, pointer),
    unknownBefore: isUnknown(before, pointer),
    unknownAfter: isUnknown(after, pointer),
  });
  const top = TOP.map((pointer) => change(pointer, null, null, null));
  const answers = book.sections.flatMap((section) => {
    const count = Math.max(...[before, after].map((one) => itemsAt(one, section.id).length));
    const places = section.item === undefined ? [null] : [...Array(count).keys()];
    return places.flatMap((place) => {
      const fields = new Map(
        [before, after]
          .flatMap((one) => fieldsOf(book, one, section, place))
          .map(({ pointer, field }) => [pointer, field]),
      );
      return [...fields].map(([pointer, field]) => change(pointer, section, place, field));
    });
  });
  return [...top, ...answers].filter(
    (one) => one.unknownBefore !== one.unknownAfter || !same(one.before, one.after),
  );
}

const blank = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isBox(value) && Object.values(value).every(blank));

const same = (one: Json | undefined, other: Json | undefined): boolean =>
  (blank(one) && blank(other)) || JSON.stringify(one) === JSON.stringify(other);
