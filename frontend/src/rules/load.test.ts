import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readVector } from "../../tests/rules/little";
import { loadBook, readBook } from "./load";

describe("the rulebook", () => {
  it("has the hash of its very bytes as its version", async () => {
    const text = readVector("little.json");
    const book = await readBook(text);
    expect(book.version).toBe(createHash("sha256").update(text).digest("hex"));
    expect(book.rules).toHaveLength(5);
  });

  it("of this build is read once", async () => {
    const book = await loadBook();
    expect(book.states.size).toBe(11);
    expect(await loadBook()).toBe(book);
  });
});
