/** A request poured into a Word template, the office's own or the blank one. */
import Docxtemplater, { type DXT } from "docxtemplater";
import PizZip from "pizzip";
import { headIn, type LetterheadSaid, sizeOf } from "../letterhead";
import type { Outline } from "../outline";
import { blankTemplate } from "./blank";
import { bodyOf } from "./body";
import { look, type Parts, partsOf, TemplateRefused, zipped } from "./parts";
import { isolated } from "./xml";

export type WordGiven = {
  readonly outline: Outline;
  readonly letterhead: LetterheadSaid | null;
  /** A Word file of the office's own, as it lies on this person's disk. */
  readonly template: Uint8Array | null;
};

/** @throws {TemplateRefused} if the office's own file cannot or must not be used. */
export function writeWord({ outline, letterhead, template }: WordGiven): Uint8Array<ArrayBuffer> {
  const said = wordsOf(outline, letterhead);
  if (template === null) return zipped(filled(blankFor(letterhead), said));
  const parts = filled(partsOf(template), said);
  // tags go with what stands between them: what is left need not be what was looked at
  look(parts);
  return zipped(parts);
}

/** The blank template, to be changed in Word and brought back. */
export function blankFile(letterhead: LetterheadSaid | null): Uint8Array<ArrayBuffer> {
  return zipped(blankFor(letterhead));
}

function blankFor(letterhead: LetterheadSaid | null): Parts {
  const bytes = letterhead?.emblem ?? null;
  return blankTemplate(bytes && { bytes, ...sizeOf(bytes) });
}

type Said = { readonly [tag: string]: string | readonly string[] };

function wordsOf(outline: Outline, letterhead: LetterheadSaid | null): Said {
  const { title, banner, reference, language } = outline;
  const head = letterhead ? headIn(language, letterhead) : { above: [], below: [] };
  // the words around the two numbers, which Word fills in
  const [pageBefore = "", pageBetween = ""] = outline.page(1, 2).split(/[12]/);
  const named = reference === "" ? title : `${title} · ${reference}`;
  return {
    request: bodyOf(outline),
    title: isolated(named),
    reference: isolated(reference),
    banner: isolated(reference === "" ? banner : `${banner} · ${reference}`),
    above: head.above.map(isolated),
    below: head.below.map(isolated),
    says: isolated(head.above[0] ?? ""),
    pageBefore,
    pageBetween,
  };
}

function filled(parts: Parts, said: Said): Parts {
  const zip = new PizZip();
  for (const [name, bytes] of parts) zip.file(name, bytes);
  let poured = false;
  const wrong = new Set<string>();
  try {
    const document = new Docxtemplater(zip, {
      paragraphLoop: true,
      linebreaks: false,
      errorLogging: false,
      nullGetter: () => "",
      // a tag is a name and nothing else: no paths, no expressions
      parser: (tag) => ({
        get: (scope: unknown, { meta }: { readonly meta: { readonly part: DXT.Part } }) => {
          // {@request} is put in as it is written; whatever else could be is text, and never that
          const written = meta.part.module === "rawxml";
          if (written !== (tag === "request")) wrong.add(tag);
          else if (written) poured = true;
          // a line of a list
          if (tag === ".") return scope;
          return Object.hasOwn(said, tag) ? said[tag] : "";
        },
      }),
    });
    document.render();
  } catch {
    throw new TemplateRefused("template-tags");
  }
  if (!poured || wrong.has("request")) throw new TemplateRefused("template-no-request");
  if (wrong.size > 0) throw new TemplateRefused("template-tags");
  const names = [...parts.keys()];
  return new Map(names.map((name) => [name, zip.file(name)?.asUint8Array() ?? new Uint8Array()]));
}
