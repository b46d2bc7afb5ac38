import { describe, expect, it } from "vitest";
import { merged } from "./draft";

describe("merged", () => {
  const TABLE: ReadonlyArray<[string, string, string, string, string]> = [
    ["nothing happened", "a", "a", "a", "a"],
    ["another tab typed", "a", "a", "ab", "ab"],
    ["another tab sent it", "a", "a", "", ""],
    ["this tab typed", "a", "ab", "a", "ab"],
    ["this tab's own keys come back late", "", "abc", "ab", "abc"],
    ["both typed", "a", "ax", "ay", "ax"],
    ["another tab sent while this one typed on", "a", "ax", "", "ax"],
  ];
  it.each(TABLE)("when %s", (_name, base, local, incoming, shown) => {
    expect(merged({ base, local, incoming })).toBe(shown);
  });
});
