import { describe, expect, test } from "vitest";
import { misheard } from "./hearing";

const WORDS = ["ábaco", "pez", "mañana", "tórax", "líder", "uva"];

describe("six words that were heard", () => {
  test("are the key's without accents, in any case", () => {
    expect(misheard(["abaco", "PEZ", " manana ", "torax", "lider", "uva"], WORDS)).toEqual([]);
  });

  test("are known by four letters, a shorter word by all of its own", () => {
    expect(misheard(["abac", "pez", "mana", "tora", "lide", "uva"], WORDS)).toEqual([]);
  });

  test("are not known by three letters", () => {
    expect(misheard(["aba", "pe", "man", "tor", "lid", "uv"], WORDS)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("are told apart one by one, also when none was typed", () => {
    expect(misheard(["abaco", "pez", "mapa", "torax", "lider", "uva"], WORDS)).toEqual([2]);
    expect(misheard([], WORDS)).toHaveLength(6);
  });

  test("count at their own place only", () => {
    expect(misheard(["pez", "abaco", "manana", "torax", "lider", "uva"], WORDS)).toEqual([0, 1]);
  });
});
