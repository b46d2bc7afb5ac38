import { describe, expect, it } from "vitest";
import { around, MOST, NEWEST, newer, older, PAGE, placesOf, STEP, type Stretch } from "./stretch";

const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `m${from + at}`);
const LONG = names(10_000);

describe("a stretch of a long thread", () => {
  it("is at first the newest lines, and stays so when others come", () => {
    expect(placesOf(NEWEST, LONG)).toEqual({ from: 10_000 - PAGE, to: 10_000 });
    expect(placesOf(NEWEST, names(10_001))).toEqual({ from: 10_001 - PAGE, to: 10_001 });
    expect(placesOf(NEWEST, names(3))).toEqual({ from: 0, to: 3 });
  });

  it("around a line holds it in its middle", () => {
    expect(placesOf(around(5000, LONG), LONG)).toEqual({ from: 5000 - STEP, to: 5000 + STEP });
    expect(placesOf(around(0, LONG), LONG)).toEqual({ from: 0, to: STEP });
  });

  it("around one of the newest goes on with what comes", () => {
    const near = around(9950, LONG);
    expect(placesOf(near, names(10_002))).toEqual({ from: 9850, to: 10_002 });
  });

  it("stays where it is when earlier lines are fetched and later ones come", () => {
    const there = around(100, names(500, 500));
    expect(placesOf(there, names(1001))).toEqual({ from: 500, to: 500 + 2 * STEP });
  });

  it("grows upwards by a step, and lets the far end go once it is long", () => {
    let now: Stretch = older(NEWEST, LONG, false);
    expect(placesOf(now, LONG)).toEqual({ from: 9700, to: 10_000 });
    now = older(older(now, LONG, false), LONG, false);
    expect(placesOf(now, LONG)).toEqual({ from: 9500, to: 9500 + MOST });
  });

  it("comes back down to the newest, and goes on with what comes", () => {
    let now = around(5000, LONG);
    for (let steps = 0; steps < 49; steps += 1) now = newer(now, LONG, false);
    expect(placesOf(now, LONG)).toEqual({ from: 10_000 - MOST, to: 10_000 });
    expect(placesOf(now, names(10_001)).to).toBe(10_001);
  });

  it("lets nothing go while something in it is held", () => {
    let now: Stretch = NEWEST;
    for (let steps = 0; steps < 5; steps += 1) now = older(now, LONG, true);
    expect(placesOf(now, LONG)).toEqual({ from: 9300, to: 10_000 });
    expect(placesOf(newer(around(0, LONG), LONG, true), LONG).from).toBe(0);
  });

  it("does not fail when the line that it began with is gone", () => {
    expect(placesOf({ first: "gone", last: null }, LONG)).toEqual(placesOf(NEWEST, LONG));
    expect(placesOf({ first: "m5", last: "gone" }, LONG)).toEqual({ from: 5, to: 10_000 });
    expect(placesOf({ first: "m9", last: "m3" }, LONG)).toEqual({ from: 0, to: 4 });
  });
});
