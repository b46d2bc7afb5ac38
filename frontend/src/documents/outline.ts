/**
 * A draft as a document of headings and lines, before any file format: pure, and the same in all.
 *
 * Labels are in the language asked for. What people wrote is in the draft's own language, or in
 * the translation kept under its pointer; without one the original stands, and says so.
 */
import type { Json } from "../canonical";
import { asList, dayOf, isObject, textOf } from "../rules/answers";
import type { Book, Draft, Field, Option, Section } from "../rules/book";
import { staysWithDrafters } from "./kept";
import { isLanguage, type Language } from "./languages";
import { cleaned, dayInWords, languageName, say, stateName } from "./words";

/** One answer. `long`: it stands below its label, in paragraphs or as a numbered list. */
export type Line = {
  readonly label: string;
  readonly paragraphs: readonly string[];
  readonly long: boolean;
  readonly numbered: boolean;
  /** The language of `paragraphs`, which may be another than the document's. */
  readonly language: string;
  /** What a reader must know about the text: not translated, or not reviewed. */
  readonly note?: string;
};

export type Item = { readonly title: string; readonly lines: readonly Line[] };
export type Table = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};
/**
 * What the pages say of one question, for programs: an answer, its translation in its place, or that
 * it is not known.
 */
export type Said =
  | { readonly value: Json }
  | { readonly text: string; readonly reviewed: boolean }
  | { readonly unknown: true };
/** One section; `table` sums up its items, each of which follows with all its lines. */
export type Part = {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly items: readonly Item[];
  readonly table?: Table;
};

export type Outline = {
  readonly language: Language;
  readonly title: string;
  /** Stands on top of every page. */
  readonly banner: string;
  readonly reference: string;
  /** From, to, date of the law, reference, rulebook. */
  readonly head: readonly Line[];
  readonly parts: readonly Part[];
  /** The line somebody signs on, and who that is. */
  readonly signature: { readonly title: string; readonly on: string; readonly lines: Line[] };
  /** By pointer, what stands in the lines above and nothing else. */
  readonly said: ReadonlyMap<string, Said>;
  readonly page: (number: number, of: number) => string;
  /** A label as it stands before its answer: "Name: ", but "Is it done? ". */
  readonly before: (label: string) => string;
};

type Wanted = {
  readonly draft: Draft;
  readonly language: Language;
  readonly reference: string;
  /** The version that is ready, whose documents go to be signed; else it is a draft. */
  readonly version?: number;
};
type Box = Readonly<Record<string, unknown>>;

/** These follow all others, in this order; the last is the block that is signed. */
const LAST = ["annexes", "signature"];
/** What an item is called by, besides its number. */
const NAMED_BY = ["name", "title", "type", "instrument", "reference", "date"];
const SUMMED_UP: Readonly<Record<string, readonly string[]>> = {
  persons: ["name", "role", "birth", "nationality"],
};
const SHORT_VERSION = 12;
/** A text of more letters stands below its label. */
const LONG = 70;
/** A text of fewer letters fits into a cell; all of it follows under its own heading. */
const CELL = 80;
/** Two words: a number, a code or a name by itself needs no translation. */
const SENTENCE = /\p{L}{2,}\s+\p{L}{2,}/u;

const paragraphsOf = (text: string): string[] =>
  cleaned(text)
    .split("\n")
    .map((one) => one.trim())
    .filter(Boolean);

const shortened = (text: string): string => {
  const letters = [...text];
  return letters.length > CELL ? `${letters.slice(0, CELL - 1).join("")}…` : text;
};

export function outline(book: Book, { draft, language, reference, version }: Wanted): Outline {
  const writer = new Writer(book, draft, language);
  const parts = book.sections
    .filter(({ id }) => !staysWithDrafters(id) && !LAST.includes(id))
    .map((section) => writer.part(section));
  const [annexes, signature] = LAST.map((id) => book.sections.find((one) => one.id === id));
  if (annexes) parts.push(writer.part(annexes));
  return {
    language,
    title: say(language, "document.title"),
    banner:
      version === undefined
        ? say(language, "document.banner")
        : say(language, "document.version", { version }),
    reference: cleaned(reference),
    head: writer.head(cleaned(reference)),
    parts: parts.filter(({ lines, items }) => lines.length + items.length > 0),
    signature: {
      title: signature?.label[language] ?? say(language, "document.signature"),
      on: say(language, "document.signature"),
      lines: signature ? [...writer.part(signature).lines] : [],
    },
    said: writer.said,
    page: (number, of) => say(language, "document.page", { page: number, pages: of }),
    before: (label) => say(language, "document.before", { label, asks: `${label.endsWith("?")}` }),
  };
}

/** What is printed of an answer that nobody wrote in sentences, as the plain form has it. */
function plainOf({ kind }: Field, value: unknown): Json {
  if (kind === "number") return Number(value);
  if (kind === "choices")
    return asList(value)
      .map((one) => cleaned(textOf(one)))
      .filter(Boolean);
  if (kind !== "period") return cleaned(textOf(value));
  const ends = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    ends
      .filter(([end, day]) => (end === "from" || end === "to") && dayOf(day) !== null)
      .map(([end, day]) => [end, String(day)]),
  );
}

class Writer {
  readonly said = new Map<string, Said>();
  readonly #unknown: ReadonlySet<string>;

  constructor(
    readonly book: Book,
    readonly draft: Draft,
    readonly language: Language,
  ) {
    this.#unknown = new Set(draft.unknown);
  }

  head(reference: string): Line[] {
    const { draft, language } = this;
    const authorities = this.#box(draft.central_authority);
    // what is marked as not known is said to be so in its section, and shown nowhere
    const named = (key: string): string =>
      this.#unknown.has(`central_authority.${key}`) ? "" : textOf(authorities[key]);
    const side = (state: string, name: string): string =>
      [state === "" ? say(language, "document.noState") : this.#state(state), name]
        .map(cleaned)
        .filter(Boolean)
        .join(" · ");
    const rows: [string, string][] = [
      [say(language, "document.from"), side(draft.requesting_state, named("from_name"))],
      [say(language, "document.to"), side(draft.requested_state, named("to_name"))],
      [say(language, "document.reference"), reference],
      [say(language, "document.lawDate"), this.#day(draft.law_date)],
      [say(language, "document.rulebook"), this.book.version.slice(0, SHORT_VERSION)],
    ];
    return rows.filter(([, text]) => text !== "").map(([label, text]) => this.#short(label, text));
  }

  part(section: Section): Part {
    const title = section.label[this.language];
    const given = this.draft[section.id];
    if (!section.list) {
      const lines = this.#lines(section, section.fields, this.#box(given), section.id);
      return { id: section.id, title, lines, items: [] };
    }
    const boxes = asList(given).map((item) => this.#box(item));
    const items = boxes.map((box, place) => this.#item(section, box, place));
    const columns = SUMMED_UP[section.id];
    const table = columns && items.length > 0 ? this.#table(section, boxes, columns) : undefined;
    return { id: section.id, title, lines: [], items, ...(table && { table }) };
  }

  #item(section: Section, box: Box, place: number): Item {
    const at = `${section.id}.${place}`;
    const lines = this.#lines(section, section.fields, box, at);
    if (section.id === "measures") {
      const own = this.book.measures.get(textOf(box.type))?.fields ?? [];
      lines.push(...this.#lines(section, own, this.#box(box.fields), `${at}.fields`));
    }
    const named = section.fields.filter(({ key }) => NAMED_BY.includes(key));
    const [called] = this.#lines(section, named, box, at);
    const label = section.item_label?.[this.language] ?? section.label[this.language];
    const title = [`${label} ${place + 1}`, ...(called?.paragraphs.slice(0, 1) ?? [])].join(". ");
    // the heading has said it, unless there is more to say about it
    const said = called && called.paragraphs.length === 1 && called.note === undefined;
    return { title, lines: lines.filter((line) => !said || line.label !== called.label) };
  }

  #table(section: Section, boxes: readonly Box[], columns: readonly string[]): Table {
    const fields = columns.flatMap((key) => section.fields.filter((field) => field.key === key));
    const rows = boxes.map((box, place) => [
      String(place + 1),
      ...fields.map((field) => {
        const line = this.#line(field, box[field.key], `${section.id}.${place}.${field.key}`);
        return shortened(line?.paragraphs.join(" ") ?? "–");
      }),
    ]);
    const head = fields.map(({ label }) => label[this.language]);
    return { head: [say(this.language, "document.number"), ...head], rows };
  }

  #lines(section: Section, fields: readonly Field[], box: Box, at: string): Line[] {
    return fields
      .filter(({ key }) => !staysWithDrafters(section.id, key))
      .map((field) => this.#line(field, box[field.key], `${at}.${field.key}`))
      .filter((line) => line !== undefined);
  }

  /** One answer, or nothing if it is blank. */
  #line(field: Field, value: unknown, at: string): Line | undefined {
    const label = field.label[this.language];
    if (this.#unknown.has(at)) {
      this.said.set(at, { unknown: true });
      return this.#short(label, say(this.language, "document.unknown"));
    }
    if (field.kind === "text" || field.kind === "list" || field.kind === "file") {
      return this.#written(field, value, at);
    }
    const text = this.#formatted(field, value);
    if (text === "") return undefined;
    this.said.set(at, { value: plainOf(field, value) });
    return this.#short(label, text);
  }

  #formatted(field: Field, value: unknown): string {
    switch (field.kind) {
      case "yes_no":
        if (value !== "yes" && value !== "no") return "";
        return say(this.language, value === "yes" ? "document.yes" : "document.no");
      case "choice":
        return this.#chosen(field, textOf(value));
      case "choices":
        return asList(value)
          .map((one) => this.#chosen(field, textOf(one)))
          .filter(Boolean)
          .join("; ");
      case "date":
        return this.#day(value);
      case "number":
        return Number.isSafeInteger(value) ? String(value) : "";
      case "period": {
        const { from, to } = this.#box(value);
        const [begin, end] = [this.#day(from), this.#day(to)];
        if (begin && end) return say(this.language, "document.period", { from: begin, to: end });
        if (begin) return say(this.language, "document.since", { from: begin });
        return end && say(this.language, "document.until", { to: end });
      }
      default:
        return cleaned(textOf(value));
    }
  }

  /** What somebody wrote in sentences, translated if there is a translation. */
  #written(field: Field, value: unknown, at: string): Line | undefined {
    const numbered = field.kind === "list";
    const kept = numbered
      ? asList(value)
          .map((one) => cleaned(textOf(one)).replace(/\n+/g, " "))
          .filter(Boolean)
      : paragraphsOf(textOf(value));
    if (kept.length === 0) return undefined;
    const line = { label: field.label[this.language], numbered };
    const long = (paragraphs: readonly string[]): boolean =>
      numbered || paragraphs.length > 1 || (paragraphs[0]?.length ?? 0) > LONG;
    const original = { value: numbered ? kept : kept.join("\n") };
    if (this.draft.language === this.language) {
      this.said.set(at, original);
      return { ...line, long: long(kept), paragraphs: kept, language: this.language };
    }
    const one = this.#box(this.#box(this.#box(this.draft.translations)[at])[this.language]);
    const translated = paragraphsOf(textOf(one.text));
    if (translated.length > 0) {
      const reviewed = one.status === "reviewed";
      this.said.set(at, { text: translated.join("\n"), reviewed });
      const note = reviewed ? {} : { note: say(this.language, "document.unreviewed") };
      return {
        ...line,
        long: long(translated),
        paragraphs: translated,
        language: this.language,
        ...note,
      };
    }
    this.said.set(at, original);
    const own = this.draft.language;
    const language = isLanguage(own) ? languageName(this.language, own) : own;
    const note = { note: say(this.language, "document.untranslated", { language }) };
    const untold = kept.some((text) => SENTENCE.test(text)) ? note : {};
    return { ...line, long: long(kept), paragraphs: kept, language: own, ...untold };
  }

  #chosen(field: Field, value: string): string {
    const option = (field.options ?? []).find((one: Option) => one.value === value);
    const words =
      option?.label ??
      (field.from === "measures" ? this.book.measures.get(value)?.label : undefined) ??
      (field.from === "instruments" ? this.book.instruments.get(value)?.title : undefined);
    return words?.[this.language] ?? cleaned(value);
  }

  #short(label: string, text: string): Line {
    const { language } = this;
    return {
      label,
      paragraphs: [text.replace(/\n+/g, " ")],
      long: false,
      numbered: false,
      language,
    };
  }

  #day(value: unknown): string {
    return dayOf(value) === null ? "" : dayInWords(this.language, String(value));
  }

  #state(id: string): string {
    return this.book.states.get(id)?.name[this.language] ?? stateName(this.language, id);
  }

  #box(value: unknown): Box {
    return isObject(value) ? value : {};
  }
}
