import { describe, expect, it } from "vitest";
import { makeDraft } from "../../tests/draft";
import { disclosed } from "./disclosed";

describe("what the server learns", () => {
  it("is States, types, instruments, urgency and dates, and nothing else", () => {
    const draft = makeDraft({
      facts: { summary: "secret" },
      measures: [{ type: " service ", description: "secret", fields: { document: "secret" } }, {}],
      legal_basis: [{ instrument: "UNTOC-18", articles: "secret" }],
      urgency: { level: "urgent", deadline: "2026-12-01", reason: "secret" },
      persons: [{ name: "secret" }],
    });
    expect(disclosed(draft)).toEqual({
      requesting_state: "SV",
      requested_state: "MX",
      law_date: "2026-11-24",
      measures: ["service", ""],
      instruments: ["UNTOC-18"],
      urgency: "urgent",
      deadline: "2026-12-01",
    });
  });

  it("says null for an answer marked unknown, and nothing for what is no answer", () => {
    const draft = makeDraft({
      measures: [{ type: "service" }, "odd"],
      urgency: { deadline: "2026-02-30" },
      unknown: ["measures.0.type", "urgency.level"],
    });
    expect(disclosed(draft)).toMatchObject({
      measures: [null, ""],
      instruments: [],
      urgency: null,
      deadline: "",
    });
  });
});
