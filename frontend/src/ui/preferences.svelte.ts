/**
 * How this person likes the interface on this device.
 *
 * The only thing the interface keeps in localStorage: nothing here says anything about a case.
 */

export const LANGUAGES = ["es", "en", "fr"] as const;
export const THEMES = ["system", "light", "dark"] as const;
export const DENSITIES = ["comfortable", "compact"] as const;
export const TEXT_SIZES = ["100", "115", "130", "150"] as const;
export const SEND_KEYS = ["enter", "ctrl-enter"] as const;
export const SHORTCUTS = ["on", "off"] as const;
/** The form of a request: one section at a time, or all of them on one page. */
export const FORMS = ["section", "whole"] as const;
/** Under what terms a message is given unless its author says otherwise; see crypto/handling.ts. */
export const HANDLINGS = ["none", "lawful", "court", "onward"] as const;

/** Whether the system may say that there is something new; the browser is asked as well. */
export const NOTIFY = ["off", "on"] as const;
const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/;

export type Language = (typeof LANGUAGES)[number];

const KEY = "casehub.preferences";

/** All of them as one text, for the recovery kit; taken back at the page's next start. */
export const kept = {
  read: (): string => JSON.stringify(stored()),
  write: (text: string): void => {
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // forbidden storage: the defaults do
    }
  },
};

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

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // unreadable or forbidden storage: the defaults do
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
    this.theme = oneOf(THEMES, was.theme) ?? "system";
    this.density = oneOf(DENSITIES, was.density) ?? "comfortable";
    this.text = oneOf(TEXT_SIZES, was.text) ?? "100";
    this.sendKey = oneOf(SEND_KEYS, was.sendKey) ?? "enter";
    this.shortcuts = oneOf(SHORTCUTS, was.shortcuts) ?? "on";
    this.form = oneOf(FORMS, was.form) ?? "section";
    this.handling = oneOf(HANDLINGS, was.handling) ?? "none";
    this.notify = oneOf(NOTIFY, was.notify) ?? "off";
    if (isHour(was.quietFrom)) this.quietFrom = was.quietFrom;
    if (isHour(was.quietTo)) this.quietTo = was.quietTo;
    this.#visited = visitOf(was.visited);
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
    const { language, theme, density, text, sendKey, shortcuts, form, handling } = this;
    const visited = this.#visited;
    const { notify, quietFrom, quietTo } = this;
    const look = { language, theme, density, text, sendKey, shortcuts, form, handling };
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...look, notify, quietFrom, quietTo, visited }));
    } catch {
      // a full or forbidden storage loses only comfort
    }
  }
}

export const preferences = new Preferences();
