/**
 * The log, watched from outside: `node casehub-client.mjs --policy FILE --memory DIR --url URL`.
 *
 * Needs no account and believes nothing but the policy file, which comes from the log's keepers by
 * another way than the server: `manage.py audit keys`. Each run follows every log of the policy
 * from the checkpoint that the last run believed, kept in DIR, reads all entries anew, and prints
 * one JSON line a log. It ends with 0 if all holds that is there yet, 1 if something does not, 2 if it could not be
 * decided. A log that was rolled back or rewritten leaves its two notes as evidence in DIR, and
 * the memory stays at the one that was believed first.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { judge, parseEvidence } from "../../src/verify/tlog/evidence";
import { Forked, follow, verifyEntries } from "../../src/verify/tlog/follow";
import { contradicts, statementsIn, taught } from "../../src/verify/tlog/grown";
import { Policy } from "../../src/verify/tlog/policy";
import { originsOf } from "../../src/verify/tlog/promise";
import { Malformed, Unproven } from "../../src/verify/tlog/refusal";

const HOLDS = 0;
const WRONG = 1;
const UNDECIDED = 2;
const TIMEOUT_MS = 20_000;

export type Told = Record<string, unknown>;
export type Watch = {
  policy: string;
  memory: string;
  url: string;
  /** In milliseconds since 1970. */
  clock: () => number;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  out: (line: Told) => void;
};

const list = v.array(v.object({ name: v.string(), origin: v.string() }));

/** The server did not answer as a log does: nothing is said about its honesty. */
class Unanswered extends Error {}

/** Looks at every log of the policy once; returns the exit code. */
export async function watchLogs({
  policy,
  memory,
  url,
  clock,
  fetch,
  out,
}: Watch): Promise<number> {
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`${url}/api/log${path}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Unanswered(`${path}: ${answer.status}`);
    return answer;
  };
  mkdirSync(memory, { recursive: true });
  const served = await (await get("/policy")).text();
  let trusted: Policy;
  try {
    trusted = await Policy.parse(await learned(policy, memory, served));
  } catch (error) {
    if (!(error instanceof Unproven || error instanceof Malformed)) throw error;
    out({ policy: true, holds: false, why: error.message });
    return WRONG;
  }
  const names = new Map(
    v.parse(list, await (await get("")).json()).map(({ name, origin }) => [origin, name]),
  );
  let worst = HOLDS;
  for (const origin of originsOf(trusted)) {
    const file = join(memory, encodeURIComponent(origin));
    const read = async (path: string) =>
      new Uint8Array(await (await get(`/${names.get(origin)}/${path}`)).arrayBuffer());
    if (!names.has(origin) && !existsSync(file) && isToCome(origin, clock())) {
      out({ log: origin, holds: null, why: "its year has not begun" });
      continue;
    }
    try {
      if (!names.has(origin)) throw new Unanswered("the server has no such log");
      const before = existsSync(file) ? readFileSync(file, "utf8") : null;
      const note = await (await get(`/${names.get(origin)}/checkpoint`)).text();
      const { checkpoint, cosigned } = await follow(trusted, origin, before, note, read);
      await verifyEntries(checkpoint, read);
      keep(file, note);
      out({
        log: origin,
        holds: true,
        size: checkpoint.size,
        cosigned: Object.fromEntries(cosigned),
      });
    } catch (error) {
      const undecided = !(error instanceof Unproven || error instanceof Malformed);
      if (error instanceof Forked) keep(`${file}.evidence`, `${error.before}\n${error.after}`);
      out({ log: origin, holds: undecided ? null : false, why: String((error as Error).message) });
      worst = worst === WRONG || !undecided ? WRONG : UNDECIDED;
    }
  }
  return worst;
}

/** A policy holds next year's key from December on; its log is there once that year has begun. */
function isToCome(origin: string, now: number): boolean {
  const year = /\/(\d{4})$/.exec(origin)?.[1];
  return year !== undefined && Number(year) > new Date(now).getUTCFullYear();
}

/**
 * Says what an evidence file shows to whoever believes this policy: 1 where signatures contradict
 * each other or a log once signed more, 2 where it shows nothing.
 */
export async function judgeEvidence(
  policy: string,
  file: string,
  out: (line: Told) => void,
): Promise<number> {
  try {
    const evidence = parseEvidence(file);
    const shows = await judge(evidence, await Policy.parse(policy));
    const { origin, why, seen } = evidence;
    out({ log: origin, why, seen, shows });
    return shows === "claim" ? UNDECIDED : WRONG;
  } catch (error) {
    if (!(error instanceof Unproven || error instanceof Malformed)) throw error;
    out({ shows: null, why: error.message });
    return UNDECIDED;
  }
}

/**
 * The policy with the keys that follow on its own, as this run and those before learned of them.
 *
 * @throws {Malformed} if what the server tells is none.
 * @throws {Unproven} if it contradicts what was learned before.
 */
async function learned(policy: string, memory: string, served: string): Promise<string> {
  const file = join(memory, "rotations");
  const known = existsSync(file) ? await taught(policy, readFileSync(file, "utf8")) : policy;
  if (await contradicts(known, served)) {
    throw new Unproven("the server names another key than the one that is known to follow");
  }
  const text = await taught(known, served);
  if (text !== known) keep(file, statementsIn(text));
  return text;
}

/** Whole or not at all: a memory cut in half would be no memory. */
function keep(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
}
