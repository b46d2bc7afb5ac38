import { describe, expect, it } from "vitest";
import { matching, mentionedIn, picked, pickingAt } from "./mentions";

const ANA = { id: "1", name: "Ana Pérez" };
const MARIA = { id: "2", name: "Ana Pérez María" };
const BORIS = { id: "3", name: "Boris Ávila" };
const ALL = [ANA, MARIA, BORIS];

describe("picking a reader", () => {
  it("begins at an @ that begins a word, and ends with the name", () => {
    expect(pickingAt("Sr. @bor", 8)).toEqual({ from: 4, typed: "bor" });
    expect(pickingAt("@", 1)).toEqual({ from: 0, typed: "" });
    expect(pickingAt("a@b.example", 11)).toBeNull();
    expect(pickingAt("hola", 4)).toBeNull();
  });

  it("finds by any word of a name, without accents", () => {
    expect(matching(ALL, "avi")).toEqual([BORIS]);
    expect(matching(ALL, "PEREZ")).toEqual([ANA, MARIA]);
    expect(matching(ALL, "")).toEqual(ALL);
  });

  it("puts the name where it was typed", () => {
    expect(picked("Sr. @bor, hola", 8, 4, BORIS.name)).toEqual({
      text: "Sr. @Boris Ávila , hola",
      cursor: 17,
    });
  });
});

describe("whom a text names", () => {
  it("is who stands in it, each once, the longer name where one begins another", () => {
    expect(mentionedIn("@Ana Pérez y @Boris Ávila, @Boris Ávila", ALL)).toEqual(["1", "3"]);
    expect(mentionedIn("@Ana Pérez María", ALL)).toEqual(["2"]);
    expect(mentionedIn("Ana Pérez", ALL)).toEqual([]);
  });
});
