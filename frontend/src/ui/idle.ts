/** How long nobody has been at the page, and what follows from it: pure. Times in milliseconds. */

/** The server is told of a hand on the keyboard at most this often. */
export const TELL_EVERY = 60_000;
/** How long before the end the page says so. */
export const WARN_BEFORE = 120_000;

export type Presence = {
  now: number;
  /** When a key or a pointer was last used here. */
  usedAt: number;
  /** When the server was last told, or answered how long is left. */
  toldAt: number;
  /** When the session ends as the server sees it. */
  endsAt: number;
  /** How long it lasts after the last use. */
  lasts: number;
};

/**
 * `tell`: somebody was here since the server last heard. `ask`: it may be over, or another tab may
 * have kept it awake. `lock`: over by our own count, whatever the server says or cannot say.
 */
export type Due = "nothing" | "tell" | "ask" | "lock";

export function dueNow({ now, usedAt, toldAt, endsAt, lasts }: Presence): Due {
  // First of all: after a sleep there may be no network to tell, and then a hand that is not theirs.
  if (now >= endsAt && now - usedAt >= lasts) return "lock";
  if (usedAt > toldAt && now - toldAt >= TELL_EVERY) return "tell";
  return now < endsAt - WARN_BEFORE || now - toldAt < WARN_BEFORE / 4 ? "nothing" : "ask";
}

/** Whole seconds to say in the warning, or null while there is nothing to warn of. */
export function secondsLeft({ now, usedAt, endsAt }: Presence): number | null {
  const left = endsAt - now;
  // Who has just used the page is not warned: the server hears of it in a moment.
  if (left > WARN_BEFORE || now - usedAt < TELL_EVERY) return null;
  return Math.max(0, Math.ceil(left / 1000));
}
