import { describe, expect, it } from "vitest";
import type { Joining, SessionInfo } from "../client";
import { asks, mayRefuse, waitOf, windowOf } from "./waiting";

function session(id: string, state: string, ...roles: string[]): SessionInfo {
  const person = { id, name: "", state, office: "", roles, fictional: true };
  return { person } as unknown as SessionInfo;
}

function proposal(over: Partial<Joining>): Joining {
  return {
    id: "j",
    case: "c",
    reference: "SV-2026-0001",
    owner_state: "SV",
    state: "HN",
    step: "consent",
    urgent: false,
    proposer: "ana",
    proposed_at: "2026-11-24T15:00:00Z",
    lapses_at: "2026-12-01T15:00:00Z",
    consented_at: null,
    objections_until: null,
    wait_until: null,
    wait_for: "",
    ended_at: null,
    reason: "",
    ...over,
  };
}

describe("what a proposal asks", () => {
  //  step, who, what it asks of them, whether they may refuse
  it.each([
    ["consent", session("carla", "SV", "coordinator"), "consent", true],
    ["consent", session("ana", "SV", "liaison", "coordinator"), "nothing", true],
    ["consent", session("bea", "SV", "liaison"), "nothing", false],
    ["consent", session("hugo", "HN", "coordinator"), "nothing", false],
    ["acceptance", session("hugo", "HN", "coordinator"), "accept", true],
    ["acceptance", session("ines", "HN", "liaison"), "accept", true],
    ["acceptance", session("carla", "SV", "coordinator"), "nothing", true],
    ["acceptance", session("bea", "SV", "liaison"), "nothing", false],
    ["lapsed", session("hugo", "HN", "coordinator"), "nothing", false],
    ["lapsed", session("carla", "SV", "coordinator"), "nothing", false],
    ["void", session("hugo", "HN", "coordinator"), "nothing", false],
    ["void", session("carla", "SV", "coordinator"), "nothing", false],
  ] as const)("at %s is by the table", (step, who, asked, refuses) => {
    const one = proposal({ step });
    expect([asks(one, who), mayRefuse(one, who)]).toEqual([asked, refuses]);
  });
});

describe("the window for objections", () => {
  const until = "2026-11-24T16:00:00Z";

  it("is open to its last moment, and only while it waits for acceptance", () => {
    const one = proposal({ step: "acceptance", objections_until: until });
    expect(windowOf(one, Date.parse(until) - 1)).toBe(until);
    expect(windowOf(one, Date.parse(until))).toBeNull();
    expect(windowOf({ ...one, step: "withdrawn" }, 0)).toBeNull();
    expect(windowOf({ ...one, objections_until: null }, 0)).toBeNull();
  });
});

describe("from when a hand can be given", () => {
  const at = "2026-11-25T15:00:00Z";
  const now = Date.parse("2026-11-24T16:00:00Z");

  it.each([
    ["consent", "own", "joining.consentFrom"],
    ["acceptance", "own", "joining.acceptFrom"],
    ["acceptance", "case", "joining.acceptFromCase"],
  ] as const)("is said of %s while %s is too new", (step, wait_for, words) => {
    const one = proposal({ step, wait_until: at, wait_for });
    expect(waitOf(one, now)).toEqual({ at, words });
  });

  it("is now, once that is over or nobody is new", () => {
    const one = proposal({ step: "acceptance", wait_until: at, wait_for: "own" });
    expect(waitOf(one, Date.parse(at))).toBeNull();
    expect(waitOf(proposal({ step: "acceptance" }), now)).toBeNull();
  });
});
