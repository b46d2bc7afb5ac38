import { describe, expect, it } from "vitest";
import { drawn, isMixed, twinOf } from "./lookalikes";

const ana = { id: "1", name: "Ana Pérez" };

describe("a name that looks like another", () => {
  const SAME = ["Аna Pérez", "ANA PEREZ", "Ana\u200b Pérez", "Ana  Pérez", "Ana Pére\u0301z"];
  it.each(SAME)("is found: %j", (name) => {
    expect(twinOf({ id: "2", name }, [ana])).toBe(ana);
  });

  it("is no twin of itself, nor of a different one", () => {
    expect(twinOf(ana, [ana])).toBeNull();
    expect(twinOf({ id: "2", name: "Ana Peralta" }, [ana])).toBeNull();
  });

  it("tells words of several scripts from names of one", () => {
    expect([
      isMixed("Аna Pérez"),
      isMixed("Ana Pérez"),
      isMixed("Анна"),
      isMixed("Ana Анна"),
    ]).toEqual([true, false, false, false]);
  });

  it("is read as the eye does", () => {
    expect(drawn("Ѕofía O’Neill")).toBe("sofia o neill");
  });
});
