/** What the screen shows of a thread that stopped, and of the one that goes on from it. */

import type { FaultRecord, OutboxRecord, Suspect, ThreadRecord } from "../../store/records";
import { COMMENTS, EDIT, editIn } from "../drafts";
import type { Mirror } from "../mirror";

/** Something written in a stopped thread that has not arrived there, as far as is known. */
export type Unsent = {
  id: string;
  text: string;
  /** Null for what was still being written. */
  at: string | null;
  /** "sent": it left, and nobody knows whether it arrived. */
  status: "draft" | OutboxRecord["status"];
};

export type FrozenView = {
  why: string;
  /** When it was noticed here; null where nothing of it was kept. */
  at: string | null;
  by: Suspect | null;
  proof: FaultRecord["proof"];
  refused: (Suspect & { why: string })[];
  /** Where its author's history differs from this device's. */
  claimedAt: number | null;
  /** Verified readers who are entitled still, without oneself and those left out. */
  proposed: string[];
  /** Whoever the refused entry came from by signature, and whom it would have let in. */
  leftOut: string[];
  unsent: Unsent[];
  /** Threads whose beginner says that they go on from this one. */
  continuations: string[];
  /** The one that this person decided for. */
  continuedIn: string | null;
};

/** The draft of a text in the composer, among what is unsent. */
export const COMPOSED = "draft";

export function frozenView(mirror: Mirror, circle: string, me: string): FrozenView | null {
  const thread = mirror.threads.get(circle);
  if (thread?.status !== "frozen") return null;
  const { fault } = thread;
  const leftOut = leftOutOf(thread, me);
  return {
    why: thread.frozenWhy ?? "unknown",
    at: fault?.at ?? null,
    by: fault?.by ?? null,
    proof: fault?.proof ?? "none",
    refused: (fault?.refused ?? []).map(({ key: _key, ...rest }) => rest),
    claimedAt: fault?.claim?.seq ?? null,
    proposed: proposedFor(mirror, thread, [me, ...leftOut]),
    leftOut,
    unsent: unsentOf(mirror, circle),
    continuations: [...mirror.threads.values()]
      .filter(({ continues, status }) => continues === circle && status === "active")
      .map((one) => one.circle),
    continuedIn: thread.continuedIn ?? null,
  };
}

/**
 * In doubt out: whoever signed what was refused, though it may have been done to them. What only
 * the host says leaves nobody out, or the host would choose who goes on.
 */
function leftOutOf({ fault }: ThreadRecord, me: string): string[] {
  if (fault === undefined) return [];
  const { by, proof, refused } = fault;
  const signed = by !== null && proof !== "named" && proof !== "none" ? [by.person] : [];
  const people = new Set([...signed, ...refused.map(({ person }) => person)]);
  return [...people].filter((person) => person !== me);
}

/** From the roster that this device verified: the host can only take away from it. */
function proposedFor(mirror: Mirror, thread: ThreadRecord, without: readonly string[]): string[] {
  const entitled = new Set(mirror.circles().get(thread.circle)?.people);
  const standing = new Set(thread.roster.map(({ person }) => person));
  return [...standing].filter((person) => entitled.has(person) && !without.includes(person));
}

export function unsentOf(mirror: Mirror, circle: string): Unsent[] {
  const queued = mirror.outboxOf(circle).flatMap(([, { id, at, status, content }]): Unsent[] => {
    if (content.kind !== "comment" && content.kind !== "edit" && content.kind !== "text") return [];
    return [{ id, at, status, text: content.text }];
  });
  const draft = (id: string, text = ""): Unsent[] =>
    text.trim() === "" ? [] : [{ id, text, at: null, status: "draft" }];
  const at = `${circle}/`;
  const typed = [...mirror.typed].filter(([place]) => place.startsWith(at));
  return [
    ...queued,
    ...draft(COMPOSED, mirror.drafts.get(circle)),
    ...typed.flatMap(([place, text]) => {
      const what = place.slice(at.length);
      if (what.startsWith(COMMENTS)) return draft(what, text);
      return what === EDIT ? draft(EDIT, editIn(text)?.text) : [];
    }),
  ];
}
