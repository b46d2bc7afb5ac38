import { describe, expect, it } from "vitest";
import type { ExportRow, View } from "../client";
import { paths } from "../routes";
import { waitsAt } from "../shell/waiting.svelte";
import { dueOf } from "./due.svelte";

const AT = "2026-11-27T12:00:00Z";
const row = (over: Partial<ExportRow>) =>
  ({ id: "x", person: "ana", state: "SV", step: "consent", lapses_at: AT, ...over }) as ExportRow;

function viewOf(
  who: { id: string; state?: string; roles: string[] },
  ...exports: ExportRow[]
): View {
  const session = { person: { state: "SV", ...who }, reads_until: null };
  const nothing = {
    joinings: [],
    cases: [],
    notes: [],
    keeping: { cases: [], notes: [] },
    requests: [],
  };
  return { session, exports, ...nothing } as unknown as View;
}
const LUIS = { id: "luis", roles: ["coordinator"] };
const ANA = { id: "ana", roles: ["liaison"] };
const rows = (view: View) => dueOf(view).map(({ what, href, at }) => [what, href, at]);

describe("an export for a court", () => {
  it("waits in the inbox of the coordination whose consent it takes", () => {
    expect(rows(viewOf(LUIS, row({})))).toEqual([["exportConsent", paths.cases, AT]]);
  });

  it("waits there for whoever asked once it may be made", () => {
    expect(rows(viewOf(ANA, row({})))).toEqual([]);
    expect(rows(viewOf(ANA, row({ step: "ready" })))).toEqual([["exportReady", paths.cases, AT]]);
  });

  it.each(["made", "refused", "lapsed", "void"] as const)("that is %s waits for nobody", (step) => {
    for (const who of [LUIS, ANA]) expect(rows(viewOf(who, row({ step })))).toEqual([]);
  });

  it("waits for nobody else", () => {
    for (const who of [
      { ...LUIS, id: "ana" },
      { ...LUIS, state: "GT" },
      { ...ANA, id: "eva" },
    ]) {
      expect(rows(viewOf(who, row({})))).toEqual([]);
    }
  });

  it("is counted in the bar as in the inbox", () => {
    const view = viewOf(LUIS, row({}), row({ id: "y", person: "luis", step: "ready" }));
    expect(waitsAt(paths.cases, view).count).toBe(dueOf(view).length);
  });
});

describe("a wish to lift the hold on a note", () => {
  const lift = { asker: "eva", at: AT, lapses_at: AT };
  const hold = { id: "h", circle: "c", state: "SV", ground: "other" as const, at: AT, lift };
  const seenBy = (who: typeof LUIS) => {
    const view = viewOf(who);
    return rows({ ...view, keeping: { ...view.keeping, notes: [hold] } });
  };

  it("waits in the inbox of whoever may give the second hand, though they read no note", () => {
    expect(seenBy(LUIS)).toEqual([["secondHand", paths.retention, AT]]);
    expect(seenBy({ ...LUIS, id: "authority", roles: ["central-authority"] })).toHaveLength(1);
  });

  it("does not wait for whoever gave the first, nor for anybody else", () => {
    expect(seenBy({ ...LUIS, id: "eva" })).toEqual([]);
    expect(seenBy(ANA)).toEqual([]);
  });
});
