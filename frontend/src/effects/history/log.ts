/**
 * The part of a thread's log that lies before this device came in, held against the hash chain: its
 * end is known here, and what comes before is what it says or nothing is.
 */

import type { Entry } from "../../api/schema";
import { equal } from "../../bytes";
import { MlsRefused } from "../../crypto/refusal";
import { messageData } from "../../crypto/wire";
import { firstChain, nextChain } from "../../state/chain";
import type { Change } from "../../verify/court/changes";
import { actBeside } from "../beside";

const PAGE = 200;

export type Earlier = {
  /** The entries that were asked for. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** What was taken back or edited, as stands in clear; whoever did it. */
  readonly changes: readonly Change[];
  /** Which device posted each entry from the first on. */
  readonly devices: ReadonlyMap<number, string>;
};

type Place = {
  readonly circle: string;
  /** Where this device came in. */
  readonly since: { readonly seq: number; readonly chain: Uint8Array };
  readonly page: (
    circle: string,
    after: number,
    limit: number,
  ) => Promise<{ readonly entries: readonly Entry[] }>;
};

/**
 * Read from entry `first` on to where this device came in; of the entries there keep those `wanted`.
 * Null if that is another log than the one that this device stands in.
 *
 * The chain value before `first` is the server's word: with another one, or with anything else in
 * between, the end would be another one, too.
 */
export async function earlier(
  { circle, since, page }: Place,
  first: number,
  wanted: ReadonlySet<number>,
): Promise<Earlier | null> {
  const entries = new Map<number, Entry>();
  const changes: Change[] = [];
  const devices = new Map<number, string>();
  let at = Math.max(0, first - 2);
  let chain = at === 0 ? await firstChain(circle) : null;
  while (at < since.seq) {
    const found = (await page(circle, at, Math.min(PAGE, since.seq - at))).entries;
    if (found.length === 0) return null;
    for (const entry of found) {
      at += 1;
      if (entry.seq !== at || at > since.seq) return null;
      if (chain === null) {
        chain = entry.chain; // of the one before the first: all others are computed after it
        continue;
      }
      chain = await nextChain(chain, entry);
      if (wanted.has(at)) entries.set(at, { ...entry, chain });
      const { device, kind } = entry;
      devices.set(at, device);
      const act = kind === "message" ? actBeside(dataOf(entry)) : null;
      if (act?.kind === "withdraw" || act?.kind === "edit") {
        changes.push({ seq: at, kind: act.kind, about: act.about, device });
      }
    }
  }
  return chain !== null && equal(chain, since.chain) ? { entries, changes, devices } : null;
}

function dataOf({ body }: Entry): Uint8Array {
  try {
    return messageData(body);
  } catch (error) {
    if (error instanceof MlsRefused) return new Uint8Array();
    throw error;
  }
}
