import { describe, expect, it } from "vitest";
import { notesOf } from "../../../tests/ui/notes";
import { threadView } from "../../../tests/ui/threads";
import type { CaseView, DirectoryStanding, ListedDevice, Reminders, ThreadView } from "../client";
import { ownDue, standingDue } from "./access";
import {
  callsIn,
  type Due,
  draftsIn,
  dueSoon,
  failedIn,
  unreadFrom,
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
  const kept = { keeping: null, erased: [] };
  const what = { id: reference, reference, title: null, opened_at: "2026-11-02T14:00:00Z" };
  return { ...what, ...who, ...kept, threads, unread: 0 };
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

describe("the way from thread to thread", () => {
  const at = (day: number) => `2026-11-${day}T10:00:00Z`;
  const news = (circle: string, day: number) => thread(circle, { unread: 1, lastAt: at(day) });
  const read = (circle: string, day: number) => thread(circle, { lastAt: at(day) });
  const [note] = notesOf("c", "A").map((one) => ({ ...one, thread: news("n", 26) }));
  if (note === undefined) throw new Error("no note");
  // The inbox lists B, A and the note: C has nothing unread, nor has the second thread of B.
  const cases = [
    caseOf("A", news("a1", 20), news("a2", 18)),
    caseOf("B", news("b1", 25), read("b2", 24), news("b3", 23)),
    caseOf("C", read("c1", 26)),
  ];
  const from = (reference: string, circle: string | null, by: 1 | -1, all = cases) =>
    unreadFrom(all, [note], { reference, circle }, by)?.thread.circle ?? null;

  it("goes over what is unread as the inbox lists it, and begins anew beyond its end", () => {
    const way = ["b1", "b3", "a1", "a2", "n", "b1"];
    for (const [index, next] of way.entries()) {
      const here = way[index - 1];
      if (here !== undefined) expect([here, from("", here, 1)]).toEqual([here, next]);
      if (here !== undefined) expect([next, from("", next, -1)]).toEqual([next, here]);
    }
  });

  it("begins where the open thread stood before it was read", () => {
    expect([from("B", "b2", 1), from("B", "b2", -1)]).toEqual(["b3", "b1"]);
    const seen = [caseOf("A", read("a1", 20), news("a2", 18)), ...cases.slice(1)];
    expect([from("A", "a1", 1, seen), from("A", "a1", -1, seen)]).toEqual(["a2", "b3"]);
    expect(from("C", "c1", 1)).toBe("b1");
  });

  it("begins at a case of which no thread is open, whether anything is unread there or not", () => {
    expect([from("A", null, 1), from("A", null, -1)]).toEqual(["a1", "b3"]);
    expect([from("C", null, 1), from("C", null, -1)]).toEqual(["b1", "n"]);
  });

  it("leads nowhere where nothing else is unread", () => {
    const alone = [caseOf("A", news("a1", 20)), caseOf("C", read("c1", 26))];
    for (const by of [1, -1] as const) {
      expect(unreadFrom(alone, [], { reference: "A", circle: "a1" }, by)).toBeNull();
      expect(unreadFrom([], [], { reference: "C", circle: null }, by)).toBeNull();
    }
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

describe("what of one's own access has a date", () => {
  const day = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
  const told = (over: Partial<Reminders> = {}): Reminders => {
    return { ends_at: day(100), reminder: null, said: [], new_key: null, ...over };
  };
  const device = (id: string, days: number, over: Partial<ListedDevice> = {}): ListedDevice => {
    const seen = { added_at: day(-10), last_seen: null, here: false, strange: false };
    const ended = { revoked: false, retired: false };
    return { id, until: day(days), name: "", ...seen, ...ended, ...over };
  };
  const rows = (reminders: Reminders | null, devices: readonly ListedDevice[] = []) =>
    dueSoon(ownDue(reminders, devices, NOW), NOW).map(({ what, of, at }) => [what, of, at]);

  it("is nothing until it is known, and while nothing ends", () => {
    expect(rows(null)).toEqual([]);
    expect(rows(told(), [device("a", 31)])).toEqual([]);
  });

  it.each([60, 30, 7])("is the own term from the reminder of %i days on", (reminder) => {
    expect(rows(told({ ends_at: day(reminder - 0.5), reminder }))).toEqual([
      ["term", "", day(reminder - 0.5)],
    ]);
  });

  it.each(["secretariat", "regional-auditor"])("is prolonged otherwise for the %s", (role) => {
    const found = ownDue(told({ reminder: 30 }), [], NOW, [role]);
    expect(found.map(({ what }) => what)).toEqual(["termRegion"]);
    expect(ownDue(told({ reminder: 30 }), [], NOW, ["liaison"])[0]?.what).toBe("term");
  });

  it("is a device within 30 days of its end, by its name, unless it is withdrawn or over", () => {
    const devices = [
      device("3f0c8a52-1111", 30),
      device("b", 12, { name: "Portátil azul" }),
      device("c", 12, { revoked: true }),
      device("d", -1),
    ];
    expect(rows(null, devices)).toEqual([
      ["device", "Portátil azul", day(12)],
      ["device", "3f0c8a52", day(30)],
    ]);
  });

  it("is for a week what was said last while one did not sign in", () => {
    const said = (days: number, back: number | null = days) => {
      const back_at = back === null ? null : day(back);
      return { becomes: "suspended", days: 14, at: day(days), since: day(-60), back_at } as const;
    };
    expect(rows(told({ said: [said(-7), said(-20)] }))).toEqual([["silence", "", day(-7)]]);
    expect(rows(told({ said: [said(-8)] }))).toEqual([]);
    // The week begins with one's first sign-in after it, however long that took.
    expect(rows(told({ said: [said(-30, -7)] }))).toEqual([["silence", "", day(-30)]]);
    expect(rows(told({ said: [said(-30, -8)] }))).toEqual([]);
    expect(rows(told({ said: [said(-30, null)] }))).toEqual([["silence", "", day(-30)]]);
  });
});

describe("the quarterly word on the directory", () => {
  const standing = (over: Partial<DirectoryStanding>): DirectoryStanding => {
    const when = { confirmed_at: null, confirmed_by: null, soon: false, overdue: false };
    const due_at = new Date(NOW + 13 * DAY_MS).toISOString();
    const rest = { state: "SV", blocked: false, blocked_from: null, people: [], digest: "" };
    return { ...when, ...rest, due_at, ...over };
  };

  it("has a row once it is due soon, or overdue, and none before", () => {
    const shown = (over: Partial<DirectoryStanding>) => dueSoon(standingDue(standing(over)), NOW);
    expect(shown({})).toEqual([]);
    expect(shown({ soon: true })).toMatchObject([{ what: "standing" }]);
    expect(shown({ overdue: true })).toMatchObject([{ what: "standing" }]);
    expect(standingDue(null)).toEqual([]);
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
