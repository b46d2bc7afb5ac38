import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/safety-numbers.json";
import { b64u } from "../bytes";
import { DIGITS, type Side, safetyNumber } from "./safetyNumber";

const sideOf = ({ person, keys }: { person: string; keys: string[] }): Side => ({
  person,
  keys: keys.map((key) => b64u.decode(key)),
});

describe("A safety number", () => {
  for (const { name, sides, number } of vectors.cases) {
    it(`is as in the shared vectors: ${name}`, async () => {
      const [one, other] = sides.map(sideOf);
      if (one === undefined || other === undefined) throw new Error("two sides");
      expect(await safetyNumber(one, other)).toBe(number);
      expect(await safetyNumber(other, one)).toBe(number);
      expect(number).toMatch(new RegExp(`^\\d{${DIGITS}}$`));
    });
  }
});
