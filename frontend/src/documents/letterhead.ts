/**
 * What an office prints over and under its letters, in the three languages, as it is signed and
 * kept: canonical JSON, an emblem in it as a JPEG.
 */
import { b64u, MalformedBytes } from "../bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "../canonical";
import { isObject } from "../rules/answers";
import { LANGUAGES, type Language } from "./languages";
import { cleaned } from "./words";

export type Lines = { readonly [language in Language]: readonly string[] };

export type LetterheadSaid = {
  readonly above: Lines;
  readonly below: Lines;
  /** A baseline JPEG, RGB or grey; null for none. */
  readonly emblem: Uint8Array | null;
};

/** Bounds of what is kept; `bytes` is the server's too (casehub/papers/limits.py). */
export const LETTERHEAD = {
  above: 6,
  below: 3,
  line: 120,
  side: 1200,
  bytes: 131_072,
} as const;

export const NO_LETTERHEAD: LetterheadSaid = {
  above: { es: [], en: [], fr: [] },
  below: { es: [], en: [], fr: [] },
  emblem: null,
};

/** Not a letterhead. */
export class LetterheadMalformed extends Error {
  override readonly name = "LetterheadMalformed";
}

/** @throws {LetterheadMalformed} if it is too much of one. */
export function encodeLetterhead({
  above,
  below,
  emblem,
}: LetterheadSaid): Uint8Array<ArrayBuffer> {
  const body = canonical({
    v: 1,
    above: linesOf(above, LETTERHEAD.above),
    below: linesOf(below, LETTERHEAD.below),
    emblem: emblem === null ? "" : b64u.encode(emblem),
  });
  if (body.length > LETTERHEAD.bytes) throw new LetterheadMalformed("too large");
  if (emblem !== null) sizeOf(emblem);
  return body;
}

/** @throws {LetterheadMalformed} */
export function decodeLetterhead(body: Uint8Array): LetterheadSaid {
  try {
    const said = fromCanonical(body);
    if (!isObject(said) || said.v !== 1 || typeof said.emblem !== "string") {
      throw new LetterheadMalformed("shape");
    }
    const above = linesOf(said.above, LETTERHEAD.above);
    const below = linesOf(said.below, LETTERHEAD.below);
    const emblem = said.emblem === "" ? null : b64u.decode(said.emblem);
    if (emblem !== null) sizeOf(emblem);
    return { above, below, emblem };
  } catch (error) {
    if (error instanceof NotCanonical || error instanceof MalformedBytes) {
      throw new LetterheadMalformed(error.message);
    }
    throw error;
  }
}

/** The lines in a language, or in the first one that has any: a letter without a head is nobody's. */
export function headIn(
  language: Language,
  { above, below }: LetterheadSaid,
): { readonly above: readonly string[]; readonly below: readonly string[] } {
  const of = (lines: Lines): readonly string[] =>
    [language, ...LANGUAGES].map((one) => lines[one]).find((one) => one.length > 0) ?? [];
  return { above: of(above), below: of(below) };
}

function linesOf(value: unknown, most: number): { [language in Language]: string[] } {
  const of = (language: Language): string[] => {
    const lines: unknown = isObject(value) ? value[language] : undefined;
    if (!Array.isArray(lines) || lines.length > most) throw new LetterheadMalformed("lines");
    return lines.map((line: Json) => {
      if (typeof line !== "string" || [...line].length > LETTERHEAD.line) {
        throw new LetterheadMalformed("line");
      }
      return cleaned(line).replace(/\n+/g, " ");
    });
  };
  return { es: of("es"), en: of("en"), fr: of("fr") };
}

const [START, BASELINE, SCAN] = [0xd8, 0xc0, 0xda];

/**
 * The width and height of a JPEG that every reader of PDF and Word draws (ITU-T T.81, B.1.1).
 *
 * @throws {LetterheadMalformed} for any other file: progressive, CMYK, too large, or none.
 */
export function sizeOf(jpeg: Uint8Array): { readonly width: number; readonly height: number } {
  const byte = (at: number): number => jpeg[at] ?? 0;
  const word = (at: number): number => byte(at) * 256 + byte(at + 1);
  if (byte(0) !== 0xff || byte(1) !== START) throw new LetterheadMalformed("no JPEG");
  for (let at = 2; at < jpeg.length && byte(at) === 0xff && byte(at + 1) !== SCAN; ) {
    const [marker, length] = [byte(at + 1), word(at + 2)];
    if (marker === BASELINE) {
      const [height, width, colours] = [word(at + 5), word(at + 7), byte(at + 9)];
      const fits = [height, width].every((side) => side > 0 && side <= LETTERHEAD.side);
      if (!fits || byte(at + 4) !== 8 || (colours !== 1 && colours !== 3)) break;
      return { width, height };
    }
    at += 2 + length;
  }
  throw new LetterheadMalformed("not a JPEG that is drawn everywhere");
}
