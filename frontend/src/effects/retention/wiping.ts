/**
 * What was deleted at the server at the end of its period goes from this device, too.
 *
 * A host that says so without its being true must not have a device destroy what only devices can
 * read: nothing goes of a case of which something came in or was written here within the period of
 * the class, by this device's own clock (never the host's stamps), this program's own table, and
 * what was known here before of which circles are of one case and which draft is in which. What is
 * of unknown age counts as said when the host first claims its end. So a lie costs nobody what is
 * younger than the shortest period.
 */

import CLASSES from "../../api/classes.json";
import type { ErasedRow } from "../../api/retention";
import * as circles from "../../store/circle";
import { unindexAll } from "../../store/found";
import { type ErasedRecord, keys } from "../../store/records";
import type { Tx } from "../../store/vault";
import type { Core } from "../core";
import { dropKeys } from "../frozen/freeze";
import type { Mirror } from "../mirror";
import { caseOf } from "./touching";

const YEAR_MS = 365 * 86_400_000;
const YEARS: Readonly<Record<string, number>> = CLASSES;

/** Whether a period of this class can be over that began no earlier than the last word. */
export function canBeOver(retention: string, last: number, now: number): boolean {
  const years = Object.hasOwn(YEARS, retention) ? YEARS[retention] : undefined;
  return years !== undefined && now - last >= years * YEAR_MS;
}

/**
 * Delete what is here of circles that were deleted at the server, and note that it was.
 *
 * `looked`: those of which it is known in this session that nothing is stored here. Whatever is
 * found of a circle that was noted as deleted before, it is judged anew: it may have come later.
 */
export async function wipe(
  core: Core,
  rows: readonly ErasedRow[],
  looked: Set<string>,
): Promise<void> {
  for (const row of rows) {
    const { circle, retention, at, request } = row;
    const known = core.mirror.erased.get(circle);
    const same = known !== undefined && known.at === at;
    if (same && !known.doubted && looked.has(circle) && !isHere(core.mirror, circle)) continue;
    await core.exclusive(async (tx) => {
      const here = await isStored(tx, circle);
      if (same && !known.doubted && !here) return;
      const now = core.deps.clock();
      const { last, unknown } = await ageOf(tx, await ofOneCase(core, tx, row, rows));
      const since = unknown ? (known?.since ?? now) : undefined;
      // What was on its way when all went, and has no group: nothing can be said there any more.
      // Of what was noted before anything was here, nothing went: its age is looked at.
      const went = same && known.wiped === true;
      const left = went && (await tx.get(keys.thread(circle))) === undefined;
      const doubted = !left && !canBeOver(retention, Math.max(last, since ?? 0), now);
      const kept: ErasedRecord = {
        ...{ circle, case: row.case, kind: row.kind, retention, at },
        ...(request !== null && { request }),
        ...(doubted && { doubted, ...(since !== undefined && { since }) }),
        ...(!doubted && (here || went) && { wiped: true as const }),
      };
      // The day may come, or its clock be put right.
      if (same && doubted && known.doubted && known.since === kept.since) return;
      if (!doubted) await remove(core, tx, circle);
      tx.put(keys.erased(circle), kept);
    });
    looked.add(circle);
  }
}

/** Whether something came in since this session looked: in memory, at every answer. */
function isHere(mirror: Mirror, circle: string): boolean {
  const { threads, drafts, alongs, reads, commits, quiet } = mirror;
  const kept = [threads, drafts, alongs, reads, mirror.kept, commits, quiet];
  if (kept.some((map) => map.has(circle)) || mirror.outboxOf(circle).length > 0) return true;
  if (mirror.hasTyped(circle)) return true;
  return [...mirror.drafting.values()].some((draft) => draft.circle === circle);
}

/**
 * What was said in one thread of a case keeps its other threads, too: those that this device has
 * known to be of that case, and those of which the server says so now.
 */
async function ofOneCase(
  core: Core,
  tx: Tx,
  { circle, case: said }: ErasedRow,
  rows: readonly ErasedRow[],
): Promise<Set<string>> {
  const heard = (await tx.list(keys.allHeard)).map(
    ([key, record]) => [key.slice(keys.allHeard.length), record.case] as const,
  );
  const before = heard.find(([one]) => one === circle)?.[1];
  const cases = new Set([said, before, caseOf(core.mirror, circle)]);
  cases.delete(null);
  cases.delete(undefined);
  const listed = core.mirror.cases.filter(({ id }) => cases.has(id));
  const inside = listed.flatMap((one) => [
    one.circle,
    ...[...one.threads, ...one.drafts].map((other) => other.circle),
  ]);
  const known = heard.flatMap(([one, of]) => (of !== undefined && cases.has(of) ? [one] : []));
  const beside = rows.filter((one) => one.case !== null && cases.has(one.case));
  return new Set([circle, ...inside, ...known, ...beside.map((one) => one.circle)]);
}

/** When something came in or was written last in any of these; `unknown`: of some none can tell. */
async function ageOf(
  tx: Tx,
  about: ReadonlySet<string>,
): Promise<{ last: number; unknown: boolean }> {
  const times = [0];
  let unknown = false;
  for (const circle of about) {
    const heard = await tx.get(keys.heard(circle));
    if (heard !== undefined) times.push(heard.at);
    else if (await isStored(tx, circle)) unknown = true;
    // What waits here bears this device's own time, whoever wrote it.
    const waiting = [
      ...(await tx.list(keys.outboxOf(circle))),
      ...(await tx.list(keys.uploads(circle))),
    ];
    times.push(...waiting.map(([, { at }]) => Date.parse(at) || 0));
  }
  return { last: Math.max(...times), unknown };
}

async function isStored(tx: Tx, circle: string): Promise<boolean> {
  for (const prefix of circles.within(circle)) {
    if ((await tx.vault.keys(prefix)).length > 0) return true;
  }
  for (const key of circles.of(circle)) if ((await tx.get(key)) !== undefined) return true;
  return (await requestsOf(tx, circle)).size > 0;
}

/**
 * Requests that are drafted in a circle, as this device has known it or, where it wrote nothing of
 * one, as its members said in the circle itself. What the host says now binds nothing.
 */
async function requestsOf(tx: Tx, circle: string): Promise<Set<string>> {
  const said = new Set((await tx.list(keys.versionKeys(circle))).map(([, { request }]) => request));
  for (const [key, draft] of await tx.list(keys.drafting)) {
    const request = key.slice(keys.drafting.length);
    if (draft.circle === circle) said.add(request);
    else if (draft.circle !== undefined) said.delete(request);
  }
  return said;
}

async function remove(core: Core, tx: Tx, circle: string): Promise<void> {
  dropKeys(core, tx, circle);
  await unindexAll(tx, circle);
  for (const request of await requestsOf(tx, circle)) {
    for (const key of circles.ofDraft(request)) tx.remove(key);
    for (const prefix of circles.ofLetters(request)) {
      for (const key of await tx.vault.keys(prefix)) tx.remove(key);
    }
  }
  for (const prefix of circles.within(circle)) {
    for (const key of await tx.vault.keys(prefix)) tx.remove(key);
  }
  for (const key of circles.of(circle)) tx.remove(key);
  for (const [key, of] of await tx.list(keys.removals)) if (of === circle) tx.remove(key);
  // Exports for a court are kept by their wishes; what was made of one holds the thread's words.
  for (const [key, { wish }] of await tx.list(keys.wishes)) {
    if (wish.circle !== circle) continue;
    tx.remove(key);
    tx.remove(keys.madeExport(wish.id));
  }
}
