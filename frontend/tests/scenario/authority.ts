/** A small region: two States, their officers, and persons whose keys they vouch for. */

import { b64u } from "../../src/bytes";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { fingerprint } from "../../src/crypto/fingerprint";
import { signStatement, type WireStatement } from "../../src/crypto/statements";
import type { Roots } from "../../src/verify/chain";

/** The State whose persons are meant where nothing else is said, and a neighbour. */
export const STATE = "SV";
export const NEIGHBOUR = "MX";
const ISSUED = "2026-01-01T00:00:00Z";
const UNTIL = "2036-01-01T00:00:00Z";

export type Authority = {
  roots: Roots;
  statements: WireStatement[];
  /** Ed25519 seeds by person. */
  identity: Map<string, Uint8Array>;
  stateOf(person: string): string;
  /** The person who coordinates a State's prosecutors. */
  chief(state?: string): string;
  /** `until`: when the designation ends. */
  addPerson(until?: string, state?: string): Promise<string>;
  /** A second coordinator; from then on a liaison. */
  addCoordinator(): Promise<string>;
  demote(person: string, from: string): Promise<void>;
  /** The person says that their own key, and all that rests on it, counts no more. */
  revoke(person: string): Promise<void>;
};

type Made = Pick<Authority, "statements" | "identity"> & { states: Map<string, string> };
type Ministry = {
  root: string;
  coordinator: Uint8Array;
  officers: Uint8Array[];
  chief: string;
};

const OFFICE = crypto.randomUUID();
const named = { name: "Persona Ficticia", post: "Fiscal" };
const mandate = (roles: string[]) => ({
  ...named,
  ...{ roles, office: OFFICE, agency: "FGR", scope: [], languages: ["es"], urgent: false },
  consultation: [],
});
const seed = () => crypto.getRandomValues(new Uint8Array(32));
const head = (state: string) => ({ serial: crypto.randomUUID(), issued: ISSUED, state });
const publicOf = async (secret: Uint8Array) => b64u.encode(await publicKeyOf(secret));

export async function makeAuthority(): Promise<Authority> {
  const made: Made = { statements: [], identity: new Map(), states: new Map() };
  const ministries = new Map<string, Ministry>();
  for (const state of [STATE, NEIGHBOUR]) ministries.set(state, await found(made, state));
  const ministry = (state: string): Ministry => {
    const one = ministries.get(state);
    if (one === undefined) throw new Error(`no ministry of ${state}`);
    return one;
  };
  const stateOf = (person: string) => made.states.get(person) ?? STATE;
  return {
    ...made,
    roots: Object.fromEntries([...ministries].map(([state, { root }]) => [state, root])) as Roots,
    stateOf,
    chief: (state = STATE) => ministry(state).chief,
    addPerson: (until = UNTIL, state = STATE) => {
      const { officers, coordinator } = ministry(state);
      return vouch(made, state, officers, ["liaison"], coordinator, until);
    },
    addCoordinator: () => {
      const { officers } = ministry(STATE);
      return vouch(made, STATE, officers, ["coordinator"], officers[0] ?? seed());
    },
    demote: async (person, from) => {
      const { officers, coordinator } = ministry(STATE);
      const later = { ...head(STATE), issued: "2026-01-02T00:00:00Z" };
      const designation = { ...later, person, ...mandate(["liaison"]), from, until: UNTIL };
      made.statements.push(await signStatement("designation", designation, officers));
      const key = await publicOf(made.identity.get(person) ?? seed());
      const words = await fingerprint(b64u.decode(key));
      const bound = { ...later, person, key, words, designation: later.serial };
      made.statements.push(await signStatement("binding", bound, [coordinator]));
    },
    revoke: async (person) => {
      const state = stateOf(person);
      const fields = { ...head(state), person, device: null, kind: "removed", reason: "lost" };
      const { coordinator } = ministry(state);
      made.statements.push(await signStatement("revocation", fields, [coordinator]));
    },
  };
}

async function found(made: Made, state: string): Promise<Ministry> {
  const root = seed();
  const officers = [seed(), seed()];
  for (const officer of officers) {
    const term = { from: ISSUED, until: UNTIL };
    const fields = { person: crypto.randomUUID(), ...named, key: await publicOf(officer), ...term };
    made.statements.push(await signStatement("officer", { ...head(state), ...fields }, [root]));
  }
  const [officer = seed()] = officers;
  const coordinator = await vouch(made, state, officers, ["coordinator"], officer);
  const key = made.identity.get(coordinator) ?? seed();
  return { root: await publicOf(root), coordinator: key, officers, chief: coordinator };
}

async function vouch(
  made: Made,
  state: string,
  officers: Uint8Array[],
  roles: string[],
  by: Uint8Array,
  until = UNTIL,
): Promise<string> {
  const key = seed();
  const person = crypto.randomUUID();
  const designation = { ...head(state), person, ...mandate(roles), from: ISSUED, until };
  made.statements.push(await signStatement("designation", designation, officers));
  const own = await publicKeyOf(key);
  const words = await fingerprint(own);
  const serial = { designation: designation.serial };
  const bound = { ...head(state), person, key: b64u.encode(own), words, ...serial };
  made.statements.push(await signStatement("binding", bound, [by]));
  made.identity.set(person, key);
  made.states.set(person, state);
  return person;
}
