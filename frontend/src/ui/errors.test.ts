import { describe, expect, it } from "vitest";
import { shown } from "./errors";

describe("somebody who may not be let in yet", () => {
  const refused = (until?: string) =>
    shown({ code: "person-limited", params: until === undefined ? {} : { until }, do: "" });

  it("may be from a moment on, which is said on the reader's own clock", () => {
    const year = new Date("2026-11-27T10:05:00Z").getFullYear();
    expect(refused("2026-11-27T10:05:00Z").do).toContain(String(year));
    expect(refused("2026-11-27T10:05:00Z").do).not.toContain("{");
  });

  it("may be some time, if nobody says when", () => {
    for (const until of [undefined, "soon"]) expect(refused(until).do).toContain("…");
  });
});

describe("another refusal that names a moment", () => {
  it("keeps the server's words", () => {
    const params = { until: "2026-11-27T10:05:00Z", person: "p" };
    const said = { code: "turn-taken", message: "m.", do: "d.", params };
    expect(shown(said)).toEqual({ code: "turn-taken", message: "m.", do: "d." });
  });
});

describe("a part of the program that cannot be fetched when it is first needed", () => {
  it.each([
    ["Chromium", "Failed to fetch dynamically imported module: https://casehub.example/make.js"],
    ["Firefox", "error loading dynamically imported module: https://casehub.example/make.js"],
    ["Safari", "Importing a module script failed."],
  ])("is told as what it is, as %s puts it", (_browser, message) => {
    expect(shown(new TypeError(message)).code).toBe("unreachable");
  });

  it("is no other fault of the program", () => {
    expect(shown(new TypeError("x is not a function")).code).toBe("unexpected");
  });
});
