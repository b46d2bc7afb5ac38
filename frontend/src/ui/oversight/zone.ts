/** On whose clock the console shows times: the State's capital's, as its filter and figures count. */

import type { Language } from "../preferences.svelte";
import { zoneName } from "../time";

/** Both clocks at a moment in words, if they differ then; the reader's is null where it is the same. */
export function clocks(
  now: string,
  language: Language,
  capital: string,
  here: string,
): { theirs: string; own: string | null } {
  const offset = (zone: string): string =>
    new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
      .formatToParts(new Date(now))
      .find((one) => one.type === "timeZoneName")?.value ?? zone;
  return {
    theirs: zoneName(now, language, capital),
    own: offset(here) === offset(capital) ? null : zoneName(now, language, here),
  };
}
