/** A file's SHA-256 as people compare it: on the page, in a court's file and by other programs. */

import { b64u, hex } from "./bytes";

/** A SHA-256 (base64url, as messages carry it) as other programs print it: 64 digits. */
export function digestOf(sha256: string): string {
  return hex.encode(b64u.decode(sha256));
}

/** Its first sixteen digits by fours: enough to compare by telephone. */
export function shortDigest(sha256: string): string {
  return digestOf(sha256)
    .slice(0, 16)
    .replace(/(.{4})(?!$)/g, "$1 ");
}
