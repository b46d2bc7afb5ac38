import { describe, expect, it } from "vitest";
import type { HoldRow, ShorteningRow } from "../../api/retention";
import { liftDigest, shorteningDigest } from "./digests";

const OF = { case: "c", reference: "SV-2026-0001" };
const HOLD: HoldRow = {
  id: "h",
  circle: null,
  state: "SV",
  ground: "court-order",
  at: "2026-11-24T15:00:00Z",
  lift: { asker: "p", at: "2026-11-24T15:00:01Z", lapses_at: "2026-11-27T15:00:01Z" },
};
const ASKED: ShorteningRow = {
  id: "s",
  was: "long",
  retention: "case-file",
  proposer: "p",
  proposed_at: "2026-11-24T15:00:00Z",
  lapses_at: "2026-11-27T15:00:00Z",
};

describe("what the second hand is put under", () => {
  it("is what the server makes of the same: tests/unit/cases/test_keeping.py", async () => {
    expect(await liftDigest(HOLD, OF)).toBe(
      "37b5677087e558cdad52b42bcf4aaf47c72dd957a2095d347d127548b2c639ef",
    );
    expect(await shorteningDigest(ASKED, OF)).toBe(
      "87b8b8b0676c476892d81c6db41f786aca4542338ac0aec5372221be4fef6966",
    );
  });

  it("is another for another ground, asker, class or moment", async () => {
    const lift = { asker: "q", at: "2026-11-24T15:00:01Z", lapses_at: "" };
    const made = await Promise.all([
      liftDigest(HOLD, OF),
      liftDigest({ ...HOLD, ground: "other" }, OF),
      liftDigest({ ...HOLD, lift }, OF),
      liftDigest(HOLD, { reference: "SV-2026-0002" }),
      liftDigest({ ...HOLD, circle: "n" }, OF),
      shorteningDigest(ASKED, OF),
      shorteningDigest({ ...ASKED, retention: "consultation" }, OF),
      shorteningDigest({ ...ASKED, proposed_at: "2026-11-24T15:00:00.001Z" }, OF),
    ]);
    expect(new Set(made).size).toBe(made.length);
  });
});
