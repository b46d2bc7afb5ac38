/** Sizes of files in words. */

import { preferences } from "../preferences.svelte";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "3,4 MB", by thousands as file managers count. */
export function sizeOf(bytes: number): string {
  let [unit, value] = [0, bytes];
  while (value >= 1000 && unit < UNITS.length - 1) [unit, value] = [unit + 1, value / 1000];
  return new Intl.NumberFormat(preferences.language, {
    style: "unit",
    unit: UNITS[unit] ?? "byte",
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}
