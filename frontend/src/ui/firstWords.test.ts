import { beforeEach, describe, expect, it, vi } from "vitest";
import { modulesOfFirst, wordsOf } from "../../patches/words.mjs";
import es from "../words/es.json";
import fr from "../words/fr.json";

const LANGUAGES = ["es", "en", "fr"] as const;

describe("the words that come before somebody has signed in", () => {
  const first = wordsOf("es", true);

  it("are those of the sign-in and of whatever may be shown in its place", () => {
    for (const key of ["signin.title", "lock.title", "lazy.failed", "error.unreachable.do"]) {
      expect(first.said).toHaveProperty([key]);
    }
    for (const code of ["state-stopped", "sign-in-needed", "kit-wrong", "person-limited"]) {
      expect(first.refusals).toHaveProperty([code]);
    }
  });

  it("are none that only the shell needs", () => {
    for (const key of ["nav.cases", "composer.send", "account.title", "request.sections"]) {
      expect(es).toHaveProperty([key]);
      expect(first.said).not.toHaveProperty([key]);
    }
    expect([...modulesOfFirst().keys()].join()).not.toMatch(
      /Shell\.svelte|CasePage\.svelte|AskingPage\.svelte|StateAccess\.svelte|Modal\.svelte/,
    );
    expect(Object.keys(first.said).length).toBeLessThan(Object.keys(es).length / 10);
  });

  it.each(LANGUAGES)("are with the rest all words of %s, and none of them twice", (language) => {
    const [one, rest] = [wordsOf(language, true), wordsOf(language, false)];
    expect(Object.keys(one.said)).toEqual(Object.keys(first.said));
    expect(Object.keys(one.refusals)).toEqual(Object.keys(first.refusals));
    expect([...Object.keys(one.said), ...Object.keys(rest.said)].sort()).toEqual(Object.keys(es));
    const codes = [...Object.keys(one.refusals), ...Object.keys(rest.refusals)];
    expect(codes.length).toBe(new Set(codes).size);
    expect(codes).toContain("turn-taken");
  });
});

describe("a page that somebody signs in to", () => {
  const REST = "virtual:casehub-words/fr-rest";
  const started = async () => {
    const { preferences } = await import("./preferences.svelte");
    const { Lazy } = await import("./shell/lazy.svelte");
    return { preferences, Lazy, ...(await import("./words")) };
  };
  /** From how many fetches on the rest of the French words comes. */
  const comesFrom = (nth: number): void => {
    let asked = 0;
    vi.doMock(REST, async (original) => {
      asked += 1;
      if (asked < nth) throw new TypeError("Failed to fetch dynamically imported module");
      return await original();
    });
  };

  beforeEach(() => {
    vi.resetModules();
    vi.doUnmock(REST);
  });

  it("turns to another language without what the shell alone says in it", async () => {
    const { fetchFirstWords, turnTo, t } = await started();
    await fetchFirstWords("es");
    await turnTo("fr");
    expect([t("lazy.reload"), t("nav.cases")]).toEqual([fr["lazy.reload"], "…"]);
  });

  it("shows what is behind it with all words, and turns to no language without them", async () => {
    const { Lazy, fetchFirstWords, turnTo, t } = await started();
    await fetchFirstWords("en");
    const page = new Lazy(async () => ({ default: () => ({}) }));
    const shown = page.fetch();
    await turnTo("en");
    await shown;
    expect([page.component !== null, t("nav.cases")]).toEqual([true, "Case files"]);
    await turnTo("fr");
    expect(t("nav.cases")).toBe("Dossiers");
  });

  it("stays as it is where the rest does not come, and asks again", async () => {
    comesFrom(3);
    const { Lazy, preferences, fetchWords, turnTo, t } = await started();
    await fetchWords("es");
    await expect(turnTo("fr")).rejects.toMatchObject({ code: "unreachable" });
    expect(t("nav.cases")).toBe("Expedientes");
    preferences.language = "fr";
    const page = new Lazy(async () => ({ default: () => ({}) }));
    await page.fetch();
    expect([page.component, page.failed]).toEqual([null, true]);
    await page.fetch();
    expect([page.component !== null, page.failed]).toEqual([true, false]);
    expect(t("nav.cases")).toBe("Dossiers");
  });
});
