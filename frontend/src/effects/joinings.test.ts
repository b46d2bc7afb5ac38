import { describe, expect, it } from "vitest";
import type { Joining } from "../api/schema";
import { joiningDigest } from "./joinings";

const SHOWN: Joining = {
  id: "j",
  case: "c",
  reference: "SV-2026-0001",
  owner_state: "SV",
  state: "MX",
  step: "consent",
  urgent: false,
  proposer: "p",
  proposed_at: "2026-11-24T15:00:00Z",
  lapses_at: "2026-12-01T15:00:00Z",
  consented_at: null,
  objections_until: null,
  wait_until: null,
  wait_for: "",
  ended_at: null,
  reason: "",
};

describe("what somebody puts their hand under", () => {
  it("is what the server makes of the same: tests/unit/cases/test_policies.py", async () => {
    expect(await joiningDigest(SHOWN)).toBe(
      "02b0397aa7e4cf408429c66dcfbc66be477d3306a24e3b0ca088efc65ee295f7",
    );
  });

  it.each([
    { case: "d" },
    { reference: "SV-2026-0002" },
    { state: "GT" },
    { urgent: true },
    { proposer: "q" },
    { proposed_at: "2026-11-24T15:00:00.001Z" },
  ])("is another if $case$reference$state$urgent$proposer$proposed_at differs", async (other) => {
    expect(await joiningDigest({ ...SHOWN, ...other })).not.toBe(await joiningDigest(SHOWN));
  });
});
