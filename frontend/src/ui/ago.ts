/** How long something is ago, as one says it. */

import { t } from "./words";

const MINUTE = 60;
const HOUR = 3600;

/** "hace 4 s", "hace 3 min", "hace 2 h". */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < MINUTE) return t("ago.seconds", { count: seconds });
  if (seconds < HOUR) return t("ago.minutes", { count: Math.floor(seconds / MINUTE) });
  return t("ago.hours", { count: Math.floor(seconds / HOUR) });
}

/** A length of time: "12 s", "3 min", "5 h", "2 d". */
export function lasted(seconds: number): string {
  if (seconds < MINUTE) return t("lasted.seconds", { count: seconds });
  if (seconds < HOUR) return t("lasted.minutes", { count: Math.round(seconds / MINUTE) });
  if (seconds < 48 * HOUR) return t("lasted.hours", { count: Math.round(seconds / HOUR) });
  return t("lasted.days", { count: Math.round(seconds / (24 * HOUR)) });
}
