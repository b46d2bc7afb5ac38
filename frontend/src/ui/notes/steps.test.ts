import { describe, expect, it } from "vitest";
import { threadView } from "../../../tests/ui/threads";
import type { NoteView } from "../client";
import { momentsOf, reasonName, stepOf } from "./steps";

const NOTE: NoteView = {
  id: "n",
  caseId: null,
  caseReference: "",
  sent: false,
  sender: "p",
  senderState: "SV",
  state: "GT",
  step: "used",
  sentAt: "2026-11-20T10:00:00Z",
  acknowledgedAt: "2026-11-20T11:00:00Z",
  declinedAt: null,
  reason: "",
  joinedAt: "2026-11-22T10:00:00Z",
  usedAt: "2026-11-21T10:00:00Z",
  ledAt: null,
  kept: { closedAt: null, deleteAt: null, retention: "case-file", hold: null },
  thread: threadView({ kind: "note" }),
  waits: null,
  consultation: null,
};

describe("how a note stands", () => {
  it("is sent for who sent it, and received for who was told, until that is acknowledged", () => {
    expect(stepOf({ step: "sent", sent: true, waits: null })).toBe("notes.step.sent");
    expect(stepOf({ step: "sent", sent: false, waits: null })).toBe("notes.step.received");
    for (const sent of [true, false]) {
      expect(stepOf({ step: "acknowledged", sent, waits: null })).toBe("notes.step.acknowledged");
    }
  });

  it("is not called sent while its text waits for somebody to read it", () => {
    const waiting = { ...NOTE, step: "sent", sent: true, waits: "Placa P-123" } as const;
    expect(stepOf(waiting)).toBe("notes.waits");
    expect(momentsOf(waiting).map(({ words }) => words)).not.toContain("notes.at.sent");
    expect(momentsOf(waiting)[0]).toEqual({ words: "notes.at.written", at: NOTE.sentAt });
  });
});

describe("what was done to a note", () => {
  it("stands in the order in which it was done", () => {
    expect(momentsOf(NOTE).map(({ words }) => words)).toEqual([
      "notes.at.sent",
      "notes.at.acknowledged",
      "notes.at.used",
      "notes.at.joined",
    ]);
  });

  it("has a reason in words, whatever the code", () => {
    expect(reasonName("nothing-found")).toBe("notes.reason.nothing");
    expect(reasonName("of-a-later-version")).toBe("notes.reason.other");
  });
});
