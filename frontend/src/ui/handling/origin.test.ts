import { describe, expect, it } from "vitest";
import type { Verdict } from "../client";
import { shownVerdict } from "./origin";

describe("what a draft began with", () => {
  //  what was found, who drafts, and what is shown
  const TABLE: ReadonlyArray<[string, Verdict, readonly string[], Verdict]> = [
    ["with the leave of whoever drafts", "leave", ["ana", "luis"], "leave"],
    ["with the leave that a colleague had, who does not draft", "leave", ["luis"], "without"],
    ["by its author, who drafts", "own", ["ana"], "own"],
    ["by its author, who does not draft any more", "own", [], "without"],
    ["and needs no leave", "free", ["luis"], "free"],
    ["and is not what was said", "differs", ["luis"], "differs"],
    ["without leave", "without", ["ana"], "without"],
  ];
  it.each(TABLE)("%s", (_name, found, people, verdict) => {
    expect(shownVerdict(found, "ana", people)).toBe(verdict);
  });
});
