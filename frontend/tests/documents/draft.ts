/** A draft with something in every question of the form: a word that occurs nowhere else. */
import type { Json } from "../../src/canonical";
import type { Book, Draft, Field } from "../../src/rules/book";
import { makeDraft } from "../draft";

/** What was written, by pointer: texts whose every word a document must hold. */
export type Full = { readonly draft: Draft; readonly written: ReadonlyMap<string, string> };

const DAY = "2026-03-09";

/** `around`: letters that every written text has besides its own word. */
export function fullDraft(book: Book, around = "ñandú, pingüino; cœur d'été"): Full {
  const written = new Map<string, string>();
  let count = 0;
  const word = (at: string): string => {
    count += 1;
    const text = `Quetzal${count.toString(36).toUpperCase()}x ${around}`;
    written.set(at, text);
    return text;
  };
  const answer = (field: Field, at: string): Json => {
    switch (field.kind) {
      case "yes_no":
        return "yes";
      case "choice":
        return choice(book, field);
      case "choices":
        return (field.options ?? []).map(({ value }) => value);
      case "date":
        return DAY;
      case "number":
        return 12;
      case "period":
        return { from: "2025-01-02", to: DAY };
      case "list":
        return [word(`${at}.0`), word(`${at}.1`)];
      default:
        return word(at);
    }
  };
  const answers = (fields: readonly Field[], at: string): Record<string, Json> =>
    Object.fromEntries(fields.map((field) => [field.key, answer(field, `${at}.${field.key}`)]));
  const sections = book.sections.map(({ id, list, fields }): [string, Json] => {
    if (!list) return [id, answers(fields, id)];
    if (id !== "measures") return [id, [answers(fields, `${id}.0`), answers(fields, `${id}.1`)]];
    const items = [...book.measures.values()].map((measure, place) => ({
      ...answers(fields, `${id}.${place}`),
      type: measure.id,
      fields: answers(measure.fields, `${id}.${place}.fields`),
    }));
    return [id, items];
  });
  return { draft: makeDraft(Object.fromEntries(sections)), written };
}

function choice(book: Book, field: Field): string {
  if (field.from === "measures") return [...book.measures.keys()][0] ?? "";
  if (field.from === "instruments") return [...book.instruments.keys()][0] ?? "";
  return field.options?.[0]?.value ?? "";
}
