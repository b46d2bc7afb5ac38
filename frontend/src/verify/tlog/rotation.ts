/**
 * One key of a log follows another: the statement with which both sign for the change, as a note of
 * its own and as a comment in a policy. Python, with its layout: audit/tlog/rotation.py.
 */

import { equal, utf8 } from "../../bytes";
import { ED25519, type Key, parseKey, parseNote, signaturesOf } from "./note";
import { Malformed, Unproven } from "./refusal";
import { fromBase64, fromDecimal, toBase64 } from "./text";

const HEADER = "casehub-log-rotation/1";
const MARK = `#${HEADER} `;

export type Rotation = {
  readonly old: Key;
  readonly new: Key;
  /** POSIX seconds from which both sign. */
  readonly start: number;
  /** POSIX seconds from which the old one counts no more. */
  readonly end: number;
  readonly note: string;
};

export const isSameKey = (one: Key, other: Key): boolean =>
  one.name === other.name && one.kind === other.kind && equal(one.public, other.public);

/**
 * Reads a statement and checks both signatures; whom to believe is another question.
 *
 * @throws {Malformed} if it is none.
 * @throws {Unproven} if not both keys have signed it, the old one first, and nobody else.
 */
export async function parseRotation(note: string): Promise<Rotation> {
  const parsed = parseNote(note);
  const [header, origin = "", first = "", second = "", from = "", to = "", tail, ...more] =
    parsed.text.split("\n");
  if (header !== HEADER || tail !== "" || more.length > 0) {
    throw new Malformed("a rotation has six lines");
  }
  const [old, next] = [await parseKey(first), await parseKey(second)];
  const [start, end] = [fromDecimal(from), fromDecimal(to)];
  const ofOneLog = [old, next].every(({ name, kind }) => name === origin && kind === ED25519);
  if (!ofOneLog || isSameKey(old, next)) {
    throw new Malformed("a rotation is between two keys of one log");
  }
  if (!(start > 0 && start < end)) throw new Malformed("a rotation begins before it ends");
  const named = [old, next].map(({ name, id }) => [name, ...id].join());
  if (parsed.lines.map(({ name, id }) => [name, ...id].join()).join(" ") !== named.join(" ")) {
    throw new Unproven("a rotation is signed by both keys, and by nobody else");
  }
  // One by one: two keys may share the four bytes that a line names.
  for (const [at, key] of [old, next].entries()) {
    await signaturesOf({ text: parsed.text, lines: parsed.lines.slice(at, at + 1) }, [key]);
  }
  return { old, new: next, start, end, note };
}

/** The line of a policy that holds a statement, without its end. */
export const rotationLine = ({ note }: Rotation): string => MARK + toBase64(utf8.encode(note));

export const isRotationLine = (line: string): boolean => line.startsWith(MARK);

/**
 * @throws {Malformed} if the line holds none.
 * @throws {Unproven} as {@link parseRotation}.
 */
export async function rotationIn(line: string): Promise<Rotation> {
  const bytes = fromBase64(line.slice(MARK.length));
  let note: string;
  try {
    note = utf8.decode(bytes);
  } catch {
    throw new Malformed("a rotation is text");
  }
  return parseRotation(note);
}
