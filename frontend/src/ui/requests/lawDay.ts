/** A calendar day of the draft ("2026-11-20") as the reader's language writes it, in no zone. */

import { preferences } from "../preferences.svelte";
import { shortDay } from "../time";

export function lawDay(day: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))
    ? shortDay(`${day}T12:00:00Z`, preferences.language, "UTC")
    : day;
}
