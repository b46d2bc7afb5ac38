import { describe, expect, it } from "vitest";
import cases from "../../../../tests/vectors/move-said.json";
import { type MoveRow, NOTHING_SAID } from "../../api/dossiers";
import { whyNotSaid } from "./asked";

const MEASURES = ["bank_records", "service", null];
type Case = {
  readonly act: string;
  readonly said: object;
  readonly before?: readonly (readonly [string, readonly number[]])[];
};
const moveOf = ({ act, said }: Case, form = 2): MoveRow =>
  ({ act, form, version: 1, said: { ...NOTHING_SAID, ...said } }) as unknown as MoveRow;
const whyNot = (one: Case, form = 2) => {
  const before = (one.before ?? []).map(([act, measures]) => moveOf({ act, said: { measures } }));
  return whyNotSaid(moveOf(one, form), before, asked(1));
};
const asked = (version: number) => ({ version, disclosed: { measures: MEASURES } });

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
