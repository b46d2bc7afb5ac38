/** The languages that a document may be in; its words are a matter of whoever makes one. */

import type { Words } from "../rules/book";

export type Language = keyof Words;
export const LANGUAGES: readonly Language[] = ["es", "en", "fr"];
export const isLanguage = (value: unknown): value is Language =>
  LANGUAGES.some((one) => one === value);
