/** The words of the interface: three catalogues with the same keys, in ICU MessageFormat. */

import { IntlMessageFormat } from "intl-messageformat";
import { type Language, preferences } from "./preferences.svelte";

type Catalogue = typeof import("../words/es.json");
export type Key = keyof Catalogue;
export type Args = Readonly<Record<string, string | number>>;

/** Nobody reads three languages at once: each is fetched when it is chosen. */
const CATALOGUES: Readonly<Record<Language, () => Promise<{ default: Catalogue }>>> = {
  es: () => import("../words/es.json"),
  en: () => import("../words/en.json"),
  fr: () => import("../words/fr.json"),
};
const fetched = new Map<Language, Catalogue>();
const parsed = new Map<string, IntlMessageFormat>();

/** Fetch the words of a language; rejects where they cannot be. Before anything is drawn in it. */
export async function fetchWords(language: Language): Promise<void> {
  if (!fetched.has(language)) fetched.set(language, (await CATALOGUES[language]()).default);
}

/** Turn the page to a language; rejects, and leaves it as it is, if its words cannot be fetched. */
export async function turnTo(language: Language): Promise<void> {
  await fetchWords(language);
  preferences.language = language;
}

/** Preferences, as the recovery kit asks for them. */
export const kept = {
  read: (): string => preferences.portable(),
  write: (text: string): void => {
    const language = preferences.takePortable(text);
    // Where its words cannot be fetched the page goes on in the language that it has.
    if (language !== null) void turnTo(language).catch(() => undefined);
  },
};

/** The words for `key` in a language that was fetched. */
export function say(language: Language, key: Key, args?: Args): string {
  const id = `${language} ${key}`;
  let message = parsed.get(id);
  if (message === undefined) {
    const words = fetched.get(language);
    if (words === undefined) throw new Error(`the words of ${language} were not fetched`);
    // Member-written text passes through as an argument, so tags must mean nothing here.
    message = new IntlMessageFormat(words[key], language, undefined, {
      ignoreTag: true,
    });
    parsed.set(id, message);
  }
  return String(message.format(args));
}

/** The words for `key` in the language of the page; follows it when it changes. */
export function t(key: Key, args?: Args): string {
  return say(preferences.language, key, args);
}

/** Join names as the language does: "A, B y C". */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(preferences.language, { type: "conjunction" }).format(items);
}

const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}]|[\u{1e800}-\u{1efff}]/u;

/** Text with a visible mark for each character that would turn around what follows it in a line. */
export function withTurnsShown(text: string): string {
  return text.replace(TURNS, "\ufffd");
}

/**
 * Text of a person, for use inside a sentence of ours where no `<bdi>` can stand.
 *
 * Controls that could turn the sentence around are dropped; text that runs the other way by itself
 * is wrapped in FIRST STRONG ISOLATE .. POP DIRECTIONAL ISOLATE (UAX #9).
 */
export function isolated(text: string): string {
  const plain = text.replace(BIDI_CONTROLS, "");
  return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}
