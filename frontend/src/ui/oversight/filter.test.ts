import { describe, expect, it } from "vitest";
import { EMPTY, entryOf, filterOf, searchOf, sent } from "./filter";

const FULL = {
  acts: ["cases", "core.act.refused"],
  person: "P-7K3Q9XY0",
  office: "7d1c5f0e-0000-4000-8000-000000000001",
  case: "SV-2026-0147",
  since: "2026-11-01",
  until: "2026-11-24",
  outcome: "refused",
} as const;

describe("a filter", () => {
  it("reads back every address that it writes", () => {
    const filter = { ...FULL, acts: [...FULL.acts] };
    expect(filterOf(searchOf(filter))).toEqual(filter);
    expect(filterOf(searchOf(EMPTY))).toEqual(EMPTY);
    expect(searchOf(EMPTY)).toBe("");
  });

  it.each(["?resultado=otro", "?x=1", "?entrada=acts-2026/1", "?persona="])(
    "takes nothing from %s",
    (search) => {
      expect(filterOf(search)).toEqual(EMPTY);
    },
  );

  it("sends only what is not open", () => {
    expect(sent(EMPTY)).toEqual({});
    expect(sent({ ...EMPTY, case: "SV-2026-0001" })).toEqual({ case: "SV-2026-0001" });
  });
});

describe("an entry in an address", () => {
  it("is a log and a position", () => {
    const search = searchOf(EMPTY, { log: "acts-2026", position: 12345 });
    expect(entryOf(search)).toEqual({ log: "acts-2026", position: 12345 });
  });

  it.each(["", "?entrada=", "?entrada=acts-2026", "?entrada=acts-2026/-1", "?entrada=x/1"])(
    "is not in %j",
    (search) => {
      expect(entryOf(search)).toBeNull();
    },
  );
});
