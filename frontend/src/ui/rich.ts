/**
 * The light marks of a message: emphasis, code, lists, quotations; and what is recognised in it:
 * links, references of cases, dates, and the persons it names. Pure.
 *
 * There is no HTML in it: what a mark does not claim is text, and every character of the message is
 * in exactly one token's `raw`, in order. Nothing is nested deeper than emphasis in emphasis.
 */

import { routeOf } from "./routes";

export type Inline =
  | { kind: "text" | "code" | "reference" | "link" | "mention"; raw: string; text: string }
  | { kind: "date"; raw: string; text: string; day: string }
  | { kind: "strong" | "em"; raw: string; inside: readonly Inline[] };

export type Block =
  | { kind: "paragraph" | "quote"; raw: string; lines: readonly (readonly Inline[])[] }
  | {
      kind: "list";
      ordered: boolean;
      from: number;
      raw: string;
      items: readonly (readonly Inline[])[];
    }
  | { kind: "code"; raw: string; text: string };

const FENCE = "```";
const BULLET = /^ {0,3}[-*•] +/;
const NUMBER = /^ {0,3}(\d{1,4})[.)] +/;
const QUOTE = /^> ?/;

/** `names` are of the persons that the message mentions; "@" and one of them is a mention. */
export function blocksOf(text: string, names: readonly string[] = []): Block[] {
  const lines = text.split("\n");
  const closes = closesAfter(lines);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const kind = kindOf(lines, at, closes);
    let end = kind === "code" ? (closes[at] ?? at) + 1 : at + 1;
    if (kind !== "code") while (end < lines.length && kindOf(lines, end, closes) === kind) end += 1;
    // The line break before a block is of that block, so that nothing is lost between two.
    const raw = (at > 0 ? "\n" : "") + lines.slice(at, end).join("\n");
    blocks.push(blockOf(kind, lines.slice(at, end), raw, names));
    at = end;
  }
  return blocks;
}

type Kind = "paragraph" | "quote" | "bullets" | "numbers" | "code";

function kindOf(lines: readonly string[], at: number, closes: readonly number[]): Kind {
  const line = lines[at] ?? "";
  if (line.startsWith(FENCE) && (closes[at] ?? at) > at) return "code";
  if (QUOTE.test(line)) return "quote";
  if (BULLET.test(line)) return "bullets";
  return NUMBER.test(line) ? "numbers" : "paragraph";
}

/** By line, where a fence that opens there is closed; the line itself if it never is. */
function closesAfter(lines: readonly string[]): number[] {
  const closes: number[] = [];
  let next: number | null = null;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    closes[at] = next ?? at;
    if (lines[at]?.trimEnd() === FENCE) next = at;
  }
  return closes;
}

function blockOf(kind: Kind, lines: string[], raw: string, names: readonly string[]): Block {
  const inside = (mark: RegExp) => lines.map((line) => inlineOf(line.replace(mark, ""), names));
  switch (kind) {
    case "code":
      return { kind, raw, text: lines.slice(1, -1).join("\n") };
    case "quote":
      return { kind, raw, lines: inside(QUOTE) };
    case "bullets":
      return { kind: "list", ordered: false, from: 1, raw, items: inside(BULLET) };
    case "numbers": {
      const from = Number(NUMBER.exec(lines[0] ?? "")?.[1] ?? 1);
      return { kind: "list", ordered: true, from, raw, items: inside(NUMBER) };
    }
    case "paragraph":
      return { kind, raw, lines: lines.map((line) => inlineOf(line, names)) };
  }
}

/** By month: whole, and as Spanish, English and French cut them short. */
const MONTHS = [
  ["enero", "january", "janvier", "ene", "jan", "janv"],
  ["febrero", "february", "février", "feb", "févr"],
  ["marzo", "march", "mars", "mar"],
  ["abril", "april", "avril", "abr", "apr", "avr"],
  ["mayo", "may", "mai"],
  ["junio", "june", "juin", "jun"],
  ["julio", "july", "juillet", "jul", "juil"],
  ["agosto", "august", "août", "ago", "aug"],
  ["septiembre", "setiembre", "september", "septembre", "sept", "sep", "set"],
  ["octubre", "october", "octobre", "oct"],
  ["noviembre", "november", "novembre", "nov"],
  ["diciembre", "december", "décembre", "dic", "dec", "déc"],
];
const MONTH = MONTHS.flat()
  .toSorted((a, b) => b.length - a.length)
  .join("|");

/** What is recognised, in this order of precedence; each is tried where its first character is. */
const FOUND = new RegExp(
  [
    "(?<code>`[^`\\n]+`)",
    "(?<link>https?://[^\\s<>\"'`]+)",
    "(?<![\\p{L}\\p{N}-])(?<reference>[A-Z]{2}-20\\d{2}-\\d{4,6})(?![\\p{L}\\p{N}-])",
    "(?<![\\p{L}\\p{N}./-])(?<iso>20\\d{2}-\\d{2}-\\d{2})(?![\\p{L}\\p{N}/-])",
    "(?<![\\p{L}\\p{N}./-])(?<slashed>\\d{1,2}(?<by>[/.-])\\d{1,2}\\k<by>20\\d{2})(?![\\p{L}\\p{N}/-])",
    `(?<![\\p{L}\\p{N}./-])(?<said>(?:\\d{1,2}(?:\\.?º|er|st|nd|rd|th)?|primero) (?:de )?(?:${MONTH})\\.?,? (?:de(?:l)? )?20\\d{2})(?![\\p{L}\\p{N}])`,
    `(?<![\\p{L}\\p{N}./-])(?<english>(?:${MONTH})\\.? \\d{1,2}(?:st|nd|rd|th)?,? 20\\d{2})(?![\\p{L}\\p{N}])`,
    "(?<strong>\\*\\*(?=\\S)(?:(?!\\*\\*).)+?(?<=\\S)\\*\\*)",
    "(?<![\\p{L}\\p{N}*])(?<em>\\*(?=[^\\s*])[^*\\n]*?(?<=[^\\s*])\\*)(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])(?<under>_(?=[^\\s_])[^_\\n]*?(?<=[^\\s_])_)(?![\\p{L}\\p{N}_])",
  ].join("|"),
  "giu",
);

const MOST_NESTED = 2;

export function inlineOf(text: string, names: readonly string[] = [], depth = 0): Inline[] {
  const tokens: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(FOUND)) {
    if (found.index < from) continue;
    const token = tokenOf(found[0], found.groups ?? {}, names, depth);
    if (token === null) continue;
    tokens.push(...plain(text.slice(from, found.index), names), token);
    from = found.index + token.raw.length;
  }
  tokens.push(...plain(text.slice(from), names));
  return tokens;
}

type Groups = Readonly<Record<string, string | undefined>>;

function tokenOf(
  raw: string,
  groups: Groups,
  names: readonly string[],
  depth: number,
): Inline | null {
  if (groups.code) return { kind: "code", raw, text: raw.slice(1, -1) };
  if (groups.link) return linkOf(raw);
  if (groups.reference) return /^[A-Z]/.test(raw) ? { kind: "reference", raw, text: raw } : null;
  const day = groups.iso ?? slashed(groups.slashed) ?? saidDay(groups.said ?? groups.english);
  if (day !== undefined) return isDay(day) ? { kind: "date", raw, text: raw, day } : null;
  if (depth >= MOST_NESTED) return null;
  const [kind, marks] = groups.strong ? (["strong", 2] as const) : (["em", 1] as const);
  return { kind, raw, inside: inlineOf(raw.slice(marks, -marks), names, depth + 1) };
}

/** A link ends before the sentence's own punctuation; only what a browser can read is one. */
function linkOf(found: string): Inline | null {
  const raw = found.replace(/[.,;:!?)\]}»”*_]+$/u, "");
  return URL.canParse(raw) ? { kind: "link", raw, text: raw } : null;
}

/** Day first, as everywhere in the region. */
function slashed(text: string | undefined): string | undefined {
  const [day, month, year] = text?.split(/[/.-]/) ?? [];
  if (day === undefined || month === undefined) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function saidDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const words = text.toLowerCase().split(/[ .,]+/);
  const month = MONTHS.findIndex((names) => names.some((name) => words.includes(name))) + 1;
  const number = words.find((word) => /^\d/.test(word) && word.length < 5) ?? "";
  const day = words[0] === "primero" ? 1 : Number.parseInt(number, 10);
  return `${words.at(-1)}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function isDay(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

/** Text, with the mentions that it holds; the longest name wins where one begins another. */
function plain(text: string, names: readonly string[]): Inline[] {
  if (text === "") return [];
  const marks = names.filter((name) => name !== "").map((name) => `@${name}`);
  const sorted = marks.sort((a, b) => b.length - a.length);
  const tokens: Inline[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    if (at < from) continue;
    const raw = sorted.find((mark) => text.startsWith(mark, at));
    if (raw === undefined) continue;
    if (at > from) tokens.push(asText(text.slice(from, at)));
    tokens.push({ kind: "mention", raw, text: raw });
    from = at + raw.length;
  }
  if (from < text.length) tokens.push(asText(text.slice(from)));
  return tokens;
}

const asText = (raw: string): Inline => ({ kind: "text", raw, text: raw });

/** A case or a request of this very place that an address leads to; null of every other address. */
export type Place = { kind: "case"; reference: string } | { kind: "request"; id: string };

export function placeOf(link: string, origin: string): Place | null {
  const url = new URL(link);
  if (url.origin !== origin || url.username !== "" || url.password !== "") return null;
  const route = routeOf(url.pathname);
  if (route.page === "case") return { kind: "case", reference: route.reference };
  return route.page === "request" ? { kind: "request", id: route.id } : null;
}

/** Where a link leads: its host as the network knows it, and whether that hides other letters. */
export function hostOf(link: string): { host: string; odd: boolean } {
  const { host } = new URL(link);
  return { host, odd: /(^|\.)xn--/.test(host) || link.includes("@") };
}
