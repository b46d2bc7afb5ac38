/** The words of the interface: three catalogues with the same keys, in ICU MessageFormat. */

import { IntlMessageFormat } from "intl-messageformat";
import { SvelteSet } from "svelte/reactivity";
import { part } from "../effects/loading";
import { answered, asking, spaced } from "../french";
import { type Language, preferences } from "./preferences.svelte";

type Catalogue = typeof import("../words/es.json");
type Words = typeof import("virtual:casehub-words/*").default;
export type Key = keyof Catalogue;
export type Args = Readonly<Record<string, string | number>>;

/**
 * Nobody reads three languages at once, and who signs in reads little of one: each is fetched when it
 * is chosen, first what is said before the shell is there, the rest with the shell.
 */
const PARTS: Readonly<Record<Language, Readonly<Record<"first" | "rest", Part>>>> = {
  es: {
    first: part(() => import("virtual:casehub-words/es-first")),
    rest: part(() => import("virtual:casehub-words/es-rest")),
  },
  en: {
    first: part(() => import("virtual:casehub-words/en-first")),
    rest: part(() => import("virtual:casehub-words/en-rest")),
  },
  fr: {
    first: part(() => import("virtual:casehub-words/fr-first")),
    rest: part(() => import("virtual:casehub-words/fr-rest")),
  },
};
type Part = () => Promise<{ default: Words }>;
const fetched = new Map<Language, Words>();
/** The languages of which every word is here. */
const whole = new SvelteSet<Language>();
/** Whether somebody has asked for what stands behind the sign-in. */
let behind = false;
const parsed = new Map<string, IntlMessageFormat>();

/** Fetch what a language says before the shell is there; rejects where it cannot be. */
export async function fetchFirstWords(language: Language): Promise<void> {
  const words = (await PARTS[language].first()).default;
  if (!fetched.has(language)) fetched.set(language, words);
}

/** Fetch all words of a language; rejects where they cannot be. Before the shell is drawn in it. */
export async function fetchWords(language: Language): Promise<void> {
  behind = true;
  const { first, rest } = PARTS[language];
  const [{ default: few }, { default: more }] = await Promise.all([first(), rest()]);
  if (whole.has(language)) return;
  fetched.set(language, {
    said: { ...few.said, ...more.said },
    refusals: { ...few.refusals, ...more.refusals },
  });
  whole.add(language);
}

/** Turn the page to a language; rejects, and leaves it as it is, if its words cannot be fetched. */
export async function turnTo(language: Language): Promise<void> {
  await fetchFirstWords(language);
  // Asked only now: the shell may have begun to come meanwhile, and would be drawn in this language.
  if (behind) await fetchWords(language);
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

/** The words of a language that are here. */
function wordsIn(language: Language): Words {
  const words = fetched.get(language);
  if (words === undefined) throw new Error(`the words of ${language} were not fetched`);
  return words;
}

/** The words for `key` in a language that was fetched. */
export function say(language: Language, key: Key, args?: Args): string {
  const id = `${language} ${key}`;
  let message = parsed.get(id);
  if (message === undefined) {
    const text = wordsIn(language).said[key];
    if (text === undefined) {
      // Never the key: whoever draws this draws it again when the rest is there.
      whole.has(language);
      return "…";
    }
    // Member-written text passes through as an argument, so tags must mean nothing here.
    const asked = language === "fr" ? asking(spaced(text)) : text;
    message = new IntlMessageFormat(asked, language, undefined, { ignoreTag: true });
    parsed.set(id, message);
  }
  return String(message.format(language === "fr" ? answered(args) : args));
}

/** What the server's own catalogue has for a refusal, if that is here. */
export function refusalIn(language: Language, code: string): Words["refusals"][string] | undefined {
  return wordsIn(language).refusals[code];
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
