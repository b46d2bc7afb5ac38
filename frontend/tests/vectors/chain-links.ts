/** The people, keys and statements of the chain vectors: fixed, and of no use anywhere else. */
import { b64u, sha256, utf8 } from "../../src/bytes";
import type { Json } from "../../src/canonical";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { fingerprint } from "../../src/crypto/fingerprint";
import {
  digestOf,
  type StatementType,
  signStatement,
  type WireStatement,
} from "../../src/crypto/statements";

export type Fields = { readonly [key: string]: Json };

/** When the good chain was entered, and when it is asked about. */
export const START = "2026-11-20T12:00:00Z";
export const NOW = "2026-11-24T12:00:00Z";
export const LATER = "2027-11-20T12:00:00Z";
export const DEVICE_END = "2027-05-20T12:00:00Z";

/** So many hours after {@link START}. */
export function hours(count: number): string {
  const at = Date.parse(START) + count * 3_600_000;
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The same once it was made: every row begins with the whole chain, and signing takes its time. */
function once<Made>(make: (name: string) => Promise<Made>): (name: string) => Promise<Made> {
  const known = new Map<string, Promise<Made>>();
  return (name) => {
    const made = known.get(name) ?? make(name);
    known.set(name, made);
    return made;
  };
}

/** A key pair from a name, the same in every run; of no use anywhere else. */
export const seedOf = once<Uint8Array>((name) =>
  sha256(utf8.encode(`casehub test vector key: ${name}`)),
);

export const keyOf = once(async (name) => b64u.encode(await publicKeyOf(await seedOf(name))));

export const uuidOf = once(async (name) => {
  const digest = await sha256(utf8.encode(`casehub test vector uuid: ${name}`));
  const digits = Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0"));
  const text = digits.join("");
  const version = `4${text.slice(13, 16)}`;
  const variant = `8${text.slice(17, 20)}`;
  return [text.slice(0, 8), text.slice(8, 12), version, variant, text.slice(20)].join("-");
});

const signedOnce = once(async (text) => {
  const [type, fields, signers] = JSON.parse(text) as [StatementType, Fields, string[]];
  return signStatement(type, fields, await Promise.all(signers.map(seedOf)));
});

export type Logged = { at: string; name: string; statement: WireStatement | null };

/** A log of the directory in the making: what is added stands at the hour that was set. */
export class Log {
  entries: Logged[] = [];
  /** Hours after {@link START}. */
  hour = 0;

  at(hour: number): this {
    this.hour = hour;
    return this;
  }

  async add(
    type: StatementType,
    name: string,
    fields: Fields,
    signers: readonly string[],
  ): Promise<this> {
    const serial = await uuidOf(`${type} ${name}`);
    const at = hours(this.hour);
    const said = JSON.stringify([type, { serial, issued: at, ...fields }, signers]);
    const statement = await signedOnce(said);
    this.entries.push({ at, name: `${type} ${name}`, statement });
    return this;
  }

  /** In the place of the one of this name, at its hour. */
  async put(
    type: StatementType,
    name: string,
    fields: Fields,
    signers: readonly string[],
  ): Promise<this> {
    const place = this.entries.findIndex((one) => one.name === `${type} ${name}`);
    const rest = this.entries.splice(place);
    await this.at(0).add(type, name, fields, signers);
    this.entries.push(...rest.slice(1));
    return this;
  }

  without(type: StatementType, name: string): this {
    this.entries = this.entries.filter((one) => one.name !== `${type} ${name}`);
    return this;
  }

  /** An entry once more, at the hour that was set. */
  again(type: StatementType, name: string): this {
    const { statement = null } = this.entries.find((one) => one.name === `${type} ${name}`) ?? {};
    this.entries.push({ at: hours(this.hour), name: "again", statement });
    return this;
  }

  async digest(type: StatementType, name: string): Promise<string> {
    const found = this.entries.find((one) => one.name === `${type} ${name}`)?.statement;
    if (found == null) throw new Error(`no ${type} of ${name}`);
    return digestOf(found);
  }
}

const named = (name: string) => ({ name, post: "Cargo de prueba" });

export const root = async (state: string, name: string, previous?: string): Promise<Fields> => ({
  state,
  key: await keyOf(name),
  previous: previous === undefined ? null : await keyOf(previous),
  approval: "two-officers",
});

export const officer = async (state: string, name: string, key = name): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  ...named(name),
  key: await keyOf(key),
  from: START,
  until: LATER,
});

export const designation = async (
  state: string,
  name: string,
  roles: string[],
): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  ...named(name),
  roles,
  office: await uuidOf(`office of ${state}`),
  agency: "Fiscalía de prueba",
  scope: ["trafficking-in-persons"],
  languages: ["es"],
  from: START,
  until: LATER,
  urgent: false,
  consultation: [
    { agency_kind: "police", date: "2026-11-01", outcome: "no-objection", digest: null },
  ],
});

/** The same as version 2 says it: which part of the State, who stands in; six months at first. */
export const designationTwo = async (
  state: string,
  name: string,
  roles: string[],
): Promise<Fields> => ({
  ...(await designation(state, name, roles)),
  v: 2,
  region: "Frontera occidental",
  deputy: await uuidOf("cora"),
  until: hours(24 * 180),
});

/** The same as version 3 says it, with what she does besides. */
export const designationThree = async (
  state: string,
  name: string,
  roles: string[],
): Promise<Fields> => ({
  ...(await designationTwo(state, name, roles)),
  v: 3,
  functions: ["focal-point"],
});

export const binding = async (
  state: string,
  name: string,
  key = name,
  to = name,
): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  key: await keyOf(key),
  words: await fingerprint(b64u.decode(await keyOf(key))),
  designation: await uuidOf(`designation ${to}`),
});

export const device = async (state: string, name: string, which = name): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  device: await uuidOf(`device of ${which}`),
  signature_key: await keyOf(`signature of ${which}`),
  history_key: await keyOf(`history of ${which}`),
  from: START,
  until: DEVICE_END,
});

export const revocation = async (
  name: string,
  of: string | null,
  state = "SV",
): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  device: of === null ? null : await uuidOf(of),
  kind: of === null ? "suspended" : "device",
  reason: "prueba",
});

/**
 * SV: officers Olga and Omar, coordinator Cora, liaison Ana; Ana and Cora have devices. GT: officers
 * Gala and Gil, coordinator Gema.
 */
export async function good(): Promise<Log> {
  const log = new Log();
  for (const [state, first, second, coordinator] of [
    ["SV", "olga", "omar", "cora"],
    ["GT", "gala", "gil", "gema"],
  ] as const) {
    const key = `root ${state}`;
    await log.add("state-root", state, await root(state, key), [key]);
    await log.add("officer", first, await officer(state, first), [key]);
    await log.add("officer", second, await officer(state, second), [key]);
    log.entries.push({ at: START, name: "nothing signed", statement: null });
    const may = await designation(state, coordinator, ["coordinator", "liaison"]);
    await log.add("designation", coordinator, may, [first, second]);
    await log.add("binding", coordinator, await binding(state, coordinator), [first]);
  }
  const may = await designation("SV", "ana", ["liaison"]);
  await log.add("designation", "ana", may, ["cora", "olga", "omar"]);
  await log.add("binding", "ana", await binding("SV", "ana"), ["cora"]);
  await log.add("device", "ana", await device("SV", "ana"), ["ana"]);
  await log.add("device", "cora", await device("SV", "cora"), ["cora"]);
  return log;
}

export async function identityOf(name: string, state = "SV", which = name): Promise<Fields> {
  return {
    v: 1,
    state,
    person: await uuidOf(name),
    device: await uuidOf(`device of ${which}`),
    signature_key: await keyOf(`signature of ${which}`),
    history_key: await keyOf(`history of ${which}`),
    serial: await uuidOf(`device ${which}`),
  };
}
