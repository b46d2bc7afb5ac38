/** A small region: two States, their officers, and persons whose keys they vouch for. */

import { b64u } from "../../src/bytes";
import type { Json } from "../../src/canonical";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { fingerprint } from "../../src/crypto/fingerprint";
import {
  digestOf,
  instantText,
  type StatementType,
  signStatement,
} from "../../src/crypto/statements";
import type { Roots } from "../../src/verify/chain";
import { DirectoryInHand } from "./directory";

/** The State whose persons are meant where nothing else is said, and a neighbour. */
export const STATE = "SV";
export const NEIGHBOUR = "MX";
const DAY_MS = 24 * 3_600_000;
/** Everybody here is designated urgently, for a week: no one waits a day for what States share. */
const WEEK_MS = 7 * DAY_MS;
/** The region began so long ago, so that somebody's time can be over. */
const SINCE_MS = 3 * DAY_MS;

export type Authority = {
  roots: Roots;
  directory: DirectoryInHand;
  /** Ed25519 seeds by person. */
  identity: Map<string, Uint8Array>;
  stateOf(person: string): string;
  /** The person who coordinates a State's prosecutors. */
  chief(state?: string): string;
  /** `until`: when the designation ends. */
  addPerson(until?: string, state?: string, urgent?: boolean): Promise<string>;
  /** A second coordinator; from then on a liaison. */
  addCoordinator(): Promise<string>;
  demote(person: string, from: string): Promise<void>;
  /**
   * Designated in other roles, under the same key; or only approved, and never `bound`. With
   * `functions` as version 3 says it.
   */
  reassign(person: string, roles: string[], bound?: boolean, functions?: string[]): Promise<void>;
  /** The coordinator says that their key, and all that rests on it, counts no more. */
  revoke(person: string): Promise<void>;
  /** The coordinator stops somebody; names the statement that a reinstatement lifts. */
  suspend(person: string): Promise<string>;
  /** The coordinator stops one device of somebody, who is not stopped. */
  retire(person: string, device: string): Promise<void>;
  /** The coordinator and an officer lift it. */
  reinstate(person: string, revokes: string): Promise<void>;
};

type Made = Pick<Authority, "directory" | "identity"> & { states: Map<string, string> };
type Fields = { readonly [key: string]: Json };
type Ministry = { root: string; coordinator: Uint8Array; officers: Uint8Array[]; chief: string };

export const OFFICE = crypto.randomUUID();
const named = { name: "Persona Ficticia", post: "Fiscal" };
const seed = () => crypto.getRandomValues(new Uint8Array(32));
const publicOf = async (secret: Uint8Array) => b64u.encode(await publicKeyOf(secret));
const mandate = (roles: string[]) => ({
  ...named,
  ...{ roles, office: OFFICE, agency: "FGR", scope: [], languages: ["es"] },
  consultation: [
    { agency_kind: "police", date: "2026-01-01", outcome: "no-objection", digest: null },
  ],
});

/** When the authority says what it says: never before what was said. */
const nowOf = ({ directory }: Made) => Math.max(directory.last, Date.now() - SINCE_MS);

async function enter(
  made: Made,
  type: StatementType,
  fields: Fields,
  signers: readonly Uint8Array[],
): Promise<string> {
  const head = { serial: crypto.randomUUID(), issued: instantText(nowOf(made)) };
  const statement = await signStatement(type, { ...head, ...fields }, signers);
  await made.directory.push(statement);
  return type === "revocation" ? digestOf(statement) : head.serial;
}

export async function makeAuthority(): Promise<Authority> {
  const made: Made = {
    directory: new DirectoryInHand(),
    identity: new Map(),
    states: new Map(),
  };
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
    addPerson: (until, state = STATE, urgent = true) => {
      const { officers, coordinator } = ministry(state);
      const by = [coordinator, ...officers];
      return vouch(made, state, by, ["liaison"], [coordinator], { until, urgent });
    },
    addCoordinator: () => {
      const { officers, coordinator } = ministry(STATE);
      const hands = [coordinator, ...officers]; // in a hurry it takes a coordinator's as well
      return vouch(made, STATE, hands, ["coordinator"], officers.slice(0, 1));
    },
    demote: async (person, from) => {
      const { officers, coordinator } = ministry(STATE);
      const until = instantText(Date.parse(from) + WEEK_MS / 2);
      const term = { state: STATE, person, ...mandate(["liaison"]), from, until, urgent: true };
      const designation = await enter(made, "designation", term, [coordinator, ...officers]);
      await bind(made, STATE, person, designation, [coordinator]);
    },
    reassign: async (person, roles, bound = true, functions = undefined) => {
      const state = stateOf(person);
      const { officers, coordinator } = ministry(state);
      const now = nowOf(made);
      const time = { from: instantText(now), until: instantText(now + WEEK_MS), urgent: true };
      const third = functions && { v: 3, region: null, deputy: null, functions };
      const term = { state, person, ...mandate(roles), ...time, ...third };
      const designation = await enter(made, "designation", term, [coordinator, ...officers]);
      if (bound) await bind(made, state, person, designation, [coordinator]);
    },
    revoke: async (person) => {
      const state = stateOf(person);
      const fields = { state, person, device: null, kind: "removed", reason: "lost" };
      await enter(made, "revocation", fields, [ministry(state).coordinator]);
    },
    suspend: (person) => {
      const state = stateOf(person);
      const fields = { state, person, device: null, kind: "suspended", reason: "device-lost" };
      return enter(made, "revocation", fields, [ministry(state).coordinator]);
    },
    retire: async (person, device) => {
      const state = stateOf(person);
      const fields = { state, person, device, kind: "device", reason: "device-lost" };
      await enter(made, "revocation", fields, [ministry(state).coordinator]);
    },
    reinstate: async (person, revokes) => {
      const state = stateOf(person);
      const { coordinator, officers } = ministry(state);
      const by = [coordinator, ...officers.slice(0, 1)];
      await enter(made, "reinstatement", { state, person, revokes }, by);
    },
  };
}

async function found(made: Made, state: string): Promise<Ministry> {
  const root = seed();
  const key = await publicOf(root);
  const now = nowOf(made);
  await enter(made, "state-root", { state, key, previous: null, approval: "two-officers" }, [root]);
  const officers = [seed(), seed()];
  for (const officer of officers) {
    const term = { from: instantText(now), until: instantText(now + 300 * DAY_MS) };
    const fields = { person: crypto.randomUUID(), ...named, key: await publicOf(officer) };
    await enter(made, "officer", { state, ...fields, ...term }, [root]);
  }
  const chief = await vouch(made, state, officers, ["coordinator"], officers.slice(0, 1), {
    urgent: false,
  });
  const coordinator = made.identity.get(chief) ?? seed();
  return { root: key, coordinator, officers, chief };
}

async function vouch(
  made: Made,
  state: string,
  officers: Uint8Array[],
  roles: string[],
  by: Uint8Array[],
  { until, urgent = true }: { until?: string | undefined; urgent?: boolean } = {},
): Promise<string> {
  const key = await seed();
  const person = crypto.randomUUID();
  const now = nowOf(made);
  const longest = urgent ? WEEK_MS : 300 * DAY_MS;
  const term = { from: instantText(now), until: until ?? instantText(now + longest), urgent };
  const fields = { state, person, ...mandate(roles), ...term };
  const designation = await enter(made, "designation", fields, officers);
  made.identity.set(person, key);
  made.states.set(person, state);
  await bind(made, state, person, designation, by);
  return person;
}

/** Vouch for a person's key in a designation. */
async function bind(
  made: Made,
  state: string,
  person: string,
  designation: string,
  by: Uint8Array[],
): Promise<void> {
  const own = await publicKeyOf(made.identity.get(person) ?? seed());
  const words = await fingerprint(own);
  await enter(made, "binding", { state, person, key: b64u.encode(own), words, designation }, by);
}
