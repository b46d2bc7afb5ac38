import { describe, expect, test } from "vitest";
import type { DesignationRow } from "../client";
import { daysUntil, handsWanted, inOrder, isShown, leftUntil, taskOf } from "./waiting";

const COORDINATOR = { id: "nc", roles: ["coordinator"] };
const OFFICER = { id: "fm", roles: ["ministry"] };
const AUDITOR = { id: "an", roles: ["national-auditor"] };

function row(change: Partial<DesignationRow>): DesignationRow {
  return {
    id: "d",
    person: "lp",
    state: "SV",
    stage: "draft",
    since: "2026-11-20T00:00:00Z",
    due_at: null,
    overdue: false,
    name: "Ana",
    post: "Fiscal",
    office: { id: "o", name: "Fiscalía" },
    roles: ["liaison"],
    functions: [],
    drafts: "coordinator",
    languages: ["es"],
    scope: [],
    region: null,
    deputy: null,
    first: true,
    starts: "2026-11-20T00:00:00Z",
    until: "2027-11-20T00:00:00Z",
    urgent: false,
    renews: null,
    rekey: false,
    reminder: null,
    reads_until: null,
    quiet: null,
    signed: false,
    ...change,
  };
}

describe("what waits for a person", () => {
  test.each([
    ["draft", "consult", null],
    ["consulted", "nominate", null],
    ["nominated", null, "approve"],
    ["ministry-1", null, "approve"],
    ["approved", "code", null],
    ["ceremony", "ceremony", null],
    ["suspended", "reinstate", "reinstate"],
    ["active", null, null],
    ["rejected", null, null],
  ] as const)("of a liaison at %s", (stage, coordinator, officer) => {
    expect(taskOf(row({ stage }), COORDINATOR)).toBe(coordinator);
    expect(taskOf(row({ stage }), OFFICER)).toBe(officer);
    expect(taskOf(row({ stage }), AUDITOR)).toBeNull();
  });

  test("of a coordinator where there is no other is the ministry's", () => {
    const first = { roles: ["coordinator"], drafts: "ministry" };
    expect(taskOf(row({ stage: "draft", ...first }), COORDINATOR)).toBeNull();
    expect(taskOf(row({ stage: "draft", ...first }), OFFICER)).toBe("consult");
    expect(taskOf(row({ stage: "ceremony", ...first }), OFFICER)).toBe("ceremony");
  });

  test("of a coordinator beside another is that one's, but for the key", () => {
    const roles = ["coordinator"];
    expect(taskOf(row({ stage: "draft", roles }), COORDINATOR)).toBe("consult");
    expect(taskOf(row({ stage: "draft", roles }), OFFICER)).toBeNull();
    expect(taskOf(row({ stage: "ceremony", roles }), COORDINATOR)).toBeNull();
  });

  test("is nothing where they are the one designated", () => {
    expect(taskOf(row({ stage: "ceremony", person: "nc" }), COORDINATOR)).toBeNull();
  });

  test("is no second signature of the same hand", () => {
    expect(taskOf(row({ stage: "ministry-1" }), OFFICER, true)).toBe("signed");
  });

  test("is counted while it is their turn, and not once their hand is under it", () => {
    const rows = [
      row({ stage: "nominated" }),
      row({ stage: "ministry-1", signed: true }),
      row({ stage: "draft" }),
    ];
    expect(handsWanted(rows, OFFICER)).toBe(1);
    expect(handsWanted(rows, COORDINATOR)).toBe(1);
    expect(handsWanted(rows, AUDITOR)).toBe(0);
    expect(isShown(row({ stage: "ministry-1", signed: true }), "mine", OFFICER)).toBe(false);
  });

  test("is a renewal once there was a reminder", () => {
    expect(taskOf(row({ stage: "active", reminder: 30 }), COORDINATOR)).toBe("renew");
  });
});

describe("a list", () => {
  test("begins with what waits for the reader, the soonest over first", () => {
    const rows = [
      row({ id: "force", stage: "active" }),
      row({ id: "ended", stage: "rejected" }),
      row({ id: "theirs", stage: "nominated", due_at: "2026-11-21T00:00:00Z" }),
      row({ id: "later", due_at: "2026-12-01T00:00:00Z" }),
      row({ id: "soon", due_at: "2026-11-25T00:00:00Z" }),
    ];
    const order = inOrder(rows, COORDINATOR).map(({ id }) => id);
    expect(order).toEqual(["soon", "later", "theirs", "force", "ended"]);
  });

  test("shows each designation under way, in force or ended in one place", () => {
    for (const stage of ["draft", "ceremony", "active", "suspended", "expired"] as const) {
      const places = (["underway", "inForce", "ended"] as const).filter((show) =>
        isShown(row({ stage }), show, COORDINATOR),
      );
      expect(places).toHaveLength(1);
    }
  });
});

describe("a deadline", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  test.each([
    ["2026-11-30T12:00:00Z", "days", 10, ""],
    ["2026-11-22T12:00:00Z", "days", 2, "warn"],
    ["2026-11-21T12:00:00Z", "hours", 24, "warn"],
    ["2026-11-20T13:30:00Z", "minutes", 90, "warn"],
    ["2026-11-20T12:00:20Z", "minutes", 1, "warn"],
    ["2026-11-20T12:00:00Z", "over", 0, "stop"],
  ] as const)("at %s is %s: %i", (iso, unit, count, tone) => {
    expect(leftUntil(iso, now)).toEqual({ unit, count, tone });
  });
});

describe("the days that are left", () => {
  const ZONE = "America/El_Salvador";
  test.each([
    [
      "is midnight of the day after the last one",
      "2026-12-02T06:00:00Z",
      "2026-11-28T15:00:00Z",
      3,
    ],
    ["is an hour of a day", "2026-12-02T15:00:00Z", "2026-11-28T15:00:00Z", 4],
    [
      "is the same by the clock of early morning",
      "2026-12-02T15:00:00Z",
      "2026-11-28T06:01:00Z",
      4,
    ],
    [
      "is three times a day from now, less what has passed",
      "2026-12-01T15:00:00Z",
      "2026-11-28T15:00:20Z",
      3,
    ],
  ])("are the calendar's where the end %s", (_, end, now, days) => {
    expect(daysUntil(end, Date.parse(now), ZONE)).toBe(days);
  });

  test("are counted over a change of the clocks", () => {
    const now = Date.parse("2026-10-30T15:00:00Z");
    expect(daysUntil("2026-11-03T05:00:00Z", now, "America/New_York")).toBe(3);
  });
});
