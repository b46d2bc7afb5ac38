/**
 * Sending the queue of one thread, one message at a time: which states there are, and what each
 * event does. Pure. The queue itself is in the store; this only says what to do next.
 *
 * One at a time keeps a person's messages in the order they were written, whatever is refused.
 */

export type Sending =
  | { kind: "idle" }
  /**
   * A message is being taken from the queue and posted (`id` null), or is posted and unanswered.
   * `more`: something was queued meanwhile, so an empty queue must be looked at again.
   */
  | { kind: "sending"; id: string | null; more: boolean; tries: number }
  /** The group moved on: the log is read before the message is encrypted again. */
  | { kind: "catchingUp"; tries: number }
  /** Nothing can be sent now; the reason passes by itself. */
  | { kind: "paused" }
  | { kind: "halted"; why: string };

export type Event =
  | { type: "submitted" }
  | { type: "posted"; id: string }
  | { type: "emptied" }
  | { type: "accepted"; id: string }
  | { type: "refused"; id: string; code: string; retryMs: number | null }
  | { type: "caughtUp" }
  /** No answer in time, or nothing could be posted. */
  | { type: "unanswered" }
  | { type: "disconnected" }
  | { type: "connected" }
  | { type: "halted"; why: string }
  | { type: "revived" };

export type Effect =
  /** Take the first of the queue: encrypt if needed, persist, post. */
  | { do: "transmit" }
  | { do: "catchUp"; id: string; renew: boolean }
  | { do: "pause"; ms: number }
  | { do: "giveUp"; id: string };

/** Codes by which the server says that the group is not where the sender believes. */
const BEHIND = new Set(["stale-epoch", "id-reused", "device-not-in-group"]);
const UNANSWERED_MS = 2_000;
/** Catching up this often for one message without success is no longer a race. */
const MOST_TRIES = 5;

export function step(state: Sending, event: Event): [Sending, Effect[]] {
  switch (event.type) {
    case "halted":
      return [{ kind: "halted", why: event.why }, []];
    case "disconnected":
      return state.kind === "halted" ? [state, []] : [{ kind: "paused" }, []];
    case "revived":
      return state.kind === "halted" ? transmit() : [state, []];
    default:
  }
  switch (state.kind) {
    case "idle":
      return event.type === "submitted" || event.type === "connected" ? transmit() : [state, []];
    case "sending":
      return whileSending(state, event);
    case "catchingUp":
      if (event.type === "caughtUp") return transmit(state.tries);
      return event.type === "unanswered" ? pause(UNANSWERED_MS) : [state, []];
    case "paused":
      return event.type === "connected" ? transmit() : [state, []];
    case "halted":
      return [state, []];
  }
}

function whileSending(
  state: Extract<Sending, { kind: "sending" }>,
  event: Event,
): [Sending, Effect[]] {
  switch (event.type) {
    case "submitted":
      return [{ ...state, more: true }, []];
    case "posted":
      return [{ ...state, id: event.id }, []];
    case "emptied":
      return state.more ? transmit() : [{ kind: "idle" }, []];
    case "accepted":
      return event.id === state.id ? transmit() : [state, []];
    case "unanswered":
      return pause(UNANSWERED_MS);
    case "refused":
      return event.id === state.id ? refused(state, event) : [state, []];
    default:
      return [state, []];
  }
}

function refused(
  state: Extract<Sending, { kind: "sending" }>,
  event: Extract<Event, { type: "refused" }>,
): [Sending, Effect[]] {
  if (BEHIND.has(event.code)) {
    if (state.tries >= MOST_TRIES) return pause(UNANSWERED_MS);
    const renew = event.code === "id-reused";
    const tries = state.tries + 1;
    return [{ kind: "catchingUp", tries }, [{ do: "catchUp", id: event.id, renew }]];
  }
  if (event.retryMs !== null) return pause(event.retryMs);
  const [next, effects] = transmit();
  return [next, [{ do: "giveUp", id: event.id }, ...effects]];
}

function transmit(tries = 0): [Sending, Effect[]] {
  return [{ kind: "sending", id: null, more: false, tries }, [{ do: "transmit" }]];
}

function pause(ms: number): [Sending, Effect[]] {
  return [{ kind: "paused" }, [{ do: "pause", ms }]];
}
