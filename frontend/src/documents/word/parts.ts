/**
 * The parts of a Word file that somebody brings as a template, once they were looked at: nothing in
 * it may run, reach out, or be larger than it says.
 */
import { XMLSerializer } from "@xmldom/xmldom";
import { unzipSync, zipSync } from "fflate";
import { utf8 } from "../../bytes";
import { foreignIn, judge, stripped, TemplateRefused, typesOf } from "./judging";

export { type TemplateFlaw, TemplateRefused } from "./judging";

/** By name, in an order of their own. */
export type Parts = ReadonlyMap<string, Uint8Array>;

export const TEMPLATE = { bytes: 2_000_000, inflated: 12_000_000, parts: 200 } as const;

const TYPES = "[Content_Types].xml";

/**
 * The parts of a document (.docx) or a template (.dotx), which becomes a document.
 *
 * @throws {TemplateRefused}
 */
export function partsOf(file: Uint8Array): Parts {
  if (file.length > TEMPLATE.bytes) throw new TemplateRefused("template-too-large");
  let [count, inflated] = [0, 0];
  let parts: Map<string, Uint8Array>;
  try {
    const found = unzipSync(file, {
      filter: ({ originalSize }) => {
        [count, inflated] = [count + 1, inflated + originalSize];
        if (count > TEMPLATE.parts || inflated > TEMPLATE.inflated) {
          throw new TemplateRefused("template-too-large");
        }
        return true;
      },
    });
    parts = new Map(Object.entries(found).filter(([name]) => !name.endsWith("/")));
  } catch (error) {
    if (error instanceof TemplateRefused) throw error;
    throw new TemplateRefused("template-not-word");
  }
  const declared = parts.get(TYPES);
  if (declared === undefined || !parts.has("word/document.xml")) {
    throw new TemplateRefused("template-not-word");
  }
  const { types, dotx } = typesOf(declared);
  for (const [name, bytes] of parts) parts.set(name, stripped(name, bytes));
  look(parts);
  if (dotx) parts.set(TYPES, utf8.encode(new XMLSerializer().serializeToString(types)));
  return parts;
}

/**
 * Look at all parts of a file, each with its relations.
 *
 * @throws {TemplateRefused}
 */
export function look(parts: Parts): void {
  // names that differ by case alone are one (ISO/IEC 29500-2, 6.2.2)
  const named = new Map([...parts].map(([name, bytes]) => [name.toLowerCase(), bytes]));
  if (named.size !== parts.size) throw new TemplateRefused("template-not-word");
  for (const [name, bytes] of parts) {
    const relations = named.get(name.toLowerCase().replace(/([^/]+)$/, "_rels/$1.rels"));
    judge(name, bytes, relations === undefined ? new Set() : foreignIn(relations));
    // also of a part that is not there
    if (name.endsWith(".rels")) foreignIn(bytes);
  }
}

/** The parts as a file: the same parts, the same bytes, on whatever day and in whatever zone. */
export function zipped(parts: Parts): Uint8Array<ArrayBuffer> {
  const [first, ...rest] = [...parts].sort(([a], [b]) => order(a, b));
  // ZIP tells the time of a wall clock: this constructor's is the same on each
  const mtime = new Date(1980, 0, 1);
  const entries = Object.fromEntries(first === undefined ? [] : [first, ...rest]);
  return zipSync(entries, { mtime, level: 6 }) as Uint8Array<ArrayBuffer>;
}

/** What a reader looks for first comes first. */
function order(a: string, b: string): number {
  const rank = (name: string): string => `${name === TYPES ? 0 : 1}${name}`;
  return rank(a) < rank(b) ? -1 : 1;
}
