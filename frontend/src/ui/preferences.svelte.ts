/**
 * How this person likes the interface on this device.
 *
 * The only thing the interface keeps in localStorage: nothing here says anything about a case.
 */

import type { Code } from "../crypto/handling";

export const LANGUAGES = ["es", "en", "fr"] as const;
export const THEMES = ["system", "light", "dark"] as const;
export const DENSITIES = ["comfortable", "compact"] as const;
export const TEXT_SIZES = ["100", "115", "130", "150"] as const;
export const SEND_KEYS = ["enter", "ctrl-enter"] as const;
export const SHORTCUTS = ["on", "off"] as const;
/** The form of a request: one section at a time, or all of them on one page. */
export const FORMS = ["section", "whole"] as const;
/**
 * Under what terms a message is given unless its author says otherwise: every code but conditions,
 * whose words are of one message.
 */
export type Usual = "none" | Exclude<Code, "conditions">;
// A record, so that a further code is missed by the types.
const USUAL: Readonly<Record<Usual, true>> = {
  none: true,
  lawful: true,
  court: true,
  onward: true,
};
export const HANDLINGS = Object.keys(USUAL) as readonly Usual[];

/** Whether the system may say that there is something new; the browser is asked as well. */
export const NOTIFY = ["off", "on"] as const;
const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/;

export type Language = (typeof LANGUAGES)[number];

const KEY = "casehub.preferences";

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | null {
  return allowed.find((item) => item === value) ?? null;
}

function isHour(value: unknown): value is string {
  return typeof value === "string" && HOUR.test(value);
}

function visitOf(value: unknown): { person: string; at: string } | null {
  if (typeof value !== "object" || value === null) return null;
  const { person, at } = value as Record<string, unknown>;
  if (typeof person !== "string" || typeof at !== "string") return null;
  return Number.isNaN(Date.parse(at)) ? null : { person, at };
}

function languageOfBrowser(): Language {
  // Unit tests run where there is no navigator.
  const tags = typeof navigator === "undefined" ? [] : navigator.languages;
  for (const tag of tags) {
    const found = oneOf(LANGUAGES, tag.slice(0, 2).toLowerCase());
    if (found !== null) return found;
  }
  return "es";
}

function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function stored(): Record<string, unknown> {
  try {
    return read(localStorage.getItem(KEY) ?? "");
  } catch {
    return {}; // forbidden storage: the defaults do
  }
}

class Preferences {
  language: Language = $state("es");
  theme: (typeof THEMES)[number] = $state("system");
  density: (typeof DENSITIES)[number] = $state("comfortable");
  text: (typeof TEXT_SIZES)[number] = $state("100");
  sendKey: (typeof SEND_KEYS)[number] = $state("enter");
  shortcuts: (typeof SHORTCUTS)[number] = $state("on");
  form: (typeof FORMS)[number] = $state("section");
  handling: (typeof HANDLINGS)[number] = $state("none");
  notify: (typeof NOTIFY)[number] = $state("off");
  /** Hours at which it says nothing, by this device's clock. */
  quietFrom = $state("22:00");
  quietTo = $state("06:00");

  /** Who looked at the notices to all States last on this device, and when (ISO 8601). */
  #visited: { person: string; at: string } | null = null;

  constructor() {
    const was = stored();
    this.language = oneOf(LANGUAGES, was.language) ?? languageOfBrowser();
    this.#take(was);
    this.notify = oneOf(NOTIFY, was.notify) ?? "off";
    if (isHour(was.quietFrom)) this.quietFrom = was.quietFrom;
    if (isHour(was.quietTo)) this.quietTo = was.quietTo;
    this.#visited = visitOf(was.visited);
  }

  /** For the recovery kit: what is a person's on any device, nothing of this device or who was at it. */
  portable(): string {
    return JSON.stringify(this.#look());
  }

  /**
   * From the kit; what is unreadable, or no choice that there is, changes nothing. The language is
   * answered and not taken: its words have to be fetched first (words.ts).
   */
  takePortable(text: string): Language | null {
    const was = read(text);
    this.#take(was);
    this.#keep();
    return oneOf(LANGUAGES, was.language);
  }

  #take(was: Record<string, unknown>): void {
    this.theme = oneOf(THEMES, was.theme) ?? this.theme;
    this.density = oneOf(DENSITIES, was.density) ?? this.density;
    this.text = oneOf(TEXT_SIZES, was.text) ?? this.text;
    this.sendKey = oneOf(SEND_KEYS, was.sendKey) ?? this.sendKey;
    this.shortcuts = oneOf(SHORTCUTS, was.shortcuts) ?? this.shortcuts;
    this.form = oneOf(FORMS, was.form) ?? this.form;
    this.handling = oneOf(HANDLINGS, was.handling) ?? this.handling;
  }

  #look() {
    const { language, theme, density, text, sendKey, shortcuts, form, handling } = this;
    return { language, theme, density, text, sendKey, shortcuts, form, handling };
  }

  /** Note that somebody looks at the notices now; returns when they last did, if nobody else has. */
  visit(person: string, at: string): string | null {
    const before = this.#visited;
    this.#visited = { person, at };
    this.#keep();
    return before?.person === person ? before.at : null;
  }

  /** Draw the page as chosen and remember the choice. Call inside an effect. */
  apply(): void {
    const root = document.documentElement;
    root.lang = this.language;
    root.dataset.theme = this.theme;
    root.dataset.density = this.density;
    root.dataset.text = this.text;
    this.#keep();
  }

  #keep(): void {
    const { notify, quietFrom, quietTo } = this;
    const here = { notify, quietFrom, quietTo, visited: this.#visited };
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...this.#look(), ...here }));
    } catch {
      // a full or forbidden storage loses only comfort
    }
  }
}

export const preferences = new Preferences();
