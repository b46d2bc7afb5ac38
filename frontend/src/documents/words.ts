/** The words that a document is made of, in the language of the document (not of the page). */
import { IntlMessageFormat } from "intl-messageformat";
import { spaced } from "../french";
import en from "../words/en.json";
import es from "../words/es.json";
import fr from "../words/fr.json";
import type { Language } from "./languages";

const CATALOGUES = { es, en, fr };
type Key = keyof typeof es & keyof typeof en & keyof typeof fr & `document.${string}`;

/** The same for words that the page which checks exports shows as well. */
export function sayAny(language: Language, key: string, args?: Args): string {
  const text = (CATALOGUES[language] as Readonly<Record<string, string>>)[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return formed(language, text, args);
}

/** The words for `key`; what people wrote passes through as an argument only. */
export function say(language: Language, key: Key, args?: Args): string {
  return formed(language, CATALOGUES[language][key], args);
}

type Args = Readonly<Record<string, string | number>>;

function formed(language: Language, text: string, args?: Args): string {
  const message = language === "fr" ? spaced(text) : text;
  const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
  return String(format.format(args));
}

/** A day of YYYY-MM-DD in words: ours, so that no browser's own change what a document says. */
export function dayInWords(language: Language, day: string): string {
  const [year = "", month = "", of = ""] = day.split("-");
  return say(language, "document.day", { day: String(Number(of)), month: `m${month}`, year });
}

export const languageName = (language: Language, named: Language): string =>
  say(language, "document.languageName", { named });

export const stateName = (language: Language, state: string): string =>
  /^[A-Z]{2}$/.test(state)
    ? (new Intl.DisplayNames(language, { type: "region" }).of(state) ?? state)
    : state;

// Controls that XML forbids; those that turn the order of a line around (UAX #9); lone surrogates.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What somebody wrote, as it may stand in a document: every letter of it, nothing invisible. */
export const cleaned = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(CONTROLS, " ")
    .replace(TURNING, "")
    .replace(LONE, "\ufffd")
    .normalize("NFC")
    .trim();
