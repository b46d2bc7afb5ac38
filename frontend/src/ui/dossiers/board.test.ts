import { describe, expect, it } from "vitest";
import { STAGES } from "../../effects/requests/stages";
import type { DossierRow } from "../client";
import { chosen, columnsOf, type Reader, searchOf, shownIn, VIEWS, WHICH } from "./board";

const row = (id: string, over: Partial<DossierRow> = {}): DossierRow => ({
  id,
  requesting_state: "SV",
  requested_state: "MX",
  stage: "transmitted",
  version: 1,
  urgency: null,
  deadline: null,
  drafter: null,
  since: "2026-11-20T15:00:00Z",
  ...over,
});
const ids = (rows: readonly DossierRow[]) => rows.map(({ id }) => id);

describe("a board", () => {
  it("has each stage in one column", () => {
    const columns = columnsOf(STAGES.map((stage) => row(stage, { stage })));
    expect(columns.flatMap(({ rows }) => ids(rows)).toSorted()).toEqual([...STAGES].toSorted());
    expect(columns.map(({ name, rows }) => [name, rows.length])).toEqual([
      ["board.writing", 6],
      ["board.toSend", 2],
      ["board.sent", 2],
      ["board.handled", 4],
      ["board.over", 4],
      ["board.closed", 1],
    ]);
  });

  it("hides no request of a stage that this page does not know", () => {
    const last = columnsOf([row("d1", { stage: "appealed" })]).at(-1);
    expect([last?.name, ids(last?.rows ?? [])]).toEqual(["stage.unknown", ["d1"]]);
    expect(columnsOf([]).map(({ name }) => name)).not.toContain("stage.unknown");
  });

  it("shows the nearest deadline first, and of those without the one that waits for longest", () => {
    const rows = [
      row("late", { deadline: "2026-12-30" }),
      row("new", { since: "2026-11-28T15:00:00Z" }),
      row("old", { since: "2026-11-01T15:00:00Z" }),
      row("soon", { deadline: "2026-12-01" }),
    ];
    const sent = columnsOf(rows).find(({ name }) => name === "board.sent");
    expect(ids(sent?.rows ?? [])).toEqual(["soon", "late", "old", "new"]);
  });

  it.each(["urgent", "danger_to_life"])("shows what is %s before all else", (urgency) => {
    const rows = [row("soon", { deadline: "2026-12-01" }), row("cannot wait", { urgency })];
    const sent = columnsOf(rows).find(({ name }) => name === "board.sent");
    expect(ids(sent?.rows ?? [])).toEqual(["cannot wait", "soon"]);
  });
});

describe("what is shown", () => {
  const rows = [
    row("ours", { drafter: "bea" }),
    row("drafted"),
    row("theirs", { requesting_state: "GT", requested_state: "SV" }),
  ];
  const reader: Reader = {
    own: "SV",
    drafted: new Set(["drafted"]),
    isOffice: ({ drafter }) => drafter === "bea",
  };

  it.each([
    ["all", ["ours", "drafted", "theirs"]],
    ["mine", ["drafted"]],
    ["office", ["ours", "drafted"]],
    ["outgoing", ["ours", "drafted"]],
    ["incoming", ["theirs"]],
  ] as const)("of %s is", (which, found) => {
    expect(ids(chosen(rows, which, reader))).toEqual(found);
  });

  it("stands in the address, and comes back from it", () => {
    for (const view of VIEWS) {
      for (const which of WHICH) {
        expect(shownIn(searchOf({ view, which }))).toEqual({ view, which });
      }
    }
    for (const which of WHICH) {
      const search = searchOf({ view: "table", which }, "mine");
      expect(shownIn(search, WHICH, "mine").which).toBe(which);
    }
    expect(searchOf({ view: "table", which: "all" })).toBe("");
    expect(searchOf({ view: "table", which: "mine" }, "mine")).toBe("");
    expect(searchOf({ view: "board", which: "incoming" })).toBe("?vista=tablero&cuales=entrantes");
  });

  it("is the usual where an address asks for what there is not", () => {
    expect(shownIn("?vista=mapa&cuales=todas")).toEqual({ view: "table", which: "all" });
    expect(shownIn("?cuales=mias", ["all", "outgoing"]).which).toBe("all");
  });
});
