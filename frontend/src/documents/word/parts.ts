/**
 * The parts of a Word file that somebody brings as a template, once they were looked at: nothing in
 * it may run, reach out, or be larger than it says.
 */
import { unzipSync, zipSync } from "fflate";
import { MalformedBytes, utf8 } from "../../bytes";

/** By name, in an order of their own. */
export type Parts = ReadonlyMap<string, Uint8Array>;

export class TemplateRefused extends Error {
  override readonly name = "TemplateRefused";
  /** `template-…`: a code with words in the catalogue. */
  constructor(readonly code: TemplateFlaw) {
    super(code);
  }
}

export type TemplateFlaw =
  | "template-not-word"
  | "template-too-large"
  | "template-active"
  | "template-outside"
  | "template-field"
  | "template-tags"
  | "template-no-request";

export const TEMPLATE = { bytes: 2_000_000, inflated: 12_000_000, parts: 200 } as const;

const KNOWN = /^(\[Content_Types\]\.xml|_rels\/\.rels|docProps\/|docMetadata\/|customXml\/|word\/)/;
/** Programs, other files inside, and HTML that Word would read. */
const ACTIVE =
  /vba|macro|activex|embeddings|oleobject|\.bin$|afchunk|altchunk|\.(html?|mht|rtf|docx?)$/i;
const ACTIVE_XML = /<!DOCTYPE|<w:altChunk|<w:object|<w:control|macroEnabled|<o:OLEObject/i;
const INSTRUCTION = /<w:instrText[^>]*>([^<]*)<|w:instr="([^"]*)"/g;
/** The only fields: what number this page has, and how many there are. */
const HARMLESS = /^\s*((PAGE|NUMPAGES|SECTIONPAGES)\b)?\s*(\\\*\s*\w+\s*)*$/i;
const RELATION = /<Relationship\b[^>]*>/g;

/** @throws {TemplateRefused} */
export function partsOf(file: Uint8Array): Parts {
  if (file.length > TEMPLATE.bytes) throw new TemplateRefused("template-too-large");
  let [count, inflated] = [0, 0];
  let parts: Parts;
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
  if (!parts.has("[Content_Types].xml") || !parts.has("word/document.xml")) {
    throw new TemplateRefused("template-not-word");
  }
  for (const [name, bytes] of parts) judge(name, bytes);
  return parts;
}

function judge(name: string, bytes: Uint8Array): void {
  if (!KNOWN.test(name) || name.includes("..")) throw new TemplateRefused("template-not-word");
  if (ACTIVE.test(name)) throw new TemplateRefused("template-active");
  if (!/\.(xml|rels)$/i.test(name)) return;
  let xml: string;
  try {
    xml = utf8.decode(bytes);
  } catch (error) {
    if (error instanceof MalformedBytes) throw new TemplateRefused("template-not-word");
    throw error;
  }
  if (ACTIVE_XML.test(xml)) throw new TemplateRefused("template-active");
  for (const [, spread, simple] of xml.matchAll(INSTRUCTION)) {
    if (!HARMLESS.test(spread ?? simple ?? "")) throw new TemplateRefused("template-field");
  }
  if (name.endsWith(".rels")) {
    for (const [relation] of xml.matchAll(RELATION)) {
      if (/TargetMode\s*=\s*["']External/i.test(relation) && !/\/hyperlink["']/.test(relation)) {
        throw new TemplateRefused("template-outside");
      }
    }
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
  const rank = (name: string): string => `${name === "[Content_Types].xml" ? 0 : 1}${name}`;
  return rank(a) < rank(b) ? -1 : 1;
}
