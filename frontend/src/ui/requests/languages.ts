/** What languages are called in the language of the page. */

import { preferences } from "../preferences.svelte";

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([preferences.language], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // the rulebook may name what is no language tag
  }
}
