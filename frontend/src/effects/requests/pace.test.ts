import { describe, expect, it } from "vitest";
import { DRAFT_BUCKETS } from "../../crypto/draftSeal";
import { DAY_BYTES, restAfter } from "./pace";

const HOURS_8 = 8 * 3_600_000;

describe("eight hours of writing without a pause", () => {
  it.each([...DRAFT_BUCKETS])("stay within a day's budget in versions of %i bytes", (bytes) => {
    const versions = Math.floor(HOURS_8 / restAfter(bytes));
    expect(versions * bytes).toBeLessThanOrEqual(DAY_BYTES);
    // And nobody waits longer than that asks for.
    expect((versions + 1) * bytes).toBeGreaterThan(DAY_BYTES * 0.99);
  });

  it("save an ordinary draft every few seconds, the largest every few minutes", () => {
    expect(restAfter(4_096)).toBeLessThan(2_000);
    expect(restAfter(32_768)).toBeLessThan(15_000);
    expect(restAfter(524_288)).toBeLessThan(240_000);
  });
});
