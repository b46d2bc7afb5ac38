/** Names of files, as somebody else wrote them. */

/** What turns the reading direction round, or cannot be seen at all. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{DI}\u2800\u2028\u2029]/gu;
const PATHS = /[\\/:*?"<>|]/g;

/**
 * A name that says what it is and names no place: without what cannot be seen (`gpj.exe` written
 * backwards is not `exe.jpg`), without parts of paths, dots and spaces at its ends.
 */
export function cleanName(name: string): string {
  const plain = name.replace(UNSEEN, "").normalize("NFC").replace(PATHS, "_");
  return plain.replace(/^[.\s]+|[.\s]+$/g, "") || "file";
}
