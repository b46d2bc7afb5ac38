/** Looking at a server again and again: it rings for devices alone, and not for all that there is. */

/** Hears of something; returns the way to hear no more. */
type Ring = (heard: () => void) => () => void;

type How = {
  /** What rings between two looks. */
  readonly ring?: Ring;
  /** Whether somebody has looked since it rang last. */
  readonly isAnswered?: () => boolean;
  /** When the page is seen again it is looked only if a look fell out meanwhile. */
  readonly isPatient?: boolean;
};

/** While others write it rings and rings: it is looked at once for all of it. */
const TOGETHER_MS = 2_000;

/** Do something once for all that rings within two seconds; returns the way to stop. */
export function together(ring: Ring, then: () => void): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const deaf = ring(() => {
    soon ??= setTimeout(() => {
      soon = undefined;
      then();
    }, TOGETHER_MS);
  });
  return () => {
    clearTimeout(soon);
    deaf();
  };
}

/**
 * Look now, so often while the page is seen, and when it is seen again; returns the way to stop.
 * What cannot be looked at now is at the next look.
 */
export function whileSeen(
  look: () => Promise<unknown>,
  everyMs: number,
  { ring, isAnswered = () => false, isPatient = false }: How = {},
): () => void {
  let isOwed = false;
  const now = (): void => {
    isOwed = document.visibilityState !== "visible";
    if (!isOwed) void look().catch(() => undefined);
  };
  const seen = (): void => {
    if (isOwed || !isPatient) now();
  };
  now();
  const timer = setInterval(now, everyMs);
  const deaf =
    ring &&
    together(ring, () => {
      if (!isAnswered()) now();
    });
  document.addEventListener("visibilitychange", seen);
  return () => {
    clearInterval(timer);
    deaf?.();
    document.removeEventListener("visibilitychange", seen);
  };
}
