import { beforeEach, describe, expect, it, vi } from "vitest";

const KEY = "casehub.preferences";
const SEEN = { person: "0192b6f0-0000-7000-8000-000000000001", at: "2026-11-20T03:00:00Z" };
const HERS = { language: "fr", theme: "dark", handling: "court", sendKey: "ctrl-enter" };
const HERE = { notify: "on", quietFrom: "21:00", quietTo: "05:00", visited: SEEN };

let disk: Map<string, string>;

beforeEach(() => {
  disk = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => disk.get(key) ?? null,
    setItem: (key: string, value: string) => void disk.set(key, value),
  });
  vi.resetModules();
});

const started = async (was: object) => {
  disk.set(KEY, JSON.stringify(was));
  const { preferences } = await import("./preferences.svelte");
  return { preferences, ...(await import("./words")) };
};
const onDisk = () => JSON.parse(disk.get(KEY) ?? "{}");

describe("What a recovery kit has of preferences", () => {
  it("is what its person chose, and nothing of this device or of who was at it", async () => {
    const { kept } = await started({ ...HERS, ...HERE });
    const sealed = JSON.parse(kept.read());
    expect(sealed).toMatchObject(HERS);
    for (const own of Object.keys(HERE)) expect(sealed).not.toHaveProperty(own);
  });

  it("holds at once on another device, and after whatever is kept there next", async () => {
    const { kept: one } = await started({ ...HERS, ...HERE });
    const text = one.read();
    vi.resetModules();
    const { kept, preferences } = await started({ theme: "light", visited: SEEN, notify: "off" });
    kept.write(text);
    expect(preferences).toMatchObject({ ...HERS, language: preferences.language });
    expect(preferences.visit(SEEN.person, "2026-11-29T03:00:00Z")).toBe(SEEN.at);
    expect(onDisk()).toMatchObject({ theme: HERS.theme, handling: HERS.handling, notify: "off" });
  });

  it("turns the page to its language once the words are here, and leaves none without words", async () => {
    const { kept, preferences, fetchWords, t } = await started({ language: "es" });
    await fetchWords("es");
    kept.write(JSON.stringify({ language: "fr", theme: "dark" }));
    expect([preferences.theme, t("dialog.cancel")]).toEqual(["dark", "Cancelar"]);
    await vi.waitFor(() => expect(preferences.language).toBe("fr"));
    expect(t("dialog.cancel")).toBe("Annuler");
  });

  it.each(["", "[]", "null", '{"theme":"blue","language":7}'])(
    "changes nothing where it is %j",
    async (text) => {
      const { kept, preferences } = await started(HERS);
      kept.write(text);
      expect(preferences).toMatchObject(HERS);
    },
  );
});
