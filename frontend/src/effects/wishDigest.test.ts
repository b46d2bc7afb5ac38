import { expect, it } from "vitest";
import vectors from "../../../tests/vectors/oversight-wishes.json";
import type { Deferral, PairView, Unmasking } from "../api/oversight";
import { deferralDigest, pairViewDigest, unmaskingDigest } from "./wishDigest";

const { unmasking, deferral, pair_view } = vectors;

it("names what an auditor was shown of a wish as the server does", async () => {
  expect(await unmaskingDigest(unmasking.shown as unknown as Unmasking)).toBe(unmasking.digest);
  expect(await deferralDigest(deferral.shown as unknown as Deferral)).toBe(deferral.digest);
  expect(await pairViewDigest(pair_view.shown as unknown as PairView)).toBe(pair_view.digest);
});

it.each([
  ["ground", "court-order"],
  ["reference", "Q-2/2026"],
  ["asked_by", "Otra persona"],
  ["asked_at", "2026-11-28T10:00:01Z"],
  ["pseudonym", "SV-0001"],
  ["quarter", "2026-Q3"],
])("names something else where its %s is another", async (field, other) => {
  const shown = { ...unmasking.shown, [field]: other } as unknown as Unmasking;
  expect(await unmaskingDigest(shown)).not.toBe(unmasking.digest);
});
