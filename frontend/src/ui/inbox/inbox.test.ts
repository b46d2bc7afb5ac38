import { describe, expect, it } from "vitest";
import { notesOf } from "../../../tests/ui/notes";
import { threadView } from "../../../tests/ui/threads";
import type { CaseView, ThreadView } from "../client";
import {
  callsIn,
  type Due,
  draftsIn,
  dueSoon,
  failedIn,
  unreadIn,
  unreadNotes,
  unseenIn,
} from "./inbox";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-26T12:00:00Z");

const thread = (circle: string, over: Partial<ThreadView> = {}) =>
  threadView({ circle, name: circle, ...over });

function caseOf(reference: string, ...threads: ThreadView[]): CaseView {
  const who = { state: "SV", states: ["SV"], joinings: [], owner: "p", people: [] };
  const what = { id: reference, reference, title: null, opened_at: "2026-11-02T14:00:00Z" };
  return { ...what, ...who, threads, unread: 0 };
}

describe("what is unread", () => {
  it("stands by case, the case with the newest of it first, without what was read", () => {
    const old = caseOf(
      "A",
      thread("a", { unread: 1, lastAt: "2026-11-20T10:00:00Z" }),
      thread("b"),
    );
    const young = caseOf("B", thread("c", { unread: 2, lastAt: "2026-11-25T10:00:00Z" }));
    const found = unreadIn([old, young, caseOf("C", thread("d"))]);
    expect(found.map(({ item }) => item.reference)).toEqual(["B", "A"]);
    expect(found[1]?.threads.map(({ circle }) => circle)).toEqual(["a"]);
  });

  it("holds threads that were never opened, but not a new case's record by itself", () => {
    const found = unreadIn([
      caseOf("A", thread("record", { kind: "case", fresh: true }), thread("t", { fresh: true })),
    ]);
    expect(found[0]?.threads.map(({ circle }) => circle)).toEqual(["t"]);
  });
});

describe("what calls the reader", () => {
  const at = (hour: number) => `2026-11-25T${hour}:00:00Z`;
  const call = (seq: number, hour: number) => ({ seq, at: at(hour), by: "luis" });

  it("stands by its age, and what is urgent before all else", () => {
    const calls = [
      { ...call(1, 10), owed: true },
      { ...call(2, 11), named: true },
      { ...call(3, 12), urgent: true },
      { ...call(4, 13), urgent: true, named: true },
    ] as const;
    const found = callsIn([caseOf("A", thread("t", { calls }))]);
    expect(found.map(({ call: { seq } }) => seq)).toEqual([3, 4, 1, 2]);
  });
});

describe("what was refused", () => {
  it("is counted in all threads together, and each of them is among the unsent", () => {
    const cases = [
      caseOf("A", thread("t", { failed: 2 }), thread("u"), thread("v", { failed: 1 })),
    ];
    expect(failedIn(cases)).toBe(3);
    expect(draftsIn(cases).map((one) => one.thread.circle)).toEqual(["t", "v"]);
  });
});

describe("first-line information", () => {
  const [first, second, ...rest] = notesOf("c", "A").map((note, at) => {
    return { ...note, thread: thread(`n${at}`, { unread: at < 2 ? 1 : 0 }) };
  });
  if (first === undefined || second === undefined) throw new Error("too few notes");

  it("is unread like a thread, the newest of it first", () => {
    const news = { ...second, thread: { ...second.thread, lastAt: "2026-11-25T10:00:00Z" } };
    const found = unreadNotes([first, news, ...rest]);
    expect(found.map(({ thread: { circle } }) => circle)).toEqual(["n1", "n0"]);
  });

  it("calls and is left unsent like a thread of no case", () => {
    const calls = [{ seq: 4, at: "2026-11-25T10:00:00Z", by: "luis", named: true }] as const;
    const notes = [{ ...first, thread: thread("n", { calls, draft: "Placa" }) }];
    expect(callsIn([], notes).map(({ reference, call }) => [reference, call.seq])).toEqual([
      ["", 4],
    ]);
    expect(draftsIn([], notes).map((one) => one.thread.circle)).toEqual(["n"]);
  });
});

describe("the count of what is unread", () => {
  it("is of messages, and of threads that were never opened", () => {
    expect(unseenIn([thread("a", { unread: 3 }), thread("b", { fresh: true })])).toBe(4);
  });
});

describe("who calls", () => {
  it("stands across cases, the oldest first", () => {
    const call = (at: string, seq: number) => ({ seq, at, by: "luis", owed: true }) as const;
    const found = callsIn([
      caseOf("A", thread("a", { calls: [call("2026-11-25T10:00:00Z", 3)] })),
      caseOf("B", thread("b", { calls: [call("2026-11-24T10:00:00Z", 8)] })),
    ]);
    expect(found.map(({ reference, call: { seq } }) => `${reference} ${seq}`)).toEqual([
      "B 8",
      "A 3",
    ]);
  });
});

describe("what was typed and not sent", () => {
  it("counts texts that are more than blanks, and what is held", () => {
    const threads = [
      thread("typed", { draft: "Lo tiene" }),
      thread("blank", { draft: "  " }),
      thread("held", { held: 1 }),
    ];
    expect(draftsIn([caseOf("A", ...threads)]).map(({ thread: one }) => one.name)).toEqual([
      "typed",
      "held",
    ]);
  });
});

describe("what has a date", () => {
  const due = (id: string, days: number): Due => {
    const at = new Date(NOW + days * DAY_MS).toISOString();
    return { id, href: "/", what: "joining", of: id, at };
  };

  it("is shown within seven days, also when it is over, the most urgent first", () => {
    const found = dueSoon(
      [due("week", 7), due("later", 7.01), due("over", -1), due("soon", 2)],
      NOW,
    );
    expect(found.map(({ id }) => id)).toEqual(["over", "soon", "week"]);
  });
});
