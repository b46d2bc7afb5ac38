/** By whose signatures a person counts, as the chain of signed statements says on this device. */

import type { WireStatement } from "../../api/schema";
import { b64u, hex, sha256 } from "../../bytes";
import {
  readStatement,
  type Statement,
  StatementMalformed,
  type StatementOf,
} from "../../crypto/statements";
import type { ChainReason, Roots } from "../../verify/chain";
import { Directory } from "../../verify/chain/unordered";

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
    }
  | { readonly level: "unverified"; readonly why: ChainReason };

/** Judge each of `people` by these statements as of `now` (milliseconds since 1970). */
export async function standings(
  people: readonly string[],
  wires: readonly WireStatement[],
  roots: Roots,
  now: number,
): Promise<Map<string, Standing>> {
  const read: Statement[] = [];
  for (const wire of wires) {
    try {
      read.push(await readStatement(wire));
    } catch (error) {
      if (!(error instanceof StatementMalformed)) throw error;
    }
  }
  const directory = new Directory(read, roots, now);
  const officers = read.filter(
    (one): one is StatementOf<"officer"> =>
      one.type === "officer" &&
      Object.hasOwn(roots, one.fields.state) &&
      one.signers.has(roots[one.fields.state] ?? "") &&
      one.fields.until > now,
  );
  const found = new Map<string, Standing>();
  for (const person of people) found.set(person, await judge(person, directory, read, officers));
  return found;
}

async function judge(
  person: string,
  directory: Directory,
  read: readonly Statement[],
  officers: readonly StatementOf<"officer">[],
): Promise<Standing> {
  const mandate = officers.find(({ fields }) => fields.person === person);
  if (mandate !== undefined) {
    const { key, issued, until } = mandate.fields;
    return { level: "officer", fingerprint: await fingerprintOf(key), issued, until, by: [] };
  }
  const verdict = directory.person(person);
  if (!verdict.ok && verdict.why !== "no-binding") return { level: "unverified", why: verdict.why };
  const until = directory.designatedUntil(person);
  const designation = read.find(
    (one): one is StatementOf<"designation"> =>
      one.type === "designation" &&
      one.fields.person === person &&
      one.fields.until === until &&
      signersOf(one, officers).length > 1,
  );
  if (designation === undefined) return { level: "unverified", why: "designation-unsigned" };
  return {
    level: verdict.ok ? "key" : "designated",
    fingerprint: verdict.ok ? await fingerprintOf(verdict.bound.key) : "",
    issued: designation.fields.issued,
    until,
    by: signersOf(designation, officers),
  };
}

function signersOf(
  { fields, signers }: StatementOf<"designation">,
  officers: readonly StatementOf<"officer">[],
): string[] {
  const signing = officers.filter(
    (one) => one.fields.state === fields.state && signers.has(one.fields.key),
  );
  return [...new Set(signing.map((one) => one.fields.person))];
}

async function fingerprintOf(key: string): Promise<string> {
  return hex.encode(await sha256(b64u.decode(key)));
}
