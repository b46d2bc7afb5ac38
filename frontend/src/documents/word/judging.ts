/**
 * What a part of a Word template says, by its structure: read by an XML parser, since prefixes,
 * quotes, references and CDATA let the same thing be written in many ways.
 *
 * Names of files, kinds of relations and fields are refused if they are not known (ISO/IEC 29500-1
 * and -2). Elements and attributes are too many for that: of them, those below are refused.
 */
import {
  type Attr,
  DOMParser,
  type Document,
  type Element,
  type Node,
  XMLSerializer,
} from "@xmldom/xmldom";
import { MalformedBytes, utf8 } from "../../bytes";

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

const KNOWN = /^(\[Content_Types\]\.xml|_rels\/\.rels|(docProps|docMetadata|customXml|word)\/)/;
const ACTIVE_NAME = /vba|macro|activex|embeddings|oleobject|webextension|afchunk|altchunk/i;
const XML = /\.(xml|rels)$/;
/** Besides XML: what is drawn, and the fonts it is drawn with. */
const DRAWN = /\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|odttf)$/i;
const DRAWN_TYPE =
  /^(image\/(?!svg)[\w.+-]+|application\/(x-font-ttf|vnd\.openxmlformats-officedocument\.obfuscatedFont))$/i;
const ACTIVE_TYPE = /macro|vba|oleobject|activex|webextension|taskpane|html|rtf|script/i;

/** Vocabularies that Word acts on; what lies in a customer's own is data. */
const ACTED_ON =
  /^(https?:\/\/(schemas\.(openxmlformats\.org|microsoft\.com)|purl\.oclc\.org\/ooxml)\/|urn:schemas-microsoft-com:|http:\/\/www\.w3\.org\/(1999\/xhtml|2000\/svg))/i;
const RELATIONS =
  /^http:\/\/(schemas\.openxmlformats\.org\/officeDocument\/2006|purl\.oclc\.org\/ooxml\/officeDocument)\/relationships$/;
/** Programs, files inside others, HTML that is read in or shown, and what asks a database. */
const ACTIVE: ReadonlySet<string> = new Set([
  ...["altChunk", "object", "control", "OLEObject", "entryMacro", "exitMacro", "mcds", "macro"],
  ...["webVideoPr", "webextension", "webextensionref", "taskpane", "script", "foreignObject"],
]);
const OUTSIDE: ReadonlySet<string> = new Set([
  ...["subDoc", "mailMerge", "attachedTemplate", "frameset", "frame", "sourceFileName"],
  ...["saveThroughXslt", "externalData", "audioFile", "videoFile", "quickTimeFile", "wavAudioFile"],
]);
/** Who may name a relation to outside: a link that somebody follows. */
const LINKS: ReadonlySet<string> = new Set([
  ...["hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"],
]);
const LINKED = /^(https?:|mailto:)/i;
/** Attributes that name what is fetched, and the vocabulary in which one of them is harmless. */
const FETCHED: ReadonlySet<string> = new Set([
  ...["src", "href", "althref", "manifestLocation", "schemaLocation"],
]);
const SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
const VML_OFFICE = "urn:schemas-microsoft-com:office:office";
/** The last step of a relation's type. */
const RELATED: ReadonlySet<string> = new Set([
  ...["officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"],
  ...["styles", "stylesWithEffects", "numbering", "settings", "webSettings", "fontTable", "font"],
  ...["theme", "themeOverride", "header", "footer", "footnotes", "endnotes", "glossaryDocument"],
  ...["comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "image"],
  ...[
    "hyperlink",
    "customXml",
    "customXmlProps",
    "classificationlabels",
    "documenttasks",
    "intelligence",
  ],
  ...["diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing"],
]);
const TYPED = /\/relationships\/(?:metadata\/)?([\w-]+)$/;
/** The only fields: what number this page has, and how many there are. */
const HARMLESS = /^\s*(PAGE|NUMPAGES|SECTIONPAGES)\s*(\\\*\s*\w+\s*)*$/i;
const DECLARED = /^<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']*)["']/;

/**
 * Refuse a part that is more than words and pictures.
 *
 * @param foreign ids of its relations to outside.
 * @throws {TemplateRefused}
 */
export function judge(name: string, bytes: Uint8Array, foreign: ReadonlySet<string>): void {
  if (!KNOWN.test(name) || /\.\.|\\|%|\/\/|\/$/.test(name)) refuse("template-not-word");
  if (ACTIVE_NAME.test(name)) refuse("template-active");
  if (XML.test(name)) judgeXml(name, readXml(bytes), foreign);
  else if (!DRAWN.test(name)) refuse("template-active");
}

/**
 * The ids of relations to outside, of a part of relations.
 *
 * @throws {TemplateRefused} if it names another thing than links there, or what is not known.
 */
export function foreignIn(relations: Uint8Array): ReadonlySet<string> {
  const found = new Set<string>();
  for (const one of elementsOf(readXml(relations))) {
    if (one.localName !== "Relationship") continue;
    const [, kind = ""] = TYPED.exec(one.getAttribute("Type") ?? "") ?? [];
    const target = one.getAttribute("Target") ?? "";
    const inside = (one.getAttribute("TargetMode") ?? "Internal") === "Internal";
    if (!inside) {
      if (kind !== "hyperlink" || !LINKED.test(target)) refuse("template-outside");
      found.add(one.getAttribute("Id") ?? "");
    } else {
      if (!RELATED.has(kind)) refuse("template-active");
      // an address, or a path of another machine
      if (/^[/\\]{2}|[:\\]/.test(target)) refuse("template-outside");
    }
  }
  return found;
}

const TEMPLATE_TYPE = /\.template\.main\+xml$/;

/**
 * The part of content types, for a document: a template's (.dotx) would not open under its name.
 *
 * @throws {TemplateRefused} if a part is declared to be what it must not.
 */
export function typesOf(bytes: Uint8Array): { readonly types: Document; readonly dotx: boolean } {
  const types = readXml(bytes);
  let dotx = false;
  for (const one of elementsOf(types)) {
    if (one.localName !== "Default" && one.localName !== "Override") continue;
    const type = one.getAttribute("ContentType") ?? "";
    const name = one.getAttribute("PartName") ?? `.${one.getAttribute("Extension") ?? ""}`;
    if (ACTIVE_TYPE.test(type)) refuse("template-active");
    if (!XML.test(name) && !DRAWN_TYPE.test(type)) refuse("template-active");
    if (!TEMPLATE_TYPE.test(type)) continue;
    dotx = true;
    one.setAttribute("ContentType", type.replace(TEMPLATE_TYPE, ".document.main+xml"));
  }
  return { types, dotx };
}

/**
 * A part without what readers do not need and what would come along: a shape's second form, which
 * is a whole package in an attribute, and where smart tags fetch from. Word writes both.
 *
 * @throws {TemplateRefused} if it cannot be read.
 */
export function stripped(name: string, bytes: Uint8Array): Uint8Array {
  if (!XML.test(name) || !SPARED.test(latin1(bytes))) return bytes;
  const document = readXml(bytes);
  for (const one of elementsOf(document)) {
    for (const attribute of Array.from(one.attributes)) {
      if (isSpared(one, attribute)) one.removeAttributeNode(attribute);
    }
  }
  return utf8.encode(new XMLSerializer().serializeToString(document));
}

/** Names, which no reference can write otherwise. */
const SPARED = /gfxdata|smartTagType/;
const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const isSpared = (element: Element, { localName }: Attr): boolean =>
  localName === "gfxdata" || (localName === "url" && element.localName === "smartTagType");

const refuse = (code: TemplateFlaw): never => {
  throw new TemplateRefused(code);
};

function readXml(bytes: Uint8Array): Document {
  let text: string;
  try {
    text = utf8.decode(bytes).replace(/^\ufeff/, "");
  } catch (error) {
    if (error instanceof MalformedBytes) return refuse("template-not-word");
    throw error;
  }
  // another reader would go by what it says of itself
  const [, encoding = "UTF-8"] = DECLARED.exec(text) ?? [];
  if (!/^utf-8$/i.test(encoding)) return refuse("template-not-word");
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return refuse("template-active");
  try {
    const onError = (_: string, message: string): never => {
      throw new SyntaxError(message);
    };
    return new DOMParser({ onError }).parseFromString(text, "application/xml");
  } catch {
    return refuse("template-not-word");
  }
}

/** In the order of the document, however deep it goes. */
function* elementsOf(document: Document): Generator<Element> {
  let at: Node | null = document.documentElement;
  while (at !== null) {
    if (at.nodeType === at.ELEMENT_NODE) yield at as Element;
    let next: Node | null = at.firstChild;
    while (next === null && at !== null) {
      next = at.nextSibling;
      if (next === null) at = at.parentNode;
    }
    at = next;
  }
}

function judgeXml(name: string, document: Document, foreign: ReadonlySet<string>): void {
  const fields = new Fields();
  for (const one of elementsOf(document)) {
    const local = one.localName ?? "";
    if (!ACTED_ON.test(one.namespaceURI ?? "")) continue;
    if (ACTIVE.has(local)) refuse("template-active");
    if (OUTSIDE.has(local)) refuse("template-outside");
    for (const attribute of Array.from(one.attributes)) {
      const { localName, namespaceURI, value } = attribute;
      if (isSpared(one, attribute)) refuse("template-active");
      const related = namespaceURI === VML_OFFICE && localName === "relid";
      if (related || RELATIONS.test(namespaceURI ?? "")) {
        const links = LINKS.has(local);
        if (localName === "link" || localName === "href") refuse("template-outside");
        if (foreign.has(value) && !links) refuse("template-outside");
      } else if (
        FETCHED.has(localName ?? "") &&
        namespaceURI !== SCHEMA_INSTANCE &&
        !/^(#|$)/.test(value)
      ) {
        refuse("template-outside");
      }
      if (localName === "instr") fields.whole(value);
    }
    if (!name.endsWith(".rels")) fields.read(one, local);
  }
  fields.end();
}

const WORDS =
  /^http:\/\/(schemas\.openxmlformats\.org\/wordprocessingml\/2006|purl\.oclc\.org\/ooxml\/wordprocessingml)\/main$/;

/**
 * The nearest around an element that is no run and no paragraph. An alternative (ISO/IEC 29500-3,
 * 7.6), a foreign element that may be ignored, a change that may be taken back, a control that is
 * filled in: not every reader reads what is in it.
 */
function branchOf(element: Element): Node | null {
  const vocabulary = element.ownerDocument?.documentElement?.namespaceURI ?? "";
  if (!WORDS.test(vocabulary)) return element;
  let at: Node | null = element;
  while (at !== null && at.nodeType === at.ELEMENT_NODE) {
    const { namespaceURI, localName } = at as Element;
    const held = at === element || localName === "r" || localName === "p";
    if (namespaceURI !== vocabulary || !held) return at;
    at = at.parentNode;
  }
  return at;
}

type Open = {
  /** Null once its result has begun. */
  readonly instruction: string | null;
  readonly branch: Node | null;
};

/**
 * Fields whose instruction stands in pieces between two marks (ISO/IEC 29500-1, 17.16.18): all the
 * pieces make one, and nothing that is computed may stand among them. Marks and pieces stand in the
 * same branch: Word would put together others than we did.
 */
class Fields {
  readonly #open: Open[] = [];

  whole(instruction: string): void {
    if (!HARMLESS.test(instruction)) refuse("template-field");
  }

  read(element: Element, local: string): void {
    const deleted = local.startsWith("del");
    if (local === "fldChar") this.#mark(element);
    else if (local === "instrText" || local === "delInstrText") this.#piece(element, deleted);
    else if ((local === "t" || local === "delText") && this.#instructed()) {
      this.#piece(element, deleted);
    }
  }

  /** Whether the innermost field is still told what it is. */
  #instructed(): boolean {
    return (this.#open.at(-1)?.instruction ?? null) !== null;
  }

  #mark(element: Element): void {
    const kinds = Array.from(element.attributes).filter((one) => one.localName === "fldCharType");
    const kind = kinds.length === 1 ? kinds[0]?.value : undefined;
    const branch = branchOf(element);
    if (kind === "begin") {
      if (this.#instructed()) refuse("template-field");
      this.#open.push({ instruction: "", branch });
      return;
    }
    const open = this.#open.pop();
    if (open?.branch !== branch || (kind !== "separate" && kind !== "end")) {
      throw new TemplateRefused("template-field");
    }
    if (open.instruction !== null) this.whole(open.instruction);
    if (kind === "separate") this.#open.push({ instruction: null, branch });
  }

  #piece(element: Element, deleted: boolean): void {
    const open = this.#open.pop();
    const branch = branchOf(element);
    if (open === undefined || open.instruction === null || open.branch !== branch) {
      throw new TemplateRefused("template-field");
    }
    // of elements in a piece each reader drops others, and reads the rest as one
    for (let one = element.firstChild; one !== null; one = one.nextSibling) {
      if (one.nodeType === one.ELEMENT_NODE) refuse("template-field");
    }
    // readers differ in what they make of one kind in the place of the other
    if (deleted !== ((branch as Element | null)?.localName === "del")) refuse("template-field");
    const instruction = `${open.instruction}${element.textContent ?? ""}`;
    this.#open.push({ ...open, instruction });
  }

  end(): void {
    for (const { instruction } of this.#open) if (instruction !== null) this.whole(instruction);
  }
}
