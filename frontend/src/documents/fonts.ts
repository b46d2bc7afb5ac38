/**
 * Source Sans 3 for a PDF, which carries its own letters: only the alphabets that a text needs.
 *
 * The files come as modules of this build, so nothing is fetched but our own scripts, and the same
 * code runs without a browser.
 */
import { create, type Font as Face } from "fontkit";

/** One alphabet in both weights. */
export type Font = { readonly name: string; readonly regular: Face; readonly bold: Face };

type Files = () => Promise<readonly [{ default: string }, { default: string }]>;
type Alphabet = {
  readonly name: string;
  /** Code points that are worth a look in these files. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly files: Files;
};

const ALPHABETS: readonly Alphabet[] = [
  {
    name: "latin",
    ranges: [[0x20, 0x10ffff]],
    files: () =>
      Promise.all([
        import("@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff?inline"),
        import("@fontsource/source-sans-3/files/source-sans-3-latin-700-normal.woff?inline"),
      ]),
  },
  {
    name: "latin-ext",
    ranges: [
      [0x100, 0x36f],
      [0x1d00, 0x1eff],
      [0x2020, 0x2c7f],
      [0xa720, 0xa7ff],
    ],
    files: () =>
      Promise.all([
        import("@fontsource/source-sans-3/files/source-sans-3-latin-ext-400-normal.woff?inline"),
        import("@fontsource/source-sans-3/files/source-sans-3-latin-ext-700-normal.woff?inline"),
      ]),
  },
  {
    name: "vietnamese",
    ranges: [
      [0x100, 0x36f],
      [0x1ea0, 0x1ef9],
    ],
    files: () =>
      Promise.all([
        import("@fontsource/source-sans-3/files/source-sans-3-vietnamese-400-normal.woff?inline"),
        import("@fontsource/source-sans-3/files/source-sans-3-vietnamese-700-normal.woff?inline"),
      ]),
  },
  {
    name: "cyrillic",
    ranges: [
      [0x400, 0x4ff],
      [0x2116, 0x2116],
    ],
    files: () =>
      Promise.all([
        import("@fontsource/source-sans-3/files/source-sans-3-cyrillic-400-normal.woff?inline"),
        import("@fontsource/source-sans-3/files/source-sans-3-cyrillic-700-normal.woff?inline"),
      ]),
  },
  {
    name: "greek",
    ranges: [[0x370, 0x3ff]],
    files: () =>
      Promise.all([
        import("@fontsource/source-sans-3/files/source-sans-3-greek-400-normal.woff?inline"),
        import("@fontsource/source-sans-3/files/source-sans-3-greek-700-normal.woff?inline"),
      ]),
  },
];

/** A part of a text that one font can write. */
export type Run = { readonly font: Font; readonly text: string };

export class Fonts {
  constructor(
    readonly all: readonly [Font, ...Font[]],
    /** What no font has, each character once; `runs` writes it as its code, [U+4E2D]. */
    readonly missing: string,
  ) {}

  /** The text split by font, its letters as a PDF can hold them. */
  runs(text: string): Run[] {
    const runs: { font: Font; text: string }[] = [];
    for (const letter of writable(text)) {
      const font = this.all.find((one) => has(one, letter));
      const last = runs.at(-1);
      const [own, written] = font ? [font, letter] : [this.all[0], codeOf(letter)];
      if (last?.font === own) last.text += written;
      else runs.push({ font: own, text: written });
    }
    return runs;
  }
}

/** The fonts that `text` needs. */
export async function fontsFor(text: string): Promise<Fonts> {
  const [latin, ...others] = ALPHABETS;
  if (latin === undefined) throw new Error("no alphabet");
  const all: [Font, ...Font[]] = [await loaded(latin)];
  let rest = [...new Set(writable(text))].filter((letter) => !all.some((one) => has(one, letter)));
  for (const alphabet of others) {
    if (!rest.some((letter) => within(alphabet, letter))) continue;
    const font = await loaded(alphabet);
    all.push(font);
    rest = rest.filter((letter) => !has(font, letter));
  }
  return new Fonts(all, rest.join(""));
}

const loading = new Map<string, Promise<Font>>();

function loaded({ name, files }: Alphabet): Promise<Font> {
  let font = loading.get(name);
  if (font === undefined) {
    font = files().then(([regular, bold]) => ({
      name,
      regular: face(regular.default),
      bold: face(bold.default),
    }));
    font.catch(() => loading.delete(name));
    loading.set(name, font);
  }
  return font;
}

/** From `data:font/woff;base64,...`, as the build packs it. */
function face(address: string): Face {
  const text = atob(address.slice(address.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  // its types speak of Node's Buffer; it reads any bytes
  return create(bytes as Uint8Array as Buffer) as Face;
}

const pointOf = (letter: string): number => letter.codePointAt(0) ?? 0;
const has = (font: Font, letter: string): boolean =>
  font.regular.hasGlyphForCodePoint(pointOf(letter));
const within = ({ ranges }: Alphabet, letter: string): boolean =>
  ranges.some(([from, to]) => from <= pointOf(letter) && pointOf(letter) <= to);
const codeOf = (letter: string): string =>
  `[U+${pointOf(letter).toString(16).toUpperCase().padStart(4, "0")}]`;

/** Spaces, hyphens and joiners that the files lack, as their plain likes. */
const writable = (text: string): string =>
  text
    .replace(/[\s\u2000-\u200a]/gu, (space) =>
      space === "\u00a0" || space === "\u202f" ? "\u00a0" : " ",
    )
    .replace(/[\u2010-\u2012]/g, "-")
    .replace(/\u2015/g, "\u2014")
    .replace(/\u00ad|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g, "");
