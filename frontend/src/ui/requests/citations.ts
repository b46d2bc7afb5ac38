/**
 * Citations and sources in the language of the page. Pure.
 *
 * The rulebook's files name treaties by a short English name and their articles ("UNTOC 18(13)").
 * Here the treaty's own file says what it is called, about.yaml what other sources are; a note that
 * neither knows stays as it was written, marked as English, so that it is read aloud as such.
 */

import type { Book, Words } from "../../rules/book";
import type { Language } from "../preferences.svelte";

/** One part of a citation; `lang` only where it is not the page's. */
export type Cited = { readonly text: string; readonly lang: "en" | undefined };

const ARTICLE = String.raw`(?:\d+|[IVX]+(?![\p{L}]))(?:\.\d+)*(?:\([a-zA-Z0-9]+\))*`;
const ARTICLES = String.raw`${ARTICLE}(?:(?:, |-|–)(?:\([a-z0-9]+\)|${ARTICLE}))*`;
/** "Nassau 1-7" is Nassau; "Mexico–Honduras treaty" is all name. */
const NAMED = new RegExp(`^(.*?)(?: ${ARTICLES})?$`, "u");
/** "Convención de Palermo, art. 18" is how the form calls a treaty and its article. */
const OWN_ARTICLE = /,? art\. \d+$/;
const NOTE = /\p{Ll}{3,}/u;

type Names = { readonly pattern: RegExp; readonly labels: ReadonlyMap<string, Words> };

const SEVERAL = /, |-|–/;
const ART: Readonly<Record<Language, readonly [one: string, several: string]>> = {
  es: ["art.", "arts."],
  en: ["art.", "arts."],
  fr: ["art.", "art."],
};

const known = new WeakMap<Book, Names>();

function namesOf(book: Book): Names {
  const before = known.get(book);
  if (before !== undefined) return before;
  const labels = new Map<string, Words>();
  for (const { id, short, title, citation } of book.instruments.values()) {
    const label = bare(short ?? title);
    labels.set(id, label);
    if (typeof citation === "string") labels.set(NAMED.exec(citation)?.[1] ?? citation, label);
  }
  for (const { as, label } of book.about.cited ?? []) labels.set(as, label);
  const longest = [...labels.keys()].sort((one, other) => other.length - one.length);
  const name = longest.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\d])(${name})(?![\\p{L}])(?: (${ARTICLES}))?`, "gu");
  const made = { pattern, labels };
  known.set(book, made);
  return made;
}

const bare = (words: Words): Words => ({
  es: words.es.replace(OWN_ARTICLE, ""),
  en: words.en.replace(OWN_ARTICLE, ""),
  fr: words.fr.replace(OWN_ARTICLE, ""),
});

function articles(list: string, language: Language): string {
  const [one, several] = ART[language];
  return `${SEVERAL.test(list) ? several : one} ${list}`;
}

/** Treaties and sources of a part by name; whether words are left that nobody translated. */
function inWords(book: Book, part: string, language: Language): { text: string; left: string } {
  const { pattern, labels } = namesOf(book);
  const named = (name: string, list: string | undefined): string => {
    const label = labels.get(name)?.[language] ?? name;
    if (list === undefined) return label;
    // "…, art." and "Manual de …," already say how a number follows.
    return /[.,]$/.test(label) ? `${label} ${list}` : `${label}, ${articles(list, language)}`;
  };
  const text = part.replace(pattern, (_, name: string, list?: string) => named(name, list));
  const left = part.replace(pattern, "").replace(/\bArts?\./g, "");
  return { text: text.replace(/^Arts?\./, articlesWord(language)), left };
}

const articlesWord =
  (language: Language) =>
  (word: string): string =>
    ART[language][word === "Art." ? 0 : 1].replace(/^a/, "A");

/** A citation, part by part: each is a source of its own. */
export function citedIn(
  book: Book,
  citation: string | Words,
  language: Language,
): readonly Cited[] {
  const written = typeof citation === "string" ? citation : citation[language];
  return written.split("; ").map((part) => {
    const { text, left } = inWords(book, part, language);
    // What a lawyer wrote in all three languages is in the page's already.
    const foreign = typeof citation === "string" && language !== "en" && NOTE.test(left);
    return { text, lang: foreign ? "en" : undefined };
  });
}

/** The same as one text, where nothing can be marked. */
export const citedAs = (book: Book, citation: string | Words, language: Language): string =>
  citedIn(book, citation, language)
    .map(({ text }) => text)
    .join("; ");
