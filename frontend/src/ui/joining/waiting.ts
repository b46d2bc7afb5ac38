/** Whose turn it is with the opening of a case to a State, and what its steps are called. */

import type { Joining, JoiningReason, SessionInfo } from "../client";
import { mayConsentToState } from "../rights";
import type { Key } from "../words";

export const REASONS: ReadonlyArray<{ value: JoiningReason; words: Key }> = [
  { value: "not-competent", words: "joining.reason.notCompetent" },
  { value: "already-handled", words: "joining.reason.handled" },
  { value: "talk-first", words: "joining.reason.talk" },
  { value: "other", words: "joining.reason.other" },
];

export function reasonName(reason: string): Key {
  return REASONS.find((one) => one.value === reason)?.words ?? "joining.reason.other";
}

/** What a proposal asks of this session's person: nothing, to consent, to accept. */
export function asks(one: Joining, session: SessionInfo): "nothing" | "consent" | "accept" {
  const { person } = session;
  if (person === null) return "nothing";
  if (one.step === "acceptance" && one.state === person.state) return "accept";
  const own = one.step === "consent" && one.owner_state === person.state;
  return own && one.proposer !== person.id && mayConsentToState(session) ? "consent" : "nothing";
}

/** Whether this session's person may refuse it: what they could agree to, or take back. */
export function mayRefuse(one: Joining, session: SessionInfo): boolean {
  if (one.step !== "consent" && one.step !== "acceptance") return false;
  const state = session.person?.state;
  return one.state === state
    ? one.step === "acceptance"
    : one.owner_state === state && mayConsentToState(session);
}

/** From when a hand that is wanted can be given, if somebody is too new for it yet. */
export function waitOf(one: Joining, now: number): { at: string; words: Key } | null {
  const { wait_until: at, wait_for: whom } = one;
  if (at === null || Date.parse(at) <= now) return null;
  if (one.step === "consent") return { at, words: "joining.consentFrom" };
  return { at, words: whom === "own" ? "joining.acceptFrom" : "joining.acceptFromCase" };
}

/** Until when the States that are in may object, if they still may. */
export function windowOf(one: Joining, now: number): string | null {
  const until = one.step === "acceptance" ? one.objections_until : null;
  return until !== null && Date.parse(until) > now ? until : null;
}
