/** Names of files, as somebody else wrote them. */

import { pretended } from "./dangers";

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

/** Names of devices, which Windows opens instead of a file. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)/i;
const LONGEST = 120;

/**
 * The name under which a file is kept on a disk: {@link cleanName}, with one ending only (`acta.pdf.exe`
 * is kept as `acta_pdf.exe`), in sight however long it is, and the name of no device.
 */
export function savedName(name: string): string {
  const clean = cleanName(name).replace(/\s+/g, " ").replace(DEVICES, "_$1");
  const single = pretended(clean) === null ? clean : clean.replace(/\s*\.(?=[^.]*\.[^.]*$)/, "_");
  const characters = [...single];
  if (characters.length <= LONGEST) return single;
  const ending = /\.[^.\s]{1,16}$/.exec(single)?.[0] ?? "";
  return `${characters.slice(0, LONGEST - [...ending].length).join("")}${ending}`;
}
