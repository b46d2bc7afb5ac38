/**
 * How long versions that are saved by themselves wait for each other, so that nobody comes near the
 * server's budget by writing: eight hours without a pause use up a day's at the most.
 *
 * An ordinary draft is saved a few seconds after the last key; one of the largest size, which is
 * 128 times as large as the smallest, four minutes after the last version. On the device every word
 * is at once, and whoever wants it at the server now saves by hand.
 */

/** As in requests_mla/limits.py. */
export const DAY_BYTES = 67_108_864;
const WRITING_MS = 8 * 3_600_000;

/** Milliseconds from a version of so many bytes to the next. */
export const restAfter = (bytes: number): number => Math.ceil((bytes * WRITING_MS) / DAY_BYTES);
