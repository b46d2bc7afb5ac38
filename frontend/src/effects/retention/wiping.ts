/**
 * What was deleted at the server at the end of its period goes from this device, too.
 *
 * A host that says so without its being true must not have a device destroy what only devices can
 * read: nothing goes that was said here within the period of the class, by this device's own clock
 * and this program's own table. So a lie costs nobody what is younger than the shortest period.
 */

import CLASSES from "../../api/classes.json";
import type { ErasedRow } from "../../api/retention";
import * as circles from "../../store/circle";
import { unindexAll } from "../../store/found";
import { type ErasedRecord, keys, type ThreadRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import type { Core } from "../core";
import { dropKeys } from "../frozen/freeze";

const YEAR_MS = 365 * 86_400_000;
const YEARS: Readonly<Record<string, number>> = CLASSES;

/** When something was last said in each of these circles here, milliseconds; 0 if never. */
export function lastSaid(threads: readonly (ThreadRecord | undefined)[]): number {
  return Math.max(0, ...threads.map((one) => Date.parse(one?.lastAt ?? "") || 0));
}

/** Whether a period of this class can be over that began no earlier than the last word. */
export function canBeOver(retention: string, last: number, now: number): boolean {
  const years = Object.hasOwn(YEARS, retention) ? YEARS[retention] : undefined;
  return years !== undefined && now - last >= years * YEAR_MS;
}

/** Delete what is here of circles that were deleted at the server, and note that it was. */
export async function wipe(core: Core, rows: readonly ErasedRow[]): Promise<void> {
  for (const row of rows) {
    const known = core.mirror.erased.get(row.circle);
    if (known !== undefined && !known.doubted) continue;
    // What was said in one thread of a case keeps its other threads, too.
    const beside = rows.filter((one) => one.case !== null && one.case === row.case);
    const about = new Set([row.circle, ...beside.map(({ circle }) => circle)]);
    await core.exclusive(async (tx) => {
      const threads = await Promise.all([...about].map((one) => tx.get(keys.thread(one))));
      const { circle, retention, at } = row;
      const doubted = !canBeOver(retention, lastSaid(threads), core.deps.clock());
      const kept: ErasedRecord = { circle, case: row.case, kind: row.kind, retention, at };
      if (doubted && known !== undefined) return; // the day may come, or its clock be put right
      if (!doubted) await remove(core, tx, row);
      tx.put(keys.erased(circle), doubted ? { ...kept, doubted } : kept);
    });
  }
}

async function remove(core: Core, tx: Tx, { circle, request }: ErasedRow): Promise<void> {
  dropKeys(core, tx, circle);
  await unindexAll(tx, circle);
  for (const prefix of circles.within(circle)) {
    for (const key of await tx.vault.keys(prefix)) tx.remove(key);
  }
  for (const key of circles.of(circle)) tx.remove(key);
  for (const [key, of] of await tx.list(keys.removals)) if (of === circle) tx.remove(key);
  for (const key of request === null ? [] : circles.ofDraft(request)) tx.remove(key);
}
