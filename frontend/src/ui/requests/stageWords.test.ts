import { describe, expect, it } from "vitest";
import { STAGES, stageOf } from "../../effects/requests/stages";
import { t } from "../words";
import { stageWords } from "./stageWords";

const said = (name: string): string => t(stageWords(stageOf(name)).key, { version: 3 });

describe("a stage", () => {
  it("has words of its own, unlike every other's", () => {
    expect(new Set(STAGES.map(said)).size).toBe(STAGES.length);
  });

  it("looks ready only if it is", () => {
    const ok = [...STAGES, "unheard"].filter((name) => stageWords(stageOf(name)).tone === "ok");
    expect(ok).toEqual(["ready"]);
  });

  it.each(["", "READY", "ready ", "unheard", "toString"])("called %j is unknown", (name) => {
    expect(stageOf(name)).toBe("unknown");
    expect(said(name)).toBe("Etapa desconocida");
  });
});
