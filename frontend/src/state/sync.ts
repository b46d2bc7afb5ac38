/** Following a thread's log: is what arrived next, old, or is something missing? Pure. */

/**
 * Cut what arrived to what can be applied after `cursor`.
 *
 * `missing` says that entries lie between the cursor and what arrived: fetch the log, which will
 * contain these too. Entries arrive in order; doubles are dropped.
 */
export function continuing<E extends { seq: number }>(
  cursor: number,
  entries: readonly E[],
): { next: E[]; missing: boolean } {
  const next: E[] = [];
  let at = cursor;
  for (const entry of entries) {
    if (entry.seq <= at) continue;
    if (entry.seq > at + 1) return { next, missing: true };
    next.push(entry);
    at = entry.seq;
  }
  return { next, missing: false };
}

/** Threads whose head on the server is ahead of where this device stands. */
export function behind(
  heads: Readonly<Record<string, number>>,
  cursors: ReadonlyMap<string, number>,
): string[] {
  return Object.entries(heads)
    .filter(([thread, head]) => (cursors.get(thread) ?? Number.POSITIVE_INFINITY) < head)
    .map(([thread]) => thread);
}
