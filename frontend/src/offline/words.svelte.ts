/** The words of the page that checks bundles: three languages, without the rest of the interface. */

import words from "virtual:casehub-offline-words";
import { IntlMessageFormat } from "intl-messageformat";
import { spaced } from "../french";

export const LANGUAGES = { es: "Español", en: "English", fr: "Français" } as const;
export type Language = keyof typeof LANGUAGES;

const isOurs = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

function languageOfBrowser(): Language {
  return navigator.languages.map((one) => one.slice(0, 2)).find(isOurs) ?? "es";
}

export const page = $state<{ language: Language }>({ language: languageOfBrowser() });

/** The words for `key` in the language of the page; follows it when it changes. */
export function t(key: string, args?: Readonly<Record<string, string | number>>): string {
  const { language } = page;
  const message = words[language][key];
  if (message === undefined) throw new Error(`no words for ${key}`);
  const text = language === "fr" ? spaced(message) : message;
  return String(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).format(args));
}

/** Seconds since 1970 as a person of this language reads them, in UTC. */
export function moment(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(page.language, {
    dateStyle: "long",
    timeStyle: "medium",
    timeZone: "UTC",
  });
}
