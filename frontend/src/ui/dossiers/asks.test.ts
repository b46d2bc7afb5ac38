import { describe, expect, it } from "vitest";
import type { Dossier, NextMove } from "../client";
import { begun, channelsOf, fieldsOf, isNeeded, openMeasures, rulesIn, standsInFor } from "./asks";

const FOUND = {
  requesting_state: "SV",
  requested_state: "MX",
  disclosed: { measures: ["bank_records", null, "service"] },
  answered: [1],
} as unknown as Dossier;
const next = (act: string, side: NextMove["side"] = "requested"): NextMove => ({
  act,
  after: "",
  side,
  who: ["central-authority"],
});

describe("a step", () => {
  it("asks for what the server wants of it", () => {
    expect(fieldsOf(next("transmit", "requesting"), false)).toEqual([
      "channel",
      "language",
      "agreed",
    ]);
    expect(isNeeded("transmit", "channel", false)).toBe(true);
    expect(isNeeded("transmit", "agreed", false)).toBe(false);
  });

  it("asks for proof where one State records what the other did, and only there", () => {
    expect(fieldsOf(next("acknowledge"), true)).toEqual(["proof"]);
    expect(isNeeded("acknowledge", "proof", true)).toBe(true);
    expect(fieldsOf(next("acknowledge"), false)).toEqual([]);
    expect(standsInFor(FOUND, next("acknowledge"), "SV")).toBe(true);
    expect(standsInFor(FOUND, next("acknowledge"), "MX")).toBe(false);
    expect(standsInFor(FOUND, next("transmit", "requesting"), "SV")).toBe(false);
  });

  it("is confirmed in writing alone", () => {
    expect(channelsOf("transmit")).toContain("oral");
    expect(channelsOf("confirm")).toEqual(["paper", "diplomatic", "electronic"]);
  });

  it("answers all open measures when it executes", () => {
    expect(openMeasures(FOUND)).toEqual([0, 2]);
    expect(begun(FOUND, "execute").measures).toEqual([0, 2]);
    expect(begun(FOUND, "answer-part").measures).toEqual([]);
  });

  it("has the only code there is chosen already", () => {
    expect(begun(FOUND, "postpone").codes).toEqual(["P01"]);
    expect(begun(FOUND, "withdraw").codes).toEqual([]);
  });

  it("reads ids of rules as they are typed", () => {
    expect(rulesIn(" nexus-1, FORM-2;nexus-1\nform-2 ")).toEqual(["NEXUS-1", "FORM-2"]);
  });

  it("of an act that this page does not know asks nothing", () => {
    expect(fieldsOf(next("teleport"), true)).toEqual([]);
  });
});
