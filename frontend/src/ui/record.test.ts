import { describe, expect, it } from "vitest";
import type { Line } from "./client";
import {
  cameLater,
  type EventLine,
  earlierElsewhere,
  failedOf,
  firstUnreadOf,
  keyOf,
  questionOf,
  rowsOf,
} from "./record";

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

function waiting(id: string): Line {
  const line = said(id, { mine: true });
  if (line.kind === "message") line.message.seq = null;
  return line;
}

function happened(
  what: EventLine["what"],
  over: { people?: string[]; by?: string | null } = {},
): Line {
  seq += 1;
  return {
    kind: "event",
    seq,
    at: "2026-11-20T15:00:00Z",
    what,
    people: over.people ?? ["p"],
    by: over.by ?? null,
  };
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

  it("names a person once for what they say within five minutes", () => {
    const lines = [
      said("a", { at: "2026-11-20T15:00:00Z" }),
      said("b", { at: "2026-11-20T15:04:00Z" }),
      said("c", { at: "2026-11-20T15:09:01Z" }),
      happened("joined"),
      said("d", { at: "2026-11-20T15:10:00Z" }),
    ];
    const follows = rowsOf(lines, null, "UTC").flatMap((row) =>
      row.kind === "message" ? [row.follows] : [],
    );
    expect(follows).toEqual([false, true, false, false]);
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
    [1, "m d c"],
    [2, "m d a"],
    [9, "m d a"],
  ])("with %s unread finds %s, skipping one's own", (unread, key) => {
    const lines = [said("a"), said("b", { mine: true }), said("c"), happened("joined")];
    expect(firstUnreadOf(lines, unread)).toBe(key);
  });
});

describe("questionOf", () => {
  const mine = (): Line => said("own", { mine: true });
  const TABLE: ReadonlyArray<[string, Line[], string, string[]]> = [
    ["an empty thread", [], "none", []],
    ["a thread one has opened", [happened("created", { by: "me" })], "none", []],
    [
      "a thread whose readers one has chosen",
      [happened("created", { by: "me" }), happened("joined", { by: "me" })],
      "none",
      [],
    ],
    ["a thread where another let one in", [happened("joined", { people: ["me"] })], "first", []],
    [
      "one's own thread where another let somebody in",
      [happened("created", { by: "me" }), happened("joined", { by: "q" })],
      "first",
      [],
    ],
    ["one's own message after", [happened("joined"), mine()], "none", []],
    ["somebody new after one's own", [mine(), happened("joined")], "changed", ["p"]],
    [
      "one's own message that still waits",
      [mine(), happened("joined"), waiting("w")],
      "changed",
      ["p"],
    ],
    ["a removal after one's own", [mine(), happened("removed")], "changed", []],
    ["a new device of a known person", [mine(), happened("device-added")], "none", []],
  ];
  it.each(TABLE)("after %s", (_name, lines, ask, fresh) => {
    expect(questionOf(lines, "me")).toEqual({ ask, fresh });
  });
});

describe("earlierElsewhere", () => {
  const joined = happened("joined", { people: ["me"] });
  const long = "2026-11-01T00:00:00Z";
  const TABLE: ReadonlyArray<[string, Line[], string | null, number, boolean]> = [
    ["a second device of an old member", [joined], long, 2, true],
    ["the only device", [joined], long, 1, false],
    ["a person let in just now with two devices", [joined], "2026-11-20T14:59:00Z", 2, false],
    ["whoever opened the thread", [happened("created")], long, 2, false],
    ["a person of whom no entry is known", [joined], null, 2, false],
  ];
  it.each(TABLE)("for %s", (_name, lines, since, devices, expected) => {
    expect(earlierElsewhere(lines, { id: "me", since, devices })).toBe(expected);
  });
});

describe("cameLater", () => {
  const TABLE: ReadonlyArray<[string, Line[], boolean]> = [
    ["whoever was let in", [happened("joined", { people: ["me"] })], true],
    ["whoever opened the thread", [happened("created"), happened("joined")], false],
    ["whoever saw another one come in first", [happened("joined", { people: ["p"] })], false],
    ["a thread of which nothing is known", [], false],
  ];
  it.each(TABLE)("for %s", (_name, lines, expected) => {
    expect(cameLater(lines, "me")).toBe(expected);
  });
});

describe("failedOf", () => {
  it("counts what did not leave", () => {
    expect(failedOf([said("a", { mine: true, status: "failed" }), said("b")])).toBe(1);
  });
});

describe("messages that somebody gave of the time before", () => {
  const given = (seq: number, by: number): Line => {
    const at = `2026-11-18T15:0${seq}:00Z`;
    const whose = { person: "p2", device: "d2", mine: false };
    const giver = { person: "p1", at: "2026-11-20T15:00:00Z", seq: by };
    const message = { id: `g${seq}`, seq, at, ...whose, text: "Antes", given: giver };
    return { kind: "message", message: { ...message, status: "received" } };
  };
  const edges = (lines: Line[]) =>
    rowsOf(lines, null, "UTC").flatMap((row) =>
      row.kind === "given" ? [`${row.ends ? "end" : "begin"} ${row.given.seq}`] : [],
    );

  it("stand between where they begin and where they end", () => {
    const joined: Line = {
      kind: "event",
      seq: 5,
      at: "2026-11-20T14:00:00Z",
      what: "joined",
      people: [],
      by: null,
    };
    expect(edges([given(1, 9), given(2, 9), joined])).toEqual(["begin 9", "end 9"]);
  });

  it("of two grants are two stretches", () => {
    expect(edges([given(1, 9), given(2, 12)])).toEqual(["begin 9", "end 9", "begin 12", "end 12"]);
  });

  it("are not unread, whenever they come", () => {
    const late = said("late");
    expect(firstUnreadOf([given(1, 9), given(2, 9)], 1)).toBeNull();
    expect(firstUnreadOf([given(1, 9), late], 9)).toBe(keyOf(late));
  });
});
