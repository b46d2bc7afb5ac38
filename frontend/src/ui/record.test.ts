import { describe, expect, it } from "vitest";
import type { Line } from "./client";
import { type EventLine, failedOf, firstUnreadOf, keyOf, readersChanged, rowsOf } from "./record";

let seq = 0;

function said(id: string, over: { mine?: boolean; at?: string; status?: "failed" } = {}): Line {
  seq += 1;
  return {
    kind: "message",
    message: {
      id,
      seq,
      at: over.at ?? "2026-11-20T15:00:00Z",
      person: "p",
      device: "d",
      mine: over.mine ?? false,
      text: id,
      status: over.status ?? "received",
    },
  };
}

function happened(what: EventLine["what"]): Line {
  seq += 1;
  return { kind: "event", seq, at: "2026-11-20T15:00:00Z", what, people: ["p"], by: null };
}

describe("rowsOf", () => {
  it("puts a separator before each day of the reader", () => {
    const lines = [
      said("a", { at: "2026-11-20T15:00:00Z" }),
      said("b", { at: "2026-11-21T05:00:00Z" }), // 23:00 of the 20th in El Salvador
      said("c", { at: "2026-11-21T15:00:00Z" }),
    ];
    const kinds = rowsOf(lines, null, "America/El_Salvador").map((row) => row.kind);
    expect(kinds).toEqual(["day", "message", "message", "day", "message"]);
  });

  it("puts one separator before the first unread line", () => {
    const lines = [said("a"), said("b"), said("c")];
    const kinds = rowsOf(lines, keyOf(lines[1] as Line), "UTC").map((row) => row.kind);
    expect(kinds).toEqual(["day", "message", "unread", "message", "message"]);
  });

  it("draws once what is handed over twice", () => {
    const line = said("a");
    expect(rowsOf([line, line], null, "UTC").map((row) => row.kind)).toEqual(["day", "message"]);
  });

  it("gives every row its own key", () => {
    const lines = [said("a"), happened("joined"), said("b"), happened("removed")];
    const keys = rowsOf(lines, keyOf(lines[2] as Line), "UTC").map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("firstUnreadOf", () => {
  it.each([
    [0, null],
    [1, "m c"],
    [2, "m a"],
    [9, "m a"],
  ])("with %s unread finds %s, skipping one's own", (unread, key) => {
    const lines = [said("a"), said("b", { mine: true }), said("c"), happened("joined")];
    expect(firstUnreadOf(lines, unread)).toBe(key);
  });
});

describe("readersChanged", () => {
  const TABLE: ReadonlyArray<[string, Line[], boolean]> = [
    ["an empty thread", [], false],
    ["a new thread", [happened("created")], true],
    ["one's own message after", [happened("joined"), said("a", { mine: true })], false],
    ["only messages of others after", [happened("joined"), said("a")], true],
    ["a removal after one's own", [said("a", { mine: true }), happened("removed")], true],
    [
      "a new device of a known person",
      [said("a", { mine: true }), happened("device-added")],
      false,
    ],
  ];
  it.each(TABLE)("after %s", (_name, lines, changed) => {
    expect(readersChanged(lines)).toBe(changed);
  });
});

describe("failedOf", () => {
  it("counts what did not leave", () => {
    expect(failedOf([said("a", { mine: true, status: "failed" }), said("b")])).toBe(1);
  });
});
