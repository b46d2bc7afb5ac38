import { describe, expect, it } from "vitest";
import expiries from "../../../../tests/vectors/move-expiry.json";
import cases from "../../../../tests/vectors/move-said.json";
import { type MoveRow, NOTHING_SAID } from "../../api/dossiers";
import { FORM, SECOND_FORM } from "../../crypto/move";
import { whyNotSaid } from "./asked";

const MEASURES = ["bank_records", "service", null];
type Case = {
  readonly act: string;
  readonly said: object;
  readonly types?: readonly string[];
  readonly before?: readonly (readonly [string, readonly number[]])[];
};
const moveOf = ({ act, said }: Case, form = FORM): MoveRow =>
  ({
    ...{ act, form, version: 1, on: "2026-11-24", issued: "2026-11-24T15:00:00Z" },
    said: { ...NOTHING_SAID, ...said },
  }) as unknown as MoveRow;
const whyNot = (one: Case, form = FORM) => {
  const before = (one.before ?? []).map(([act, measures]) => moveOf({ act, said: { measures } }));
  return whyNotSaid(moveOf(one, form), before, asked(1, one.types));
};
const asked = (version: number, measures: readonly (string | null)[] = MEASURES) => ({
  version,
  disclosed: { measures: [...measures], deadline: "2026-11-23" },
});

describe("what a step says", () => {
  it.each(
    (cases as unknown as (Case & { name: string; fits: boolean })[]).map(
      (one) => [one.name, one] as const,
    ),
  )("is judged as the server takes it: %s", (_, one) => {
    expect(whyNot(one) === null).toBe(one.fits);
  });

  it("tells a field from what is answered", () => {
    expect(whyNot({ act: "begin", said: { evidence: ["ab"] } })).toBe("move-incomplete");
    expect(whyNot({ act: "execute", said: { measures: [1] } })).toBe("measures-differ");
  });

  it("may be less in what was signed before acts needed it, and is no more", () => {
    const postponed = { act: "postpone", said: { codes: ["P01"], due: "2027-01-15" } };
    expect([whyNot(postponed), whyNot(postponed, 1)]).toEqual(["move-incomplete", null]);
    expect(whyNot({ act: "begin", said: { evidence: ["ab"] } }, 1)).toBe("move-incomplete");
  });

  it("lacks nothing that its form could not say, and says nothing that its form does not hold", () => {
    const refused = { act: "refuse", said: { codes: ["R05"], consulted: true } };
    expect([FORM, SECOND_FORM].map((form) => whyNot(refused, form))).toEqual([
      "move-incomplete",
      null,
    ]);
    const more = { ...refused, said: { ...refused.said, terms: "not-accepted" } };
    expect([FORM, SECOND_FORM, 1].map((form) => whyNot(more, form))).toEqual([
      null,
      "move-incomplete",
      "move-incomplete",
    ]);
    const postponed = { act: "postpone", said: { codes: ["P01"], due: "2027-01-15" } };
    expect(whyNot(postponed, SECOND_FORM)).toBe("move-incomplete");
  });

  it.each(expiries.map((one) => [one.name, one] as const))(
    "expires as the server takes it: %s",
    (_, { lapsed, rests_on, deadline, on, fits }) => {
      const step = { ...moveOf({ act: "expire", said: { lapsed, rests_on } }), on };
      const why = whyNotSaid(step, [], { version: 1, disclosed: { measures: MEASURES, deadline } });
      expect(why).toBe(fits ? null : "deadline-ahead");
    },
  );

  it("expires by the deadline of a version that is not shown, if that day was over", () => {
    const rests = (rests_on: string) =>
      whyNotSaid(moveOf({ act: "expire", said: { lapsed: "deadline", rests_on } }), [], asked(2));
    expect([rests("2026-11-22"), rests("2026-11-24")]).toEqual([null, "deadline-ahead"]);
  });

  it("expired by its deadline alone, which was over, before one said why", () => {
    const of = (deadline: string | null, issued: string, version = 1) =>
      whyNotSaid({ ...moveOf({ act: "expire", said: {} }, SECOND_FORM), issued }, [], {
        version,
        disclosed: { measures: MEASURES, deadline },
      });
    expect(of("2026-11-23", "2026-11-24T15:00:00Z")).toBeNull();
    expect(of("2026-11-23", "2026-11-23T15:00:00Z")).toBe("deadline-ahead");
    expect(of("", "2026-11-24T15:00:00Z")).toBe("deadline-ahead");
    expect(of(null, "2026-11-24T15:00:00Z")).toBe("deadline-ahead");
    expect(of("2026-12-15", "2026-11-24T15:00:00Z", 2)).toBeNull(); // of a version that is not shown
  });

  it("refuses no part in a form that knew of none", () => {
    const said = { codes: ["R05"], consulted: true, measures: [0] };
    expect([1, SECOND_FORM].map((form) => whyNot({ act: "refuse-part", said }, form))).toEqual([
      "move-incomplete",
      "move-incomplete",
    ]);
    expect(whyNot({ act: "refuse-part", said: { ...said, terms: "no-answer" } })).toBeNull();
  });

  it("says in which band assets are where it was about them and something came, each kind once", () => {
    const sent = moveOf({ act: "transmit", said: {} });
    const close = (assets: string[], measures: string[], version = 1, code = "useful") =>
      whyNotSaid(
        moveOf({ act: "close", said: { codes: [code], keep_until: "2031-01-01", assets } }),
        measures.length > 0 ? [sent] : [],
        { version, disclosed: { measures, deadline: null } },
      );
    const about = ["service", "freeze_assets"];
    expect(close(["frozen-2", "returned-1"], about)).toBeNull();
    for (const one of [["frozen-2", "frozen-3"], ["frozen-5"], ["sold-1"], ["frozen-1-1"], [""]]) {
      expect(close(one, about)).toBe("move-incomplete");
    }
    expect(close(["frozen-2"], ["service"])).toBe("move-without-assets");
    // Of a version that is not shown its measures are not known; whether it was sent, and something came, is.
    expect(close(["frozen-2"], ["service"], 2)).toBeNull();
    expect(close(["frozen-2"], ["service"], 2, "nothing-received")).toBe("move-without-assets");
    expect(close(["frozen-2"], [], 2)).toBe("move-without-assets");
  });

  it("may have refused a part of a version that was sent back and written anew", () => {
    const said = { codes: ["R05"], consulted: true, terms: "not-accepted", measures: [7] };
    const part = moveOf({ act: "refuse-part", said });
    expect([1, 2].map((shown) => whyNotSaid(part, [], asked(shown)))).toEqual([
      "measures-differ",
      null,
    ]);
    expect(whyNotSaid(part, [part], asked(2))).toBe("measures-differ");
  });

  it("answers no measures of another version than that which is shown", () => {
    const all = moveOf({ act: "execute", said: { measures: [0, 1, 2] } });
    expect([1, 2].map((shown) => whyNotSaid(all, [], asked(shown)))).toEqual([
      null,
      "measures-differ",
    ]);
    expect(whyNotSaid(moveOf({ act: "begin", said: {} }), [], asked(2))).toBeNull();
  });

  it("is nothing by an act that nobody signs", () => {
    expect(whyNot({ act: "toString", said: {} })).toBe("move-incomplete");
  });
});
