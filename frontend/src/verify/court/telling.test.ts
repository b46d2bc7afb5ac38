import { describe, expect, it } from "vitest";
import en from "../../words/en.json";
import es from "../../words/es.json";
import fr from "../../words/fr.json";
import type { Row } from "./record";
import { partsOf } from "./telling";

const CODES = ["lawful", "court", "onward", "conditions"] as const;
const FILE = {
  name: "casa.png",
  size: 4783,
  sha256: "yyp3tsO4mhf5xKQBEOQlyZhy0LaMjHOG7jf9p2SKkp0",
};
const HEX = "cb2a77b6c3b89a17f9c4a40110e425c99872d0b68c8c7386ee37fda7648a929d";

describe("an entry of an export in words", () => {
  it("gives a file's fingerprint as the thread shows it, short and whole", () => {
    const row: Row = { seq: 6, at: 0, index: 1, by: null, what: "text", text: "", files: [FILE] };
    const parts = partsOf(row, (key) => key, String);
    expect(parts).toEqual([
      { label: "bundle.court.file", text: "casa.png" },
      { label: "bundle.court.fingerprint", text: "cb2a 77b6 c3b8 9a17" },
      { label: "bundle.court.fingerprintWhole", text: HEX },
    ]);
  });

  it("calls a handling code what the page calls it, in every language", () => {
    for (const words of [es, en, fr] as Record<string, string>[]) {
      for (const code of CODES) {
        expect(words[`bundle.court.code.${code}`]).toBe(words[`handling.${code}`]);
      }
    }
  });
});
