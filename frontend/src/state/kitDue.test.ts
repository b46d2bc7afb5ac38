import { describe, expect, it } from "vitest";
import { kitDue, putOffFrom } from "./kitDue";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const NOTHING = { kept: true, provenOn: null, provenHere: null, later: null, now: NOW };

describe("a recovery kit", () => {
  it("is to be proven again thirty days after the last proof", () => {
    expect(kitDue({ ...NOTHING, provenOn: "2026-10-30" }).due).toBe(false);
    const asked = kitDue({ ...NOTHING, provenOn: "2026-10-29" });
    expect(asked).toEqual({ due: true, since: "2026-10-29T00:00:00.000Z", days: 30 });
  });

  it("counts from wherever it was proven last, here or in another browser", () => {
    const here = { provenHere: "2026-11-20T10:00:00Z" };
    expect(kitDue({ ...NOTHING, ...here, provenOn: "2026-09-01" }).due).toBe(false);
    const old = { provenHere: "2026-09-01T10:00:00Z" };
    expect(kitDue({ ...NOTHING, ...old, provenOn: "2026-11-20" }).due).toBe(false);
  });

  it("of which no proof is known is to be proven", () => {
    expect(kitDue(NOTHING)).toEqual({ due: true, since: null, days: 0 });
  });

  it("that seals nothing is nobody's to prove", () => {
    expect(kitDue({ ...NOTHING, kept: false }).due).toBe(false);
  });

  it("is asked for again a week after it was put off, and no later by a clock set back", () => {
    const later = putOffFrom(NOW);
    expect(kitDue({ ...NOTHING, later }).due).toBe(false);
    expect(kitDue({ ...NOTHING, later, now: Date.parse(later) }).due).toBe(true);
    expect(kitDue({ ...NOTHING, later, now: NOW - 24 * 3_600_000 }).due).toBe(true);
  });
});
