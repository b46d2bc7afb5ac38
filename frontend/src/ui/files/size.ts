/** Sizes and digests of files in words. */

import { b64u, hex } from "../../bytes";
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

/** A SHA-256 as other programs print it. */
export function digestOf(sha256: string): string {
  return hex.encode(b64u.decode(sha256));
}

/** Its first sixteen digits by fours: enough to compare by telephone. */
export function shortDigest(sha256: string): string {
  return digestOf(sha256)
    .slice(0, 16)
    .replace(/(.{4})(?!$)/g, "$1 ");
}
