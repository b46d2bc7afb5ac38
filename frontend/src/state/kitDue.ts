/** When a person is to show again that they still hold the paper of their recovery kit. Pure. */

const DAY_MS = 24 * 3_600_000;
/** A proof counts for so long. */
export const PROOF_DAYS = 30;
/** "Not now" is not asked again for so long. */
export const LATER_DAYS = 7;

export type KitDue = {
  /** Whether to remind now. */
  due: boolean;
  /** Of the last proof, as far as anybody knows; null if there was none. */
  since: string | null;
  /** Whole days since then; 0 without one. */
  days: number;
};

/**
 * @param kept whether there is a backup for a kit to open: without one nobody is reminded
 * @param provenOn the day (UTC, `YYYY-MM-DD`) that the server was told of last
 * @param provenHere when it was proven in this browser last
 * @param later until when it was put off here
 * @param now milliseconds since 1970
 */
export function kitDue({
  kept,
  provenOn,
  provenHere,
  later,
  now,
}: {
  kept: boolean;
  provenOn: string | null;
  provenHere: string | null;
  later: string | null;
  now: number;
}): KitDue {
  const said = provenOn === null ? null : `${provenOn}T00:00:00.000Z`;
  const known = [said, provenHere].flatMap((one) => (one === null ? [] : [one]));
  const since = known.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
  const days = since === null ? 0 : Math.max(0, Math.floor((now - Date.parse(since)) / DAY_MS));
  const old = since === null || days >= PROOF_DAYS;
  return { due: kept && old && !isPutOff(later, now), since, days };
}

/** A clock that was set back does not put it off for longer than anybody may. */
function isPutOff(later: string | null, now: number): boolean {
  if (later === null) return false;
  const left = Date.parse(later) - now;
  return left > 0 && left <= LATER_DAYS * DAY_MS;
}

/** Until when it is put off by somebody who says so now. */
export function putOffFrom(now: number): string {
  return new Date(now + LATER_DAYS * DAY_MS).toISOString();
}
