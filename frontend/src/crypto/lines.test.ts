import * as v from "valibot";
import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/lines.json";
import { isLine } from "./lines";
import { Instant } from "./statements";

// the server's tests read the same vectors
describe("a line that people sign", () => {
  it.each(vectors.good)("may be $what", ({ text }) => {
    expect(isLine(text)).toBe(true);
  });

  it.each(vectors.bad)("may not be or hold $what", ({ text }) => {
    expect(isLine(text)).toBe(false);
  });
});

describe("an instant", () => {
  it.each(vectors.instants)("$text is one: $good", ({ text, good }) => {
    expect(v.is(Instant, text)).toBe(good);
  });
});
