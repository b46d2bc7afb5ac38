/** What languages are called in the language of the page. */

import { LANGUAGES, type Language, preferences } from "../preferences.svelte";

/** The language of a draft, which another system may have written. */
export const asLanguage = (code: string): Language =>
  LANGUAGES.find((one) => one === code) ?? preferences.language;

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([preferences.language], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // the rulebook may name what is no language tag
  }
}
