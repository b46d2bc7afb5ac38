/**
 * A request as plain JSON, for other systems and back: sections and keys in clear, the shape that
 * docs/reference/request.schema.json publishes.
 *
 * Reading is strict and loses nothing: what has no place in the form, or is of another kind, is
 * reported with its path and kept in the draft's notes. Overrides stay behind on the way out and
 * on the way in: a rule is set aside by a person of this system, for this draft.
 *
 * Origins stay behind too. They name threads, requests and colleagues that mean nothing elsewhere
 * and are nobody else's business; and what a file says of its own past nobody here could check. A
 * draft read from a file has that file as its origin.
 */
import { MalformedBytes, utf8 } from "../bytes";
import type { Json } from "../canonical";
import { dayOf, isObject } from "../rules/answers";
import type { Book, Draft, Field, Kind, Section } from "../rules/book";
import { isLanguage } from "./languages";

export const SCHEMA = "urn:casehub:request:1";

/** Bounds of what is read; the schema has the same. `bytes`: what a sealed version can hold. */
export const LIMITS = {
  bytes: 500_000,
  depth: 24,
  text: 100_000,
  texts: 500,
  items: 200,
  pointers: 2000,
} as const;

type Box = { readonly [key: string]: Json };

/** What did not fit. `kept`: it lies in the draft's `notes.imported`, under its path. */
export type Problem = {
  readonly path: string;
  readonly code:
    | "unknown-field"
    | "unknown-section"
    | "wrong-kind"
    | "unknown-option"
    | "no-such-place"
    | "overrides-left-out"
    | "other-rulebook";
  readonly expected?: Kind | "list" | "object";
};

export type Imported = { readonly draft: Draft; readonly problems: readonly Problem[] };

/** Not a request at all: nothing of it was read. */
export class ImportRefused extends Error {
  override readonly name = "ImportRefused";
  constructor(readonly code: "too-large" | "not-json" | "other-schema" | "too-deep" | "header") {
    super(`not imported: ${code}`);
  }
}

const OWN = ["schema", "rulebook", "sections"];
const HEADER = ["language", "law_date", "requesting_state", "requested_state"];
const BESIDE = ["unknown", "translations", "notes"];
/** What a draft holds besides its sections. */
export const NOT_A_SECTION: ReadonlySet<string> = new Set([
  "v",
  ...HEADER,
  ...BESIDE,
  "overrides",
  "origins",
]);
const STATUSES: readonly unknown[] = ["pending", "draft", "reviewed"];

/** The request as indented JSON, its sections in the order of the form. */
export function exportPlain(draft: Draft, book: Book): string {
  const inOrder = book.sections.map(({ id }) => id).filter((id) => Object.hasOwn(draft, id));
  const others = Object.keys(draft).filter((id) => !inOrder.includes(id) && !NOT_A_SECTION.has(id));
  const plain: Record<string, Json | undefined> = {
    schema: SCHEMA,
    rulebook: book.version,
    language: draft.language,
    law_date: draft.law_date,
    requesting_state: draft.requesting_state,
    requested_state: draft.requested_state,
    sections: Object.fromEntries([...inOrder, ...others].map((id) => [id, draft[id] ?? null])),
    unknown: draft.unknown,
    translations: draft.translations,
    notes: draft.notes,
  };
  return `${JSON.stringify(plain, null, 2)}\n`;
}

/** @throws {ImportRefused} if it is not a request in this shape, or too much of one. */
export function importPlain(text: string, book: Book): Imported {
  if (text.length > LIMITS.bytes) throw new ImportRefused("too-large");
  let plain: Json;
  try {
    plain = JSON.parse(text) as Json;
  } catch {
    throw new ImportRefused("not-json");
  }
  if (tooDeep(plain)) throw new ImportRefused("too-deep");
  if (!isBox(plain) || plain.schema !== SCHEMA) throw new ImportRefused("other-schema");
  return new Reader(book, plain).read();
}

/** @throws {ImportRefused} */
export function readImport(bytes: Uint8Array, book: Book): Imported {
  if (bytes.length > LIMITS.bytes) throw new ImportRefused("too-large");
  try {
    return importPlain(utf8.decode(bytes).replace(/^\ufeff/, ""), book);
  } catch (failure) {
    if (failure instanceof MalformedBytes) throw new ImportRefused("not-json");
    throw failure;
  }
}

/** Level by level, since a hostile file may be deeper than the stack. */
function tooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > LIMITS.depth) return true;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}

const isBox = (value: Json | undefined): value is Box => isObject(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isText = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length <= LIMITS.text;
const isDay = (value: Json | undefined): boolean => value === "" || dayOf(value) !== null;
const isState = (value: Json | undefined): value is string =>
  typeof value === "string" && /^[A-Z]{2}$/.test(value);

class Reader {
  readonly #problems: Problem[] = [];
  readonly #kept = new Map<string, Json>();
  /** Values that a key of any measure's own fields may take: a type may change, its answers stay. */
  readonly #catalogue: ReadonlyMap<string, readonly Field[]>;

  constructor(
    readonly book: Book,
    readonly plain: Box,
  ) {
    const catalogue = new Map<string, Field[]>();
    for (const { fields } of book.measures.values()) {
      for (const field of fields)
        catalogue.set(field.key, [...(catalogue.get(field.key) ?? []), field]);
    }
    this.#catalogue = catalogue;
  }

  read(): Imported {
    const { language, law_date, requesting_state, requested_state } = this.plain;
    const header =
      isLanguage(language) &&
      typeof law_date === "string" &&
      dayOf(law_date) !== null &&
      isState(requesting_state) &&
      (requested_state === "" || isState(requested_state));
    if (!header) throw new ImportRefused("header");
    if (this.plain.rulebook !== this.book.version) {
      this.#problems.push({ path: "rulebook", code: "other-rulebook" });
    }
    for (const [key, value] of Object.entries(this.plain)) {
      if ([...OWN, ...HEADER, ...BESIDE].includes(key)) continue;
      this.#aside(key, value, key === "overrides" ? "overrides-left-out" : "unknown-field");
    }
    const sections = this.#sections();
    const draft: Draft = {
      v: 1,
      language,
      law_date,
      requesting_state,
      requested_state,
      unknown: [],
      overrides: [],
      ...sections,
    };
    const unknown = this.#unknown(draft);
    const translations = this.#translations(draft);
    const notes = this.#notes();
    return {
      draft: { ...draft, unknown, ...translations, ...notes },
      problems: this.#problems,
    };
  }

  #sections(): Box {
    const given = this.plain.sections;
    if (!isBox(given)) {
      if (given !== undefined) this.#aside("sections", given, "wrong-kind", "object");
      return {};
    }
    const known = new Map(this.book.sections.map((section) => [section.id, section]));
    const read: [string, Json][] = [];
    for (const [id, value] of Object.entries(given)) {
      const section = known.get(id);
      if (section === undefined) this.#aside(id, value, "unknown-section");
      else read.push(...this.#section(section, value));
    }
    return Object.fromEntries(read);
  }

  #section(section: Section, value: Json): [string, Json][] {
    const { id, list } = section;
    if (!list) {
      if (isBox(value)) return [[id, this.#answers(section, value, id)]];
      this.#aside(id, value, "wrong-kind", "object");
      return [];
    }
    if (!isList(value) || value.length > LIMITS.items) {
      this.#aside(id, value, "wrong-kind", "list");
      return [];
    }
    const items = value.map((item, place) => {
      if (isBox(item)) return this.#answers(section, item, `${id}.${place}`);
      // an empty one in its place, so that pointers to the others stay right
      this.#aside(`${id}.${place}`, item, "wrong-kind", "object");
      return {};
    });
    return [[id, items]];
  }

  #answers(section: Section, box: Box, at: string): Box {
    const fields = new Map(section.fields.map((field) => [field.key, [field]]));
    return this.#fitting(box, at, (key, value, path) => {
      if (section.id !== "measures" || key !== "fields")
        return this.#fits(fields.get(key), value, path);
      if (!isBox(value)) return this.#refused(path, value, "wrong-kind", "object");
      return this.#fitting(value, path, (own, one, place) =>
        this.#fits(this.#catalogue.get(own), one, place),
      );
    });
  }

  #fitting(
    box: Box,
    at: string,
    read: (key: string, value: Json, path: string) => Json | undefined,
  ): Box {
    const entries = Object.entries(box).map(
      ([key, value]) => [key, read(key, value, `${at}.${key}`)] as const,
    );
    return Object.fromEntries(entries.filter((one): one is [string, Json] => one[1] !== undefined));
  }

  /** The value if one of the fields of its key can hold it. */
  #fits(fields: readonly Field[] | undefined, value: Json, path: string): Json | undefined {
    const [field] = fields ?? [];
    if (fields === undefined || field === undefined)
      return this.#refused(path, value, "unknown-field");
    if (!isOfKind(field.kind, value)) return this.#refused(path, value, "wrong-kind", field.kind);
    if (field.kind !== "choice" && field.kind !== "choices") return value;
    const options = new Set(fields.flatMap((one) => this.#options(one)));
    const strange = [value].flat().filter((one) => one !== "" && !options.has(String(one)));
    if (strange.length === 0) return value;
    return this.#refused(path, value, "unknown-option", field.kind);
  }

  #options(field: Field): readonly string[] {
    if (field.from === "measures") return [...this.book.measures.keys()];
    if (field.from === "instruments") return [...this.book.instruments.keys()];
    return (field.options ?? []).map(({ value }) => value);
  }

  #unknown(draft: Draft): string[] {
    const given = this.plain.unknown ?? [];
    if (!isList(given) || given.length > LIMITS.pointers) {
      this.#aside("unknown", given, "wrong-kind", "list");
      return [];
    }
    return given.filter((pointer, place): pointer is string => {
      if (typeof pointer === "string" && this.#isPlace(draft, pointer)) return true;
      this.#aside(`unknown.${place}`, pointer, "no-such-place");
      return false;
    });
  }

  #translations(draft: Draft): { translations?: Box } {
    const given = this.plain.translations;
    if (given === undefined) return {};
    if (!isBox(given)) {
      this.#aside("translations", given, "wrong-kind", "object");
      return {};
    }
    const fitting = Object.entries(given).filter(([pointer, value]) => {
      const path = `translations.${pointer}`;
      if (!this.#isPlace(draft, pointer)) this.#aside(path, value, "no-such-place");
      else if (!isTranslation(value)) this.#aside(path, value, "wrong-kind", "text");
      else return true;
      return false;
    });
    return { translations: Object.fromEntries(fitting.map(([at, one]) => [at, unreviewed(one)])) };
  }

  /** Whether a pointer names a question of the form, and an item that the draft has. */
  #isPlace(draft: Draft, pointer: string): boolean {
    const [id, ...rest] = pointer.split(".");
    const section = this.book.sections.find((one) => one.id === id);
    if (section === undefined) return false;
    if (section.list) {
      const [place = ""] = rest.splice(0, 1);
      const items = draft[section.id];
      if (!/^(0|[1-9]\d*)$/.test(place) || !isList(items) || Number(place) >= items.length)
        return false;
    }
    const [key = "", own] = rest;
    if (rest.length === 1) return section.fields.some((field) => field.key === key);
    const isOwn = section.id === "measures" && rest.length === 2 && key === "fields";
    return isOwn && own !== undefined && this.#catalogue.has(own);
  }

  #notes(): { notes?: Json } {
    const { notes } = this.plain;
    if (this.#kept.size === 0) return notes === undefined ? {} : { notes };
    const before = isBox(notes) ? notes : {};
    if (notes !== undefined && !isBox(notes)) this.#keep("notes", notes);
    const earlier = before.imported;
    if (earlier !== undefined && !isBox(earlier)) this.#keep("notes.imported", earlier);
    if (isBox(earlier))
      for (const [path, value] of Object.entries(earlier)) this.#keep(path, value);
    return { notes: { ...before, imported: Object.fromEntries(this.#kept) } };
  }

  #refused(
    path: string,
    value: Json,
    code: Problem["code"],
    expected?: Problem["expected"],
  ): undefined {
    this.#aside(path, value, code, expected);
    return undefined;
  }

  #aside(path: string, value: Json, code: Problem["code"], expected?: Problem["expected"]): void {
    this.#problems.push({ path, code, ...(expected && { expected }) });
    this.#keep(path, value);
  }

  /** Under its path, or beside what lies there already. */
  #keep(path: string, value: Json): void {
    let free = path;
    while (this.#kept.has(free)) free += "'";
    this.#kept.set(free, value);
  }
}

function isOfKind(kind: Kind, value: Json): boolean {
  switch (kind) {
    case "date":
      return isDay(value);
    case "yes_no":
      return value === "" || value === "yes" || value === "no";
    case "list":
    case "choices":
      return isList(value) && value.length <= LIMITS.texts && value.every(isText);
    case "number":
      return value === null || Number.isSafeInteger(value);
    case "period":
      if (value === null) return true;
      return (
        isBox(value) &&
        Object.keys(value).every((key) => key === "from" || key === "to") &&
        Object.values(value).every(isDay)
      );
    default:
      return isText(value);
  }
}

/** Whoever reviewed a translation elsewhere is nobody who could answer for it here. */
function unreviewed(value: Json): Json {
  const entries = Object.entries(isBox(value) ? value : {});
  return Object.fromEntries(
    entries.map(([language, one]) => [
      language,
      isBox(one) && one.status === "reviewed" ? { ...one, status: "draft" } : one,
    ]),
  );
}

function isTranslation(value: Json): boolean {
  return (
    isBox(value) &&
    Object.entries(value).every(
      ([language, one]) =>
        isLanguage(language) &&
        isBox(one) &&
        Object.keys(one).every((key) => key === "text" || key === "status") &&
        isText(one.text) &&
        STATUSES.includes(one.status),
    )
  );
}
