/**
 * Leave to use what was said elsewhere, as this device takes it from the log of the thread where it
 * was said: who asked for it, and what its author answered. See crypto/handling.ts.
 */

import type { Entry } from "../api/schema";
import type { Act, Answer, OnMessage } from "../crypto/content";
import { keys, type LineRecord } from "../store/records";
import type { ActRecord, LeaveRecord } from "../store/said";
import type { Tx } from "../store/vault";

type Message = Extract<LineRecord, { kind: "message" }>;
type ActLine = Extract<LineRecord, { kind: "act" }>;
export type Ask = Extract<OnMessage, { kind: "ask-leave" }>;

type Stand = Pick<Entry, "seq" | "id" | "at">;

/**
 * Of one person, for leave to use one message, for the server as well (messaging/policies.py): by
 * those of all together one could bar everybody else's.
 */
export const MOST_ASKS = 10;

export function isAnswer(act: Act): act is Answer {
  return act.kind === "give-leave" || act.kind === "refuse-leave";
}

/** The message with one more asking for leave. */
export function withAsk(target: Message, entry: Stand, person: string, act: Ask): Message {
  const { use, into, digest } = act;
  const { seq, id, at } = entry;
  const ask: LeaveRecord = { seq, id, person, at, use, into, digest };
  return { ...target, leaves: [...(target.leaves ?? []), ask] };
}

export function askingOf({ use, into, states }: Ask): NonNullable<ActRecord["asking"]> {
  return { use, into, states };
}

/**
 * Why an answer to `ask` does not count, as messaging/policies.py says it; null if it does. Null
 * stands for what is not there.
 */
export function whyNotAnswer(
  ask: ActLine | null,
  message: Message | null,
  person: string,
  act: Pick<Answer, "kind" | "id">,
): string | null {
  if (ask?.what !== "ask-leave" || ask.id !== act.id || message === null) return "message-unknown";
  if (message.person !== person) return "leave-not-yours";
  if (ask.asking?.answered !== undefined) return "message-act-done";
  return act.kind === "give-leave" && message.withdrawn ? "message-withdrawn" : null;
}

type Outcome = Pick<ActRecord, "outcome" | "why" | "text">;
type Place = { readonly tx: Tx; readonly circle: string; readonly since: number };

/** Take the answer to an asking for leave. */
export async function answered(
  { tx, circle, since }: Place,
  entry: Pick<Stand, "at">,
  { person, device }: { person: string; device: string },
  act: Answer,
): Promise<Outcome> {
  const text = act.kind === "refuse-leave" ? { text: act.reason } : {};
  const found = await tx.get(keys.line(circle, act.about));
  const ask = found?.kind === "act" ? found : null;
  if ((ask === null && act.about <= since) || ask?.outcome === "not-here") {
    return { outcome: "not-here", ...text };
  }
  const line = ask === null ? undefined : await tx.get(keys.line(circle, ask.about));
  const message = line?.kind === "message" ? line : null;
  const why = whyNotAnswer(ask, message, person, act);
  if (why !== null || ask?.asking === undefined || message === null) {
    return { outcome: "refused", why: why ?? "message-unknown", ...text };
  }
  const given = act.kind === "give-leave";
  const now = given ? "given" : "refused";
  tx.put(keys.line(circle, act.about), { ...ask, asking: { ...ask.asking, answered: now } });
  const leaves = message.leaves?.map((one) => {
    if (one.seq !== ask.seq) return one;
    const { at } = entry;
    if (act.kind === "refuse-leave") return { ...one, refused: { at, reason: act.reason } };
    return { ...one, given: { at, ask: ask.id, device, signature: act.signature } };
  });
  tx.put(keys.line(circle, ask.about), { ...message, ...(leaves && { leaves }) });
  return { outcome: "done", ...text };
}
