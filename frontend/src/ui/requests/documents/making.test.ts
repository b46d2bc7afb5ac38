import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LetterheadView } from "../../client";
import { printable, RECIPIENTS } from "./making";

const head = (office: string, why: LetterheadView["why"]): LetterheadView => ({
  id: office,
  office,
  number: 1,
  person: "p",
  device: "d",
  at: "2026-11-28T00:00:00Z",
  body: new Uint8Array(),
  digest: "",
  after: 1,
  why,
});

describe("making documents", () => {
  it("is for as many offices as the server notes", () => {
    const limits = readFileSync(
      join(import.meta.dirname, "../../../../../casehub/papers/limits.py"),
      "utf8",
    );
    expect(limits).toContain(`\nRECIPIENTS = ${RECIPIENTS}  #`);
  });

  it("offers letterheads that count, the own office's first", () => {
    const all = [
      head("a", null),
      head("b", "letterhead-old"),
      head("c", "letterhead-malformed"),
      head("d", "letterhead-signer"),
      head("e", "letterhead-signature"),
      head("f", null),
    ];
    expect(printable(all, "f").map(({ office }) => office)).toEqual(["f", "a"]);
  });
});
