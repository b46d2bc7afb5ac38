import { describe, expect, it } from "vitest";
import type { LineRecord } from "../store/records";
import { callsAfter, callsNow } from "./calls";

type Message = Extract<LineRecord, { kind: "message" }>;
type Act = Extract<LineRecord, { kind: "act" }>;
const ME = "me";
const AT = "2026-11-26T10:00:00Z";
const NAMED = { seq: 5, at: AT, by: "ana", named: true } as const;
const OWED = { seq: 5, at: AT, by: "ana", owed: true } as const;
const GIVEN = { person: "ana", at: AT, seq: 8 };
const URGENT = { seq: 5, at: AT, by: "ana", urgent: true } as const;

function message(over: Partial<Message> = {}): Message {
  const where = { seq: 5, chain: new Uint8Array(32), at: AT, others: 1 };
  const who = { id: "m5", person: "ana", device: "d", mine: false };
  return { kind: "message", ...where, ...who, text: "…", ...over };
}

function act(what: Act["what"], over: Partial<Act> = {}): Act {
  const where = { seq: 9, chain: new Uint8Array(32), at: AT, others: 1 };
  const who = { id: "a9", person: "ana", device: "d", mine: false };
  return { kind: "act", ...where, ...who, what, about: 5, outcome: "done", ...over };
}

const known = { about: undefined, me: ME, read: 0 };

describe("a message", () => {
  //  what it is, and how it calls me
  const TABLE: ReadonlyArray<[string, Partial<Message>, readonly object[]]> = [
    ["that names me calls me", { mentions: ["luis", ME] }, [NAMED]],
    ["that asks for acknowledgement calls every reader", { asks: true }, [OWED]],
    ["that does both calls me once", { mentions: [ME], asks: true }, [{ ...NAMED, owed: true }]],
    ["that is urgent calls every reader", { urgent: true }, [URGENT]],
    ["that is urgent and mine does not", { urgent: true, person: ME }, []],
    ["that asked those who read it then calls them", { asks: true, asked: ["luis", ME] }, [OWED]],
    ["that asked others does not", { asks: true, asked: ["luis"] }, []],
    ["that asked before I read it does not", { asks: true, given: GIVEN }, []],
    ["that names others does not", { mentions: ["luis"] }, []],
    ["of my own does not", { person: ME, mentions: [ME], asks: true }, []],
    ["of my own, from another device, does not", { person: ME, device: "e", asks: true }, []],
  ];
  it.each(TABLE)("%s", (_name, over, calls) => {
    expect(callsAfter([], message(over), known)).toEqual(calls);
  });
});

describe("an act on a message", () => {
  const mine = { person: ME, at: AT, seq: 9, version: 0 };
  const done: ReadonlyArray<[string, Act, Message, readonly object[]]> = [
    [
      "of mine that acknowledges it",
      act("acknowledge", { person: ME }),
      message({ asks: true, acknowledged: [mine] }),
      [],
    ],
    [
      "of another that acknowledges it",
      act("acknowledge", { person: "luis" }),
      message({ asks: true, acknowledged: [{ ...mine, person: "luis" }] }),
      [OWED],
    ],
    ["that withdraws it", act("withdraw"), message({ asks: true, withdrawn: mine }), []],
    ["that edits my name out", act("edit"), message(), []],
    ["that edits my name in", act("edit"), message({ mentions: [ME] }), [{ ...NAMED, from: 9 }]],
  ];
  it.each(done)("%s", (_name, line, about, calls) => {
    expect(callsAfter([{ ...OWED, named: true }], line, { ...known, about })).toEqual(calls);
  });

  it("that edits what I acknowledged asks for it anew", () => {
    const versions = [{ text: "no siga", at: AT }];
    const about = message({ asks: true, acknowledged: [mine], versions });
    expect(callsAfter([], act("edit"), { ...known, about })).toEqual([OWED]);
  });

  it("that names me in a message read long ago calls me from then on", () => {
    const about = message({ mentions: [ME] });
    const calls = callsAfter([], act("edit"), { ...known, about, read: 8 });
    expect(calls).toEqual([{ ...NAMED, from: 9 }]);
    expect(callsNow(calls, { read: 8, kept: undefined })).toHaveLength(1);
    expect(callsNow(calls, { read: 9, kept: undefined })).toEqual([]);
  });

  it("that was refused changes nothing", () => {
    const refused = act("withdraw", { outcome: "refused" });
    const about = message({ asks: true });
    expect(callsAfter([OWED], refused, { ...known, about })).toEqual([OWED]);
  });
});

describe("what was read", () => {
  it("calls nobody by name any more, and is forgotten with the next entry", () => {
    expect(callsNow([NAMED], { read: 5, kept: undefined })).toEqual([]);
    const next = message({ seq: 6, id: "m6" });
    expect(callsAfter([NAMED], next, { ...known, read: 5 })).toEqual([]);
  });

  it("still waits for its acknowledgement", () => {
    const both = { ...NAMED, owed: true } as const;
    expect(callsNow([both], { read: 5, kept: undefined })).toEqual([OWED]);
  });

  it("is urgent no more, and is forgotten with the next entry", () => {
    expect(callsNow([URGENT], { read: 4, kept: undefined })).toEqual([URGENT]);
    expect(callsNow([URGENT], { read: 5, kept: undefined })).toEqual([]);
    expect(callsNow([URGENT], { read: 8, kept: 5 })).toEqual([URGENT]);
    expect(callsNow([{ ...URGENT, owed: true }], { read: 5, kept: undefined })).toEqual([OWED]);
    const next = message({ seq: 6, id: "m6" });
    expect(callsAfter([URGENT], next, { ...known, read: 5 })).toEqual([]);
  });

  it("calls again where the thread is kept as unread from there on", () => {
    expect(callsNow([NAMED], { read: 8, kept: 5 })).toEqual([NAMED]);
    expect(callsNow([NAMED], { read: 8, kept: 6 })).toEqual([]);
  });
});
