import { describe, expect, it } from "vitest";
import days from "../../../../tests/vectors/move-days.json";
import { whyNotOn } from "./days";

type Row = {
  name: string;
  requested: string;
  before: Day[];
  move: Day & { issued: string };
  why: string | null;
};
type Day = { on: string; state: string; side: "requesting" | "requested" };
const ROWS = days as Row[];
const [FIRST] = ROWS as [Row];

describe("the day of a step", () => {
  it.each(ROWS)("is one that can be, or not: $name", ({ move, before, requested, why }) => {
    expect(whyNotOn(move, before, { requested_state: requested })).toBe(why);
  });

  it.each([
    ["on", "tomorrow"],
    ["on", "2026-13-45"],
    ["on", "+99999-01-01"],
    ["on", "2026-02-31"],
    ["issued", "at noon"],
    ["issued", "+275760-09-13T00:00:00Z"],
    ["issued", "2026-02-31T00:00:00Z "],
  ])("is none where %s is %s", (field, value) => {
    const move = { ...FIRST.move, [field]: value };
    expect(whyNotOn(move, [], { requested_state: "PA" })).toBe("move-back-dated");
    const after = whyNotOn(FIRST.move, [move], { requested_state: "PA" });
    expect(after).toBe(field === "on" ? "move-back-dated" : null);
  });

  it("is judged for a State that nobody knows by the clocks of UTC", () => {
    const [before, move] = [
      { ...FIRST.move, on: "2026-11-25", state: "constructor" },
      { ...FIRST.move, on: "2026-11-24", state: "toString" },
    ];
    expect(whyNotOn(move, [before], { requested_state: "PA" })).toBe("move-back-dated");
  });
});
