import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equal, sha256 } from "../bytes";
import { DRAFT_BUCKETS, DraftTooLong, openDraft, sealDraft } from "./draftSeal";

const place = {
  request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01",
  client_id: "5a1c4a90-2a61-4bb5-8b5f-1d2a0d2f9c02",
};
const plain = fc.uint8Array({ maxLength: 20_000 });

describe("a sealed draft", () => {
  it("opens to what was sealed, has one of eight sizes, and is named by its hash", async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (bytes) => {
        const { body, key, digest } = await sealDraft(place, bytes);
        expect(DRAFT_BUCKETS).toContain(body.length);
        expect(equal(digest, await sha256(body))).toBe(true);
        expect(equal(await openDraft(place, body, key), bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("takes another key every time, so that equal drafts do not look equal", async () => {
    const one = await sealDraft(place, new Uint8Array(10));
    const two = await sealDraft(place, new Uint8Array(10));
    expect(equal(one.key, two.key)).toBe(false);
    expect(equal(one.body, two.body)).toBe(false);
  });

  it.each([
    ["another request", { ...place, request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f02" }],
    ["another version", { ...place, client_id: "5a1c4a90-2a61-4bb5-8b5f-1d2a0d2f9c03" }],
  ])("does not open in the place of %s", async (_, other) => {
    const { body, key } = await sealDraft(place, new Uint8Array(10));
    await expect(openDraft(other, body, key)).rejects.toThrow("place");
  });

  it("does not open with any byte changed, another key, or cut short", async () => {
    const { body, key } = await sealDraft(place, new Uint8Array(100));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(body.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = body.slice();
          changed[at] = (changed[at] ?? 0) ^ by;
          await expect(openDraft(place, changed, key)).rejects.toThrow();
        },
      ),
      { numRuns: 30 },
    );
    await expect(openDraft(place, body, new Uint8Array(32))).rejects.toThrow();
    await expect(openDraft(place, body.subarray(1), key)).rejects.toThrow("size");
  });

  it("refuses what no bucket holds", async () => {
    await expect(sealDraft(place, new Uint8Array(524_288))).rejects.toThrow(DraftTooLong);
  });
});
