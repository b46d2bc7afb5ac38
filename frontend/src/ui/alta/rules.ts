/** The rules of use, in the language of the page, and the text whose digest is accepted. */

import words from "../../../../casehub/accounts/data/rules-of-use.json";
import type { Language } from "../preferences.svelte";

export function rulesIn(language: Language): readonly string[] {
  return words[language];
}

/** What casehub/accounts/rules.py hashes: paragraphs joined by a line feed. */
export function rulesText(language: Language): string {
  return rulesIn(language).join("\n");
}
