/**
 * Locking: what was decrypted leaves the memory by a reload, in every tab; this says what stays.
 *
 * That is the name of whoever was here and since when, for the page that comes after the reload. It
 * is kept by the browser for this tab alone and goes when somebody signs in.
 */

const KEY = "casehub.locked";
const CHANNEL = "casehub-lock";

export type Locked = {
  name: string;
  /** ISO, by this device's clock. */
  at: string;
  /** "asked": by hand, here or in another tab; "idle": nobody had been at the page. */
  why: "asked" | "idle";
};

function stored(): Locked | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (typeof value !== "object" || value === null) return null;
    const { name, at, why } = value as Record<string, unknown>;
    const sound =
      typeof name === "string" && typeof at === "string" && !Number.isNaN(Date.parse(at));
    return sound ? { name, at, why: why === "idle" ? "idle" : "asked" } : null;
  } catch {
    return null; // unreadable or forbidden storage: an ordinary sign-in does
  }
}

class Lock {
  now: Locked | null = $state.raw(stored());

  set(locked: Locked): void {
    this.now = locked;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(locked));
    } catch {
      // forbidden storage: the page says less after the reload
    }
  }

  clear(): void {
    if (this.now === null) return;
    this.now = null;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // there was nothing then
    }
  }
}

export const lock = new Lock();

/** Tell the other tabs; `heard` is called when another one locks. Returns both ways to end it. */
export function lockedTogether(heard: (why: Locked["why"]) => void): {
  tell: (why: Locked["why"]) => void;
  stop: () => void;
} {
  if (typeof BroadcastChannel === "undefined")
    return { tell: () => undefined, stop: () => undefined };
  const line = new BroadcastChannel(CHANNEL);
  line.onmessage = ({ data }) => heard(data === "idle" ? "idle" : "asked");
  return { tell: (why) => line.postMessage(why), stop: () => line.close() };
}
