/**
 * What decides later whether the host may be believed that a period is over: by this device's own
 * clock, when something came into a circle or was written here for it. Looked at with every batch,
 * so that no way by which content comes can be forgotten.
 */

import { writtenAbout } from "../../store/circle";
import { type DraftRecord, keys, type LineRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import type { Core } from "../core";
import type { Mirror } from "../mirror";

/** Periods are years: within this nothing is written anew. */
const FINE_ENOUGH_MS = 3_600_000;

/** Note, with what a batch writes, that it comes now. What waits to be sent bears its own time. */
export async function touch(core: Core, tx: Tx): Promise<void> {
  const circles = new Set<string>();
  const requests = new Set<string>();
  for (const [key, value] of [...tx.changes]) {
    if (value === undefined) continue;
    if (key.startsWith("line/")) {
      // That the log has proven a line since is nothing new that was said.
      if (!("settled" in (value as LineRecord))) circles.add(key.split("/")[1] ?? "");
    } else if (key.startsWith(keys.drafts)) circles.add(key.slice(keys.drafts.length));
    else if (key.startsWith(keys.alongs)) circles.add(key.slice(keys.alongs.length));
    else if (key.startsWith(keys.allTyped)) circles.add(key.split("/")[1] ?? "");
    else if (key.startsWith(keys.drafting)) {
      const circle = bound(core, tx, key.slice(keys.drafting.length), value as DraftRecord);
      if (circle !== undefined) circles.add(circle);
    } else {
      const request = writtenAbout(key);
      if (request !== null) requests.add(request);
    }
  }
  for (const request of requests) {
    for (const circle of await circlesOf(tx, request)) circles.add(circle);
  }
  for (const circle of circles) await hear(core, tx, circle);
}

/** Where a request is drafted as far as is known here, and not from the host alone. */
async function circlesOf(tx: Tx, request: string): Promise<string[]> {
  const circle = (await tx.get(keys.draftOf(request)))?.circle;
  if (circle !== undefined) return [circle];
  const said = await tx.list(keys.allVersionKeys);
  return said.flatMap(([key, one]) => (one.request === request ? [key.split("/")[1] ?? ""] : []));
}

/** Which circle a draft is written in: what was known first stays, whatever a host says later. */
function bound(core: Core, tx: Tx, request: string, record: DraftRecord): string | undefined {
  const circle = record.circle ?? core.mirror.request(request)?.circle;
  if (record.circle === undefined && circle !== undefined) {
    tx.put(keys.draftOf(request), { ...record, circle });
  }
  return circle;
}

async function hear(core: Core, tx: Tx, circle: string): Promise<void> {
  const known = await tx.get(keys.heard(circle));
  const now = core.deps.clock();
  const belongs = known?.case ?? caseOf(core.mirror, circle);
  if (known && known.at > now - FINE_ENOUGH_MS && known.case === belongs) return;
  const at = Math.max(now, known?.at ?? 0);
  tx.put(keys.heard(circle), { at, ...(belongs !== undefined && { case: belongs }) });
}

/** The case of a circle, as the server lists it now. */
export function caseOf(mirror: Mirror, circle: string): string | undefined {
  const found = mirror.cases.find(
    (one) =>
      one.circle === circle ||
      [...one.threads, ...one.drafts].some((other) => other.circle === circle),
  );
  const of = (rows: readonly { circle: string; case: string | null }[]) =>
    rows.find((row) => row.circle === circle)?.case ?? undefined;
  return found?.id ?? of(mirror.requests) ?? of(mirror.notes);
}
