/** A small region: one State, its two officers, and persons whose keys they vouch for. */

import { b64u } from "../../src/bytes";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { signStatement, type WireStatement } from "../../src/crypto/statements";
import type { Roots } from "../../src/verify/chain";

export const STATE = "SV";
const ISSUED = "2026-01-01T00:00:00Z";
const UNTIL = "2036-01-01T00:00:00Z";

export type Authority = {
  roots: Roots;
  statements: WireStatement[];
  /** Ed25519 seeds by person. */
  identity: Map<string, Uint8Array>;
  addPerson(): Promise<string>;
};

export async function makeAuthority(): Promise<Authority> {
  const seed = () => crypto.getRandomValues(new Uint8Array(32));
  const head = () => ({ serial: crypto.randomUUID(), issued: ISSUED, state: STATE });
  const publicOf = async (secret: Uint8Array) => b64u.encode(await publicKeyOf(secret));
  const root = seed();
  const officers = [seed(), seed()];
  const coordinator = seed();
  const statements: WireStatement[] = [];
  const identity = new Map<string, Uint8Array>();
  const roots: Roots = { [STATE]: await publicOf(root) };

  for (const officer of officers) {
    const fields = { person: crypto.randomUUID(), key: await publicOf(officer), until: UNTIL };
    statements.push(await signStatement("officer", { ...head(), ...fields }, [root]));
  }

  async function vouch(key: Uint8Array, roles: string[], by: Uint8Array): Promise<string> {
    const person = crypto.randomUUID();
    const mandate = { roles, office: "FGR", agency: "FGR", scope: "all", consultation: [] };
    const designation = { ...head(), person, ...mandate, from: ISSUED, until: UNTIL };
    statements.push(await signStatement("designation", designation, officers));
    const bound = { ...head(), person, key: await publicOf(key), fingerprint_words: "a b c d e f" };
    statements.push(await signStatement("binding", bound, [by]));
    identity.set(person, key);
    return person;
  }

  const [officer = seed()] = officers;
  await vouch(coordinator, ["coordinator"], officer);
  return {
    roots,
    statements,
    identity,
    addPerson: () => vouch(seed(), ["liaison"], coordinator),
  };
}
