import { describe, expect, it } from "vitest";
import { merged } from "./draft";

const written = (text: string, along = "") => ({ text, along });

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
    const tabs = {
      base: written(base),
      local: written(local),
      incoming: written(incoming),
      holds: false,
    };
    expect(merged(tabs)).toEqual(written(shown));
  });

  const TERMS: ReadonlyArray<[string, string, string, string, string]> = [
    ["another tab chose", "a ", "a ", "a court", "a court"],
    ["another tab typed under a code", " ", " ", "a court", "a court"],
    ["this tab chose", "a ", "a court", "a ", "a court"],
    ["this tab chose and another typed", "a ", "a court", "ab ", "a court"],
    ["this tab typed and another chose", "a ", "ab ", "a court", "ab "],
    ["another tab sent it", "a court", "a court", " ", " "],
  ];
  it.each(TERMS)("when %s", (_name, ...said) => {
    const [base, local, incoming, shown] = said.map((one) => {
      const [text = "", along = ""] = one.split(" ");
      return written(text, along);
    }) as [Written, Written, Written, Written];
    expect(merged({ base, local, incoming, holds: false })).toEqual(shown);
  });

  it("keeps what is on its way to the disk, though it is as it was before", () => {
    const [base, local, incoming] = [written("a", "court"), written("a", "court"), written("a")];
    expect(merged({ base, local, incoming, holds: true })).toEqual(local);
  });
});

type Written = ReturnType<typeof written>;
