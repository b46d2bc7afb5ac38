import { describe, expect, it } from "vitest";
import { type Dossier, type NextMove, NOTHING_SAID } from "../client";
import {
  begun,
  channelsOf,
  fieldsOf,
  isNeeded,
  openMeasures,
  rulesIn,
  standsInFor,
  untickedOf,
} from "./asks";

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
    expect(fieldsOf("transmit", false)).toEqual(["channel", "language", "agreed"]);
    expect(isNeeded("transmit", "channel", false)).toBe(true);
    expect(isNeeded("transmit", "agreed", false)).toBe(false);
  });

  it("asks for proof where one State records what the other did, and only there", () => {
    expect(fieldsOf("acknowledge", true)).toEqual(["proof"]);
    expect(isNeeded("acknowledge", "proof", true)).toBe(true);
    expect(fieldsOf("acknowledge", false)).toEqual([]);
    expect(standsInFor(FOUND, next("acknowledge"), "SV")).toBe(true);
    expect(standsInFor(FOUND, next("acknowledge"), "MX")).toBe(false);
    expect(standsInFor(FOUND, next("transmit", "requesting"), "SV")).toBe(false);
  });

  it("says that both consulted before one refuses or postpones", () => {
    for (const act of ["refuse", "postpone"]) {
      expect(fieldsOf(act, false)).toContain("consulted");
      expect(isNeeded(act, "consulted", false)).toBe(true);
    }
    expect(fieldsOf("return", false)).not.toContain("consulted");
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

  it("lacks what no box of a list that it needs was ticked of", () => {
    expect(untickedOf("return", NOTHING_SAID)).toEqual(["codes"]);
    expect(untickedOf("return", { ...NOTHING_SAID, codes: ["D01"] })).toEqual([]);
    expect(untickedOf("answer-part", NOTHING_SAID)).toEqual(["measures"]);
    expect(untickedOf("answer-part", { ...NOTHING_SAID, measures: [0] })).toEqual([]);
  });

  it("lacks nothing where nothing is ticked", () => {
    expect(untickedOf("withdraw", NOTHING_SAID)).toEqual([]);
    expect(untickedOf("execute", NOTHING_SAID)).toEqual([]);
    expect(untickedOf("transmit", NOTHING_SAID)).toEqual([]);
  });

  it("reads ids of rules as they are typed", () => {
    expect(rulesIn(" nexus-1, FORM-2;nexus-1\nform-2 ")).toEqual(["NEXUS-1", "FORM-2"]);
  });

  it("of an act that this page does not know asks nothing", () => {
    expect(fieldsOf("teleport", true)).toEqual([]);
  });
});
