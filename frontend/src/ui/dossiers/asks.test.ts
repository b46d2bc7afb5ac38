import { describe, expect, it } from "vitest";
import { type Dossier, type NextMove, NOTHING_SAID } from "../client";
import {
  begun,
  channelsOf,
  choicesNow,
  choicesOf,
  fieldsOf,
  isExpired,
  isNeeded,
  keptAtMost,
  measureStands,
  openMeasures,
  restsAtMost,
  rulesIn,
  saidAtLeast,
  standsInFor,
  untickedOf,
} from "./asks";

const FOUND = {
  requesting_state: "SV",
  requested_state: "MX",
  disclosed: { measures: ["bank_records", null, "service"] },
  answered: [1],
  refused: [],
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
    for (const act of ["refuse", "refuse-part", "postpone"]) {
      expect(fieldsOf(act, false)).toContain("consulted");
      expect(isNeeded(act, "consulted", false)).toBe(true);
    }
    expect(fieldsOf("return", false)).not.toContain("consulted");
  });

  it("asks of a refusal which conditions were discussed, and of one in part whether they were accepted", () => {
    const [whole, part] = ["refuse", "refuse-part"].map((act) => choicesOf(act, "terms"));
    expect(part?.filter((one) => !whole?.includes(one))).toEqual(["rest-accepted"]);
    expect(["refuse", "refuse-part"].map((act) => isNeeded(act, "terms", false))).toEqual([
      true,
      true,
    ]);
    expect([fieldsOf("postpone", false), choicesOf("postpone", "terms")]).toEqual([
      expect.not.arrayContaining(["terms"]),
      [],
    ]);
  });

  it("asks which conditions were accepted for the rest, where they were, and for one of them", () => {
    const part = (terms: string, conditions: string[] = []) => ({
      ...{ ...NOTHING_SAID, terms, conditions },
      ...{ codes: ["R02"], measures: [1] },
    });
    const asked = ["no-answer", "rest-accepted"].map((terms) => [
      fieldsOf("refuse-part", false, part(terms)).includes("conditions"),
      isNeeded("refuse-part", "conditions", false, part(terms)),
      untickedOf("refuse-part", part(terms)),
    ]);
    expect(asked).toEqual([
      [false, false, []],
      [true, true, ["conditions"]],
    ]);
    expect(untickedOf("refuse-part", part("rest-accepted", ["confidential"]))).toEqual([]);
    expect(fieldsOf("refuse-part", false)).not.toContain("conditions");
  });

  it("rests an expiry on a day that was in time on itself before the day on which it is said", () => {
    const most = ["deadline", "limitation", "proceeding-ended"].map((why) =>
      restsAtMost(why, "2026-12-01"),
    );
    expect(most).toEqual(["2026-11-30", "2026-11-30", "2026-12-01"]);
    expect(restsAtMost("limitation", "")).toBe("");
    expect(saidAtLeast("deadline", "2026-11-30")).toBe("2026-12-01");
    expect([saidAtLeast("deadline", ""), saidAtLeast("limitation", "2026-11-30")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is confirmed in writing alone", () => {
    expect(channelsOf("transmit")).toContain("oral");
    expect(channelsOf("confirm")).toEqual(["paper", "diplomatic", "electronic"]);
  });

  it("has a file kept for as long as the longest class, at most", () => {
    expect(keptAtMost("2026-11-24")).toBe("2046-11-24");
    expect(keptAtMost("")).toBe("");
  });

  it("answers all open measures when it executes", () => {
    expect(openMeasures(FOUND)).toEqual([0, 2]);
    expect(begun(FOUND, "execute").measures).toEqual([0, 2]);
    const part = { ...FOUND, refused: [2] };
    expect(openMeasures(part)).toEqual([0]);
    expect([0, 1, 2].map((place) => measureStands(part, place))).toEqual([
      "dossier.pending",
      "dossier.done",
      "dossier.refused",
    ]);
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

  it("begins a closing with what there was to receive", () => {
    expect(begun({ ...FOUND, answered: [] }, "close").codes).toEqual(["nothing-received"]);
    expect(begun(FOUND, "close").codes).toEqual([]);
  });

  it("expires by its deadline once that is over in both States, and without one never", () => {
    const found = (deadline: string | null) =>
      ({
        ...FOUND,
        requested_state: "US",
        disclosed: { ...FOUND.disclosed, deadline },
      }) as Dossier;
    const offered = (one: Dossier, now: string) => choicesNow(one, "expire", "lapsed", now);
    // In Washington the 16th has begun an hour before it does in San Salvador.
    const [before, after] = ["2026-12-16T05:30:00Z", "2026-12-16T06:00:00Z"];
    const [some, none] = [found("2026-12-15"), found(null)];
    expect([isExpired(some, before), isExpired(some, after)]).toEqual([false, true]);
    const anyDay = ["limitation", "proceeding-ended"];
    expect(offered(some, before)).toEqual(anyDay);
    expect(offered(some, after)).toEqual(["deadline", ...anyDay]);
    expect(offered(none, after)).toEqual(anyDay);
  });

  it("reads ids of rules as they are typed", () => {
    expect(rulesIn(" nexus-1, FORM-2;nexus-1\nform-2 ")).toEqual(["NEXUS-1", "FORM-2"]);
  });

  it("of an act that this page does not know asks nothing", () => {
    expect(fieldsOf("teleport", true)).toEqual([]);
  });
});
