/** Being connected: which states there are, and what each event does. Pure. */

export type Connection =
  | { kind: "off" }
  | { kind: "connecting"; failures: number }
  | { kind: "online" }
  | { kind: "waiting"; failures: number };

export type Event =
  | { type: "wanted" }
  | { type: "unwanted" }
  | { type: "opened" }
  /** `code` is the close code; 0 when there was no ticket for lack of a network. */
  | { type: "closed"; code: number }
  /** The wait is over, or the network is said to be back. */
  | { type: "wake" };

export type Effect =
  | { do: "connect" }
  | { do: "disconnect" }
  | { do: "wait"; ms: number }
  | { do: "endSession" };

export const SESSION_OVER = 4401;
const FIRST_MS = 500;
const MOST_MS = 15_000;

/**
 * How long to wait before attempt `failures + 1`: doubling up to a quarter of a minute, spread evenly
 * over the upper half, so that a thousand clients do not return in one second.
 *
 * `chance` is from 0 up to 1.
 */
export function backoff(failures: number, chance: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return most * (0.5 + chance / 2);
}

/** An event that means nothing in a state leaves it as it is, with no effect. */
export function step(state: Connection, event: Event, chance: number): [Connection, Effect[]] {
  if (event.type === "unwanted") {
    return state.kind === "off" ? [state, []] : [{ kind: "off" }, [{ do: "disconnect" }]];
  }
  if (event.type === "closed" && event.code === SESSION_OVER) {
    return [{ kind: "off" }, [{ do: "endSession" }]];
  }
  switch (state.kind) {
    case "off":
      if (event.type !== "wanted") return [state, []];
      return [{ kind: "connecting", failures: 0 }, [{ do: "connect" }]];
    case "connecting":
      if (event.type === "opened") return [{ kind: "online" }, []];
      if (event.type !== "closed") return [state, []];
      return wait(state.failures + 1, chance);
    case "online":
      return event.type === "closed" ? wait(0, chance) : [state, []];
    case "waiting":
      if (event.type !== "wake") return [state, []];
      return [{ kind: "connecting", failures: state.failures }, [{ do: "connect" }]];
  }
}

function wait(failures: number, chance: number): [Connection, Effect[]] {
  return [{ kind: "waiting", failures }, [{ do: "wait", ms: backoff(failures, chance) }]];
}
