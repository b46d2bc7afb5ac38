/** That nothing of the place and the moment in which a document is made gets into it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { LETTERHEAD } from "../../tests/documents/letterhead";
import { hex, sha256 } from "../bytes";
import type { Book, Draft } from "../rules/book";
import { readBook } from "../rules/load";
import { type FormalGiven, type FormalKind, makeFormal } from "./make";
import { blankFile } from "./word/fill";

type Place = {
  readonly now: string;
  readonly zone: string;
  readonly locale: string;
  /** What chance gives, from 0 to 255. */
  readonly chance: number;
};

const PLACES: readonly Place[] = [
  { now: "2026-11-29T04:00:00Z", zone: "UTC", locale: "es-MX", chance: 0 },
  { now: "2026-12-31T23:59:59.999Z", zone: "Asia/Tokyo", locale: "ar-EG", chance: 255 },
  { now: "2031-03-09T09:30:00Z", zone: "America/Tijuana", locale: "tr-TR", chance: 7 },
  // before the day of the law, on a clock that was never set
  { now: "1970-01-01T00:00:01Z", zone: "Pacific/Apia", locale: "de-CH", chance: 128 },
];

const replaced: (() => void)[] = [];

/** Whoever asks for no locale is given that of the place. */
function localised(locale: string): void {
  const given = (locales: unknown): unknown => locales ?? locale;
  const first = <T extends object, K extends keyof T>(owner: T, name: K, at: number): void => {
    const real = owner[name] as (...given: unknown[]) => unknown;
    vi.spyOn(owner, name as never).mockImplementation(function (this: unknown, ...args: unknown[]) {
      while (args.length <= at) args.push(undefined);
      args[at] = given(args[at]);
      return Reflect.apply(real, this, args);
    } as never);
  };
  first(String.prototype, "localeCompare", 1);
  first(String.prototype, "toLocaleUpperCase", 0);
  first(String.prototype, "toLocaleLowerCase", 0);
  first(Number.prototype, "toLocaleString", 0);
  for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"] as const) {
    first(Date.prototype, name, 0);
  }
  for (const name of ["DateTimeFormat", "NumberFormat", "Collator", "ListFormat"] as const) {
    const Real = Intl[name] as unknown as new (...given: unknown[]) => object;
    const Localised = new Proxy(Real, {
      construct: (target, [locales, ...rest]) => new target(given(locales), ...rest),
    });
    (Intl as unknown as Record<string, unknown>)[name] = Localised;
    replaced.push(() => {
      (Intl as unknown as Record<string, unknown>)[name] = Real;
    });
  }
}

async function inPlace<T>({ now, zone, locale, chance }: Place, act: () => Promise<T>): Promise<T> {
  const before = process.env.TZ;
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(now) });
  process.env.TZ = zone;
  localised(locale);
  vi.spyOn(Math, "random").mockReturnValue(chance / 256);
  vi.spyOn(crypto, "getRandomValues").mockImplementation((bytes) => {
    if (bytes) new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).fill(chance);
    return bytes;
  });
  vi.spyOn(crypto, "randomUUID").mockReturnValue(
    `00000000-0000-4000-8000-${chance.toString(16).padStart(12, "0")}`,
  );
  try {
    return await act();
  } finally {
    restore();
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

function restore(): void {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const undo of replaced.splice(0)) undo();
}

let book: Book;
beforeAll(async () => {
  book = await readBook(readFileSync(join(import.meta.dirname, "../rules/rulebook.json"), "utf8"));
});
afterEach(restore);

const DRAFT = {
  v: 1,
  language: "es",
  law_date: "2026-11-24",
  requesting_state: "SV",
  requested_state: "MX",
  unknown: ["persons.0.birth"],
  overrides: [],
  facts: { summary: "Una frase.\nOtra, más larga.", who: "İpek Ñandú" },
  persons: [{ name: "Ana" }, { name: "Íñigo", nationality: "GT", birth: "1990-01-31" }],
  measures: [
    {
      type: "bank_records",
      fields: { period: { from: "2025-12-31", to: "2026-01-01" }, documents: ["uno", "dos"] },
    },
  ],
  urgency: { deadline: "2027-01-01" },
  translations: { "facts.summary": { en: { text: "A sentence.", status: "draft" } } },
} as unknown as Draft;

const given = (changes: Partial<FormalGiven> = {}): FormalGiven => ({
  book,
  draft: structuredClone(DRAFT),
  language: "es",
  reference: "SV-2026-0147",
  version: 3,
  letterhead: LETTERHEAD,
  template: null,
  ...changes,
});

describe("the places of this test", () => {
  it("differ in clock, zone, language of the machine and chance", async () => {
    const told: string[][] = [];
    for (const place of PLACES) {
      told.push(
        await inPlace(place, async () => [
          new Date().toISOString(),
          String(new Date("2026-07-01T00:00:00Z").getTimezoneOffset()),
          (1234567.5).toLocaleString(),
          String(Math.random()),
          String(crypto.getRandomValues(new Uint8Array(1))[0]),
          String(crypto.getRandomValues(new Uint32Array(1))[0]),
        ]),
      );
    }
    for (const [at] of (told[0] ?? []).entries()) {
      expect(new Set(told.map((one) => one[at])).size, `${at}`).toBe(PLACES.length);
    }
  });
});

describe("a document", () => {
  const CASES: [string, FormalKind, () => Partial<FormalGiven>][] = [
    ["as PDF", "pdf", () => ({})],
    ["as PDF, translated", "pdf", () => ({ language: "en" })],
    ["as Word", "docx", () => ({})],
    [
      "as Word, in French and on no letterhead",
      "docx",
      () => ({ language: "fr", letterhead: null }),
    ],
    ["as Word, in an office's own template", "docx", () => ({ template: blankFile(LETTERHEAD) })],
  ];
  it.each(CASES)(
    "%s is the same bytes on another day, in another zone, on any machine",
    async (_, kind, changes) => {
      const digests: string[] = [];
      for (const place of PLACES) {
        digests.push(
          await inPlace(place, async () => {
            // another one that was made before leaves nothing behind
            if (place === PLACES[1]) await makeFormal(kind, given({ reference: "other" }));
            const { bytes, name } = await makeFormal(kind, given(changes()));
            return `${name} ${hex.encode(await sha256(bytes))}`;
          }),
        );
      }
      expect(new Set(digests)).toEqual(new Set(digests.slice(0, 1)));
    },
    60_000,
  );

  it("is of its version, language, letterhead and reference", async () => {
    const digestOf = async (changes: Partial<FormalGiven>): Promise<string> =>
      hex.encode(await sha256((await makeFormal("pdf", given(changes))).bytes));
    const all = [
      await digestOf({}),
      await digestOf({ version: 4 }),
      await digestOf({ language: "en" }),
      await digestOf({ letterhead: null }),
      await digestOf({ reference: "SV-2026-0148" }),
    ];
    expect(new Set(all).size).toBe(all.length);
  }, 60_000);
});
