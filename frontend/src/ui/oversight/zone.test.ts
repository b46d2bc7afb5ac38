import { describe, expect, it } from "vitest";
import { capitalZone } from "../../api/zones";
import { clocks } from "./zone";

describe("the console's clock", () => {
  it("is that of the State's capital, as the server counts its days", () => {
    expect(capitalZone("MX")).toBe("America/Mexico_City");
    expect(capitalZone("SV")).toBe("America/El_Salvador");
  });

  it("is UTC for the region, which has no capital", () => {
    expect(capitalZone("")).toBe("UTC");
    expect(capitalZone(undefined)).toBe("UTC");
    expect(capitalZone("constructor")).toBe("UTC");
  });

  it("is said beside the reader's own where the two differ", () => {
    const at = "2026-11-28T06:00:00Z";
    const apart = clocks(at, "en", "America/Mexico_City", "America/Tijuana");
    expect(apart.theirs).toContain("GMT-6");
    expect(apart.own).toContain("GMT-8");
    expect(clocks(at, "es", "America/Mexico_City", "America/El_Salvador").own).toBeNull();
  });

  it("is compared as it is on the day, with summer time or without", () => {
    const [toronto, chicago] = ["America/Toronto", "America/El_Salvador"];
    expect(clocks("2026-07-01T12:00:00Z", "en", chicago, toronto).own).toContain("GMT-4");
    expect(clocks("2026-12-01T12:00:00Z", "en", chicago, toronto).own).toContain("GMT-5");
  });
});
