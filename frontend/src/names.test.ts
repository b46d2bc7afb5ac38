import { describe, expect, it } from "vitest";
import cases from "../../tests/vectors/names.json";
import { isSameName } from "./names";

describe("two names", () => {
  it.each(cases.map((one) => [one.one, one.other, one.same] as const))(
    "%s and %s are one as the server has it: %s",
    (one, other, same) => {
      expect([isSameName(one, other), isSameName(other, one)]).toEqual([same, same]);
    },
  );
});
