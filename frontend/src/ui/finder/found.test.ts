import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notesOf } from "../../../tests/ui/notes";
import { threadView } from "../../../tests/ui/threads";
import type { CaseView, Hit } from "../client";
import { counted, excerpt, grouped, inNotes, startOf } from "./found";

const shown = (text: string, sought: string[]): string =>
  excerpt(text, sought)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

describe("an excerpt", () => {
  it("is the whole of a short message, on one line", () => {
    expect(shown("Uno\n dos  TRES", ["tres"])).toBe("Uno dos [TRES]");
  });

  it("of a long one begins some words before the first hit, and says what is left out", () => {
    const long = `${"antes ".repeat(100)}tráfico ${"después ".repeat(100)}`;
    const text = shown(long, ["trafic"]);
    expect(text).toMatch(/^…antes/);
    expect(text).toContain("[tráfico] después");
    expect(text).toMatch(/después…$/);
    expect(text.length).toBeLessThan(320);
  });

  it("cuts no character in two, whatever is in the message", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 900 }), fc.string(), (text, sought) => {
        const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
        for (const piece of excerpt(text, [sought])) expect(piece.text).not.toMatch(halves);
      }),
    );
  });
});

describe("hits", () => {
  it("stand by case and thread, each where its newest one would", () => {
    const threads = ["t1", "t2", "t3"].map((circle) => threadView({ circle }));
    const [t1, t2, t3] = threads;
    const cases = [
      { id: "a", threads: [t1, t2] },
      { id: "b", threads: [t3] },
    ] as unknown as CaseView[];
    const hits = ["t3", "t2", "t3", "t1", "elsewhere"].map(
      (circle, at) => ({ circle, seq: 9 - at }) as Hit,
    );
    const found = grouped(hits, cases).map(({ item, threads: all }) => [
      item.id,
      all.map(({ thread, hits: some }) => [thread.circle, some.map(({ seq }) => seq)]),
    ]);
    expect(found).toEqual([
      ["b", [["t3", [9, 7]]]],
      [
        "a",
        [
          ["t2", [8]],
          ["t1", [6]],
        ],
      ],
    ]);
  });
});

describe("hits in first-line information", () => {
  it("stand note by note, without notes that have none", () => {
    const notes = notesOf("c", "A");
    const circle = notes[1]?.thread.circle ?? "";
    const hits = [
      { circle, seq: 3 },
      { circle: "of-a-case", seq: 1 },
    ] as unknown as Hit[];
    const found = inNotes(hits, notes);
    expect(found.map(({ thread, hits: some }) => [thread.circle, some.length])).toEqual([
      [circle, 1],
    ]);
  });
});

describe("a number of messages", () => {
  it.each([
    ["es", "4\u202f218"],
    ["en", "4,218"],
    ["fr", "4\u202f218"],
  ] as const)("is written as in %s", (language, written) => {
    expect(counted(4218, language)).toBe(written);
  });
});

describe("a day", () => {
  it("begins at its midnight where the reader is, and ends with the next", () => {
    const begins = startOf("2026-03-03") ?? 0;
    expect(new Date(begins).getHours()).toBe(0);
    expect(startOf("2026-03-03", 1)).toBe(startOf("2026-03-04"));
    expect(startOf("")).toBeUndefined();
  });
});
