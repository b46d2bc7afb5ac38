/** By whose signatures a person counts, as the directory's log replayed on this device says. */

import { b64u, hex, sha256 } from "../../bytes";
import { type ChainReason, type Directory, REASONS_OF_TIME } from "../../verify/chain";

/**
 * `key`: designated, and their key vouched for. `designated`: the same without a key, as those are
 * who enter no case. `officer`: one of their ministry, named by its root. Else why it does not hold.
 */
export type Standing =
  | {
      readonly level: "key" | "designated" | "officer";
      /** SHA-256 of the vouched-for key, in hex; empty where there is none. */
      readonly fingerprint: string;
      /** Milliseconds since 1970. */
      readonly issued: number;
      readonly until: number;
      /** The officers who signed, by person. */
      readonly by: readonly string[];
      /** One officer signed, in a State whose root says that one and the coordinator are enough. */
      readonly weaker?: true;
      /** The part of the State, null for all of it; what version 1 signed says nothing of it. */
      readonly region?: string | null;
      /** The person who stands in; null for nobody. */
      readonly deputy?: string | null;
      /** What they do besides; an officer of the ministry has none. */
      readonly functions?: readonly string[];
    }
  | {
      readonly level: "unverified";
      readonly why: ChainReason;
      /** Of whoever counted and is away: who stands in, and what they did besides, as it was signed. */
      readonly deputy?: string;
      readonly functions?: readonly string[];
    };

/** Judge each of `people` as of `now` (milliseconds since 1970). */
export async function standings(
  people: readonly string[],
  directory: Directory,
  now: number,
): Promise<Map<string, Standing>> {
  const found = new Map<string, Standing>();
  for (const person of people) found.set(person, await judge(person, directory, now));
  return found;
}

async function judge(person: string, directory: Directory, now: number): Promise<Standing> {
  const mandate = directory.officer(person, { now });
  if (mandate !== null) {
    const { key, from: issued, until } = mandate;
    return { level: "officer", fingerprint: await fingerprintOf(key), issued, until, by: [] };
  }
  const verdict = directory.person(person, { now });
  if (!verdict.ok && verdict.why !== "no-binding") {
    // Just of whoever is away it is asked who stands in. Only time is against them: it was signed well.
    const last = REASONS_OF_TIME.has(verdict.why) ? directory.term(person) : null;
    const { deputy, functions = [] } = last ?? {};
    return { level: "unverified", why: verdict.why, functions, ...(deputy && { deputy }) };
  }
  const term = directory.term(person);
  if (term === null) return { level: "unverified", why: "no-designation" };
  return {
    level: verdict.ok ? "key" : "designated",
    fingerprint: verdict.ok ? await fingerprintOf(verdict.bound.key) : "",
    ...term,
    ...(verdict.ok && { functions: [...verdict.bound.functions] }),
    ...(term.by.length < 2 && directory.isWeakerFor(person) && { weaker: true as const }),
  };
}

async function fingerprintOf(key: string): Promise<string> {
  return hex.encode(await sha256(b64u.decode(key)));
}
