/** The people, keys and links of the chain vectors: fixed, and of no use anywhere else. */
import { b64u, sha256, utf8 } from "../../src/bytes";
import type { Json } from "../../src/canonical";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { fingerprint } from "../../src/crypto/fingerprint";
import { type StatementType, signStatement, type WireStatement } from "../../src/crypto/statements";

export type Fields = { readonly [key: string]: Json };

export const NOW = "2026-11-24T12:00:00Z";
export const LONG_AGO = "2025-01-01T00:00:00Z";
export const RECENTLY = "2026-01-01T00:00:00Z";
export const YESTERDAY = "2026-11-23T12:00:00Z";
export const TOMORROW = "2026-11-25T12:00:00Z";
export const LATER = "2027-11-24T12:00:00Z";

/** A key pair from a name, the same in every run; of no use anywhere else. */
export async function seedOf(name: string): Promise<Uint8Array> {
  return sha256(utf8.encode(`casehub test vector key: ${name}`));
}

export async function keyOf(name: string): Promise<string> {
  return b64u.encode(await publicKeyOf(await seedOf(name)));
}

export async function uuidOf(name: string): Promise<string> {
  const digest = await sha256(utf8.encode(`casehub test vector uuid: ${name}`));
  const digits = Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0"));
  const text = digits.join("");
  const version = `4${text.slice(13, 16)}`;
  const variant = `8${text.slice(17, 20)}`;
  return [text.slice(0, 8), text.slice(8, 12), version, variant, text.slice(20)].join("-");
}

async function sign(
  type: StatementType,
  name: string,
  fields: Fields,
  signers: readonly string[],
): Promise<WireStatement> {
  const seeds = await Promise.all(signers.map(seedOf));
  const serial = await uuidOf(`${type} ${name}`);
  return signStatement(type, { serial, issued: RECENTLY, ...fields }, seeds);
}

/** The links of one good chain; a broken one exchanges or leaves out some. */
export class Links {
  #links = new Map<string, WireStatement>();

  async put(
    type: StatementType,
    name: string,
    fields: Fields,
    signers: readonly string[],
  ): Promise<this> {
    this.#links.set(`${type} ${name}`, await sign(type, name, fields, signers));
    return this;
  }

  without(type: StatementType, name: string): this {
    if (!this.#links.delete(`${type} ${name}`)) throw new Error(`no ${type} of ${name}`);
    return this;
  }

  get statements(): WireStatement[] {
    return [...this.#links.values()];
  }
}

export const officer = async (state: string, name: string, key = name): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  name,
  post: "Oficial de prueba",
  key: await keyOf(key),
  from: RECENTLY,
  until: LATER,
});

export const designation = async (
  state: string,
  name: string,
  roles: string[],
): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  name,
  post: "Fiscal de prueba",
  roles,
  office: await uuidOf(`office of ${state}`),
  agency: "Fiscalía de prueba",
  scope: ["trafficking-in-persons"],
  languages: ["es"],
  from: RECENTLY,
  until: LATER,
  urgent: false,
  consultation: [
    { agency_kind: "police", date: "2025-12-01", outcome: "no-objection", digest: null },
  ],
});

export const binding = async (state: string, name: string, key = name): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  key: await keyOf(key),
  words: await fingerprint(b64u.decode(await keyOf(key))),
  designation: await uuidOf(`designation ${name}`),
});

export const device = async (state: string, name: string): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  device: await uuidOf(`device of ${name}`),
  signature_key: await keyOf(`signature of ${name}`),
  history_key: await keyOf(`history of ${name}`),
  from: RECENTLY,
  until: LATER,
});

export const revocation = async (
  name: string,
  of: string | null,
  state = "SV",
): Promise<Fields> => ({
  state,
  person: await uuidOf(name),
  device: of === null ? null : await uuidOf(of),
  kind: of === null ? "removed" : "device",
  reason: "prueba",
});

/** SV: officers Olga and Omar, coordinator Cora, liaison Ana with a device. GT: its own three. */
export async function good(): Promise<Links> {
  const links = new Links();
  for (const [state, root, first, second, coordinator] of [
    ["SV", "root SV", "olga", "omar", "cora"],
    ["GT", "root GT", "gala", "gil", "gema"],
  ] as const) {
    await links.put(
      "state-root",
      state,
      { state, key: await keyOf(root), previous: null, approval: "two-officers" },
      [root],
    );
    await links.put("officer", first, await officer(state, first), [root]);
    await links.put("officer", second, await officer(state, second), [root]);
    const may = await designation(state, coordinator, ["coordinator", "liaison"]);
    await links.put("designation", coordinator, may, [first, second]);
    await links.put("binding", coordinator, await binding(state, coordinator), [first]);
  }
  await links.put("designation", "ana", await designation("SV", "ana", ["liaison"]), [
    "olga",
    "omar",
  ]);
  await links.put("binding", "ana", await binding("SV", "ana"), ["cora"]);
  await links.put("device", "ana", await device("SV", "ana"), ["ana"]);
  await links.put("device", "cora", await device("SV", "cora"), ["cora"]);
  return links;
}

export async function identityOf(name: string, state = "SV"): Promise<Fields> {
  return {
    v: 1,
    state,
    person: await uuidOf(name),
    device: await uuidOf(`device of ${name}`),
    signature_key: await keyOf(`signature of ${name}`),
    history_key: await keyOf(`history of ${name}`),
    serial: await uuidOf(`device ${name}`),
  };
}
