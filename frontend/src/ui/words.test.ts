import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import en from "../words/en.json";
import es from "../words/es.json";
import fr from "../words/fr.json";
import { isolated, withTurnsShown } from "./words";

const SRC = join(import.meta.dirname, "..");
/** A name, and a key of the keyboard. */
const SAME_EVERYWHERE = new Set(["CaseHub", "Esc"]);
/** Words that two languages write alike, each looked at; any other was forgotten to translate. */
const ALIKE = {
  "es en": [
    "bundle.story.interpol",
    "bundle.story.normal",
    "datum.factor",
    "desig.said.answer",
    "document.before",
    "document.no",
    "documents.digest",
    "error.code",
    "field.no",
    "figures.all",
    "finding.names",
    "label.colon",
    "lasted.hours",
    "lasted.minutes",
    "lasted.seconds",
    "log.cosignedBy",
    "move.assetIn",
    "stage.idea",
    "state.regional",
  ],
  "fr en": [
    "account.session",
    "alta.code",
    "area.oversight",
    "authority.instrument",
    "authority.source",
    "bundle.story.interpol",
    "custody.signature",
    "datum.code",
    "datum.consultation",
    "datum.format",
    "datum.install",
    "datum.instrument",
    "datum.kinds",
    "datum.minute",
    "datum.objections",
    "datum.session",
    "datum.sessions",
    "datum.type",
    "datum.urgent",
    "datum.version",
    "desig.agency.justice",
    "desig.agency.migration",
    "desig.agency.police",
    "desig.outcome.objection",
    "document.signature",
    "document.version",
    "documents.digest",
    "documents.open",
    "figures.all",
    "integrity.amber",
    "lasted.hours",
    "lasted.minutes",
    "lasted.seconds",
    "message.urgent",
    "nav.audits",
    "request.sections",
    "request.versions",
    "review.article",
    "versions.one",
    "versions.title",
    "why.sources",
  ],
  "es fr": [
    "bundle.story.favourable",
    "bundle.story.interpol",
    "bundle.story.urgent",
    "cases.owner",
    "context.owner",
    "desig.urgent",
    "documents.digest",
    "dossiers.urgent",
    "figures.all",
    "lasted.hours",
    "lasted.minutes",
    "lasted.seconds",
    "versions.end",
  ],
} as const;
const CATALOGUES = { es, en, fr } as const;

function sources(): Array<[string, string]> {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => [name, readFileSync(join(SRC, name), "utf8")]);
}

/** The names of the arguments in a message, whatever their order. */
function argumentsOf(text: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === "object" && node !== null) {
      const { type, value, options } = node as { type?: number; value?: string; options?: object };
      if (type !== 0 && type !== 7 && typeof value === "string") names.add(value);
      for (const option of Object.values(options ?? {})) walk((option as { value: unknown }).value);
    }
  };
  walk(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe("the catalogues", () => {
  it("have the same keys, sorted, and no empty words", () => {
    const keys = Object.keys(es);
    expect(keys).toEqual([...keys].sort());
    for (const catalogue of [en, fr]) expect(Object.keys(catalogue)).toEqual(keys);
    for (const catalogue of [es, en, fr]) {
      for (const [key, text] of Object.entries(catalogue)) expect(text.trim(), key).not.toBe("");
    }
  });

  it.each(Object.entries(ALIKE))("are translated: %s alike only where they are", (pair, alike) => {
    const [one, other] = pair.split(" ").map((name) => CATALOGUES[name as keyof typeof CATALOGUES]);
    const keys = Object.keys(es) as Array<keyof typeof es>;
    expect(keys.filter((key) => one?.[key] === other?.[key])).toEqual(alike);
  });

  it("take the same arguments in every language", () => {
    for (const key of Object.keys(es) as Array<keyof typeof es>) {
      const expected = argumentsOf(es[key], "es");
      expect(argumentsOf(en[key], "en"), key).toEqual(expected);
      expect(argumentsOf(fr[key], "fr"), key).toEqual(expected);
    }
  });

  it("address the reader as usted", () => {
    const familiar = /\b(tú|tu|tus|puedes|tienes|vos|vosotros|haz|elige|escribe)\b/i;
    for (const [key, text] of Object.entries(es)) expect(text, key).not.toMatch(familiar);
  });

  it.each(Object.entries(CATALOGUES))("write apostrophes as printers do: %s", (_, catalogue) => {
    const typed = Object.entries(catalogue).filter(([, text]) => text.includes("'"));
    expect(typed).toEqual([]);
  });

  it("set a space before the high marks of French", () => {
    const tight = Object.entries(fr).filter(([, text]) => /[^\s(][:;!?](?=\s|$)/.test(text));
    expect(tight).toEqual([]);
  });

  it("give each State its article in French, and begin no sentence with a State that does something", () => {
    const bare =
      /\b(?:de |d’|à |par |pour |en |vers |avec |que |qu’|entre )\{(?:state|states|own|owner)\}/;
    const agreeing = /(?:^|\. )\{(?:state|states|own|owner)\} (?![:(·])/;
    const wrong = Object.entries(fr).filter(([, text]) => bare.test(text) || agreeing.test(text));
    expect(wrong).toEqual([]);
  });

  it("have every key the sources ask for, and none that nobody asks for", () => {
    const known = new Set(Object.keys(es));
    const unknown: string[] = [];
    const quoted = new Set<string>();
    for (const [name, text] of sources()) {
      for (const [, key = ""] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) {
        if (!known.has(key)) unknown.push(`${name}: ${key}`);
      }
      // Each text is gone through once: with thousands of keys, to look for each of them takes seconds.
      for (const [, word = ""] of text.matchAll(/"(?=([\w.-]+)")/g)) quoted.add(word);
    }
    expect(unknown).toEqual([]);
    expect([...known].filter((key) => !quoted.has(key))).toEqual([]);
  });
});

describe("isolated", () => {
  it.each([
    ["Marina Arévalo", "Marina Arévalo"],
    ["a\u202eb\u2069", "ab"],
    ["\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"],
  ])("makes %j stand in a sentence as %j", (text, shown) => {
    expect(isolated(text)).toBe(shown);
  });
});

/** What stands between tags, without scripts, styles, comments and everything in braces. */
function literals(source: string): string[] {
  let text = source
    .replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "")
    .replace(/=>/g, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, "");
  }
  return [...text.matchAll(/>([^<>]*)</g)].map(([, words]) => (words ?? "").trim());
}

describe("the sources of the interface", () => {
  it("have all their words in the catalogues", () => {
    for (const [name, text] of sources().filter(([file]) => file.endsWith(".svelte"))) {
      const found = literals(text).filter((w) => /\p{L}{2}/u.test(w) && !SAME_EVERYWHERE.has(w));
      expect(found, name).toEqual([]);
    }
  });

  it("leave colons to the catalogues: in French a space stands before them", () => {
    const own = sources().filter(([file, text]) => {
      const marked = file.endsWith(".svelte") ? literals(text) : [];
      return marked.some((w) => /:(?!\d)/.test(w)) || (/^ui/.test(file) && /\}: \$\{/.test(text));
    });
    expect(own.map(([name]) => name)).toEqual([]);
  });

  it("never put strings into the page as markup", () => {
    for (const [name, text] of sources().filter(([file]) => file.startsWith("ui"))) {
      expect(text, name).not.toMatch(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|\sstyle="/);
    }
  });
});

describe("text that would turn around what follows it", () => {
  it.each(["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"])(
    "shows each character that would: %j",
    (turn) => {
      expect(withTurnsShown(`12${turn}34`)).toBe("12\ufffd34");
    },
  );

  it("is otherwise as it was written, also in scripts that go the other way", () => {
    expect(withTurnsShown("Remita el acta \u05d0\u200f 12")).toBe("Remita el acta \u05d0\u200f 12");
  });
});
