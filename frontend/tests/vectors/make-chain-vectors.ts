/**
 * Writes tests/vectors/chain.json: good and broken logs of statements with the verdict that
 * both readers (src/verify/chain.ts, casehub/directory/chain) must reach, and statements that
 * both must call malformed. Everything is fixed, so that the file comes out the same every time:
 *
 *     npm run vectors
 */
import { writeFileSync } from "node:fs";
import { b64u, utf8 } from "../../src/bytes";
import { canonical, type Json } from "../../src/canonical";
import { fingerprint } from "../../src/crypto/fingerprint";
import { spoken } from "../../src/crypto/fingerprintWords";
import { digestOf, signStatement, type WireStatement } from "../../src/crypto/statements";
import type { ChainReason } from "../../src/verify/chain";
import {
  binding,
  designation,
  type Fields,
  good,
  identityOf,
  keyOf,
  type Log,
  type Logged,
  NOW,
  START as RECENTLY,
  revocation,
  seedOf,
  uuidOf,
} from "./chain-links";
import { type Row, rows } from "./chain-rows";

export type ChainCase = {
  name: string;
  now: string;
  /** As of so many entries; all, if null. */
  size: number | null;
  /** The pinned roots, by the names in `roots`. */
  roots: { [state: string]: string };
  /** When each entry of the log was made, and which of the file's statements it holds. */
  entries: [at: string, statement: number | null][];
  /** Why entries have no effect, in their order. */
  refused: ChainReason[];
  /** The identity in the leaf's credential, as JSON. */
  identity: Fields;
  expect:
    | { ok: true; person: string; state: string; effective?: string; functions?: string[] }
    | { ok: false; why: ChainReason };
};

export type ChainVectors = {
  about: string;
  statements: WireStatement[];
  cases: ChainCase[];
  malformed: { name: string; statement: unknown }[];
  /** What two people compare of a key, and the name of a statement. */
  fingerprints: { key: string; indices: number[]; words: string }[];
  digests: { statement: number; digest: string }[];
};

/** The statements of all cases, each written once. */
class Pool {
  readonly statements: WireStatement[] = [];
  readonly #indexes = new Map<string, number>();

  add(entries: readonly Logged[]): ChainCase["entries"] {
    return entries.map(({ at, statement }) => {
      if (statement === null) return [at, null];
      const text = JSON.stringify(statement);
      const index = this.#indexes.get(text) ?? this.statements.push(statement) - 1;
      this.#indexes.set(text, index);
      return [at, index];
    });
  }
}

/** A signature that is changed counts for nobody, in the same way as one that is not there. */
async function tampered(): Promise<Row[]> {
  const spoil =
    (...names: string[]) =>
    async (log: Log) => {
      log.entries = log.entries.map((entry) =>
        entry.statement !== null && names.includes(entry.name)
          ? { ...entry, statement: { ...entry.statement, signatures: spoiled(entry.statement) } }
          : entry,
      );
    };
  const no = "no-designation";
  const row = (name: string, expect: ChainReason, refused: ChainReason[]): Row => ({
    name: `one bit of each signature of the ${name} is changed`,
    expect,
    change: spoil(name),
    refused,
  });
  return [
    row("designation ana", "designation-unsigned", ["designation-unsigned", no, no]),
    row("binding ana", "binding-unsigned", ["binding-unsigned", "no-binding"]),
    row("device ana", "device-unsigned", ["device-unsigned"]),
    row("officer olga", "designation-unsigned", [
      ...(["officer-unsigned", "designation-unsigned", no] as const),
      ...(["designation-unsigned", no, no, no] as const),
    ]),
  ];
}

function spoiled({ signatures }: WireStatement): WireStatement["signatures"] {
  return signatures.map(({ key, signature }) => {
    const bytes = b64u.decode(signature);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return { key, signature: b64u.encode(bytes) };
  });
}

async function malformed(): Promise<ChainVectors["malformed"]> {
  const [seed, key] = [await seedOf("root SV"), await keyOf("root SV")];
  const root = { key, previous: null, approval: "two-officers" };
  const fields: Fields = { serial: await uuidOf("x"), issued: RECENTLY, state: "SV", ...root };
  const fine = await signStatement("state-root", fields, [seed]);
  const body = (json: Json): unknown => ({ ...fine, body: b64u.encode(canonical(json)) });
  const text = utf8.decode(b64u.decode(fine.body));
  const respelled = (spelling: string): unknown => ({
    ...fine,
    body: b64u.encode(utf8.encode(spelling)),
  });
  const { key: _key, ...keyless } = fields;
  const [signature] = fine.signatures;
  return [
    { name: "an unknown type", statement: { ...fine, type: "state-rooot" } },
    { name: "no body", statement: { type: fine.type, signatures: fine.signatures } },
    { name: "a body that is not base64url", statement: { ...fine, body: "=" } },
    { name: "a body that is not JSON", statement: respelled("{") },
    { name: "a body that is not an object", statement: body([1]) },
    { name: "a body with a space", statement: respelled(text.replace("{", "{ ")) },
    { name: "a body with a key twice", statement: respelled(text.replace("{", '{"v":1,')) },
    { name: "another version", statement: body({ ...fields, v: 2 }) },
    { name: "no version", statement: body(fields) },
    { name: "a field too many", statement: body({ ...fields, v: 1, extra: 1 }) },
    { name: "a field too few", statement: body({ ...keyless, v: 1 }) },
    {
      name: "a key that is too short",
      statement: body({ ...fields, v: 1, key: key.slice(0, 40) }),
    },
    {
      name: "a date that does not exist",
      statement: body({ ...fields, v: 1, issued: "2026-02-30T00:00:00Z" }),
    },
    {
      name: "a date without a zone",
      statement: body({ ...fields, v: 1, issued: "2026-02-03T00:00:00" }),
    },
    { name: "a State of three letters", statement: body({ ...fields, v: 1, state: "SLV" }) },
    { name: "a serial that is no UUID", statement: body({ ...fields, v: 1, serial: "7" }) },
    {
      name: "a kind of approval that nobody agreed on",
      statement: body({ ...fields, v: 1, approval: "one" }),
    },
    { name: "words of another key", statement: await misread() },
    { name: "a person's end that names a device", statement: await endOf("removed", "device") },
    { name: "a device's end that names none", statement: await endOf("device", null) },
    { name: "a role that no ministry gives", statement: await designated({ roles: ["ministry"] }) },
    { name: "a role twice", statement: await designated({ roles: ["liaison", "liaison"] }) },
    { name: "no role", statement: await designated({ roles: [] }) },
    { name: "a name that turns its letters", statement: await designated({ name: "a\u202eb" }) },
    ...(await versions()),
    { name: "a name of nothing", statement: await designated({ name: "" }) },
    { name: "a name that is too long", statement: await designated({ name: "á".repeat(161) }) },
    {
      name: "an agency consulted on no day",
      statement: await designated({
        consultation: [
          { agency_kind: "police", date: "2025-13-01", outcome: "objection", digest: null },
        ],
      }),
    },
    {
      name: "a signature that is too short",
      statement: { ...fine, signatures: [{ ...signature, signature: "AAAA" }] },
    },
    {
      name: "a signing key that is too short",
      statement: { ...fine, signatures: [{ ...signature, key: "AAAA" }] },
    },
    { name: "signatures that are no list", statement: { ...fine, signatures: {} } },
  ];
}

async function misread(): Promise<unknown> {
  const { words } = await binding("SV", "eva");
  const fields = { ...(await binding("SV", "ana")), words: words ?? [], issued: RECENTLY };
  return signStatement("binding", { ...fields, serial: await uuidOf("x") }, []);
}

async function endOf(kind: string, device: string | null): Promise<unknown> {
  const fields = { ...(await revocation("ana", device)), kind, issued: RECENTLY };
  return signStatement("revocation", { ...fields, serial: await uuidOf("x") }, []);
}

async function designated(change: Fields): Promise<unknown> {
  const fields = { ...(await designation("SV", "ana", ["liaison"])), issued: RECENTLY };
  return signStatement("designation", { ...fields, serial: await uuidOf("x"), ...change }, []);
}

/** What a version says is no part of those before it, and the other way round. */
async function versions(): Promise<ChainVectors["malformed"]> {
  const two = { v: 2, region: "Frontera sur", deputy: await uuidOf("eva") };
  const three = { ...two, v: 3, functions: ["focal-point"] };
  const { region, deputy } = two;
  return [
    { name: "version 2 without its fields", statement: await designated({ v: 2 }) },
    { name: "version 2 without who stands in", statement: await designated({ v: 2, region }) },
    { name: "version 1 with those of 2", statement: await designated({ region, deputy }) },
    { name: "version 3 without functions", statement: await designated({ ...two, v: 3 }) },
    { name: "version 2 with functions", statement: await designated({ ...two, functions: [] }) },
    { name: "version 4", statement: await designated({ ...three, v: 4 }) },
    {
      name: "a function that no ministry gives",
      statement: await designated({ ...three, functions: ["drafter"] }),
    },
    {
      name: "a function twice",
      statement: await designated({ ...three, functions: ["signatory", "signatory"] }),
    },
    {
      name: "a function of a central authority",
      statement: await designated({ ...three, roles: ["central-authority"] }),
    },
    { name: "a region of nothing", statement: await designated({ ...two, region: "" }) },
    {
      name: "a region that turns its letters",
      statement: await designated({ ...two, region: "a\u202eb" }),
    },
    { name: "a deputy that is no id", statement: await designated({ ...two, deputy: "eva" }) },
    {
      name: "somebody who stands in for themselves",
      statement: await designated({ ...two, deputy: await uuidOf("ana") }),
    },
  ];
}

const ROOTS = { SV: await keyOf("root SV"), GT: await keyOf("root GT") };

async function caseOf(pool: Pool, row: Row): Promise<ChainCase> {
  const log = await good();
  await row.change(log);
  const { name, now = NOW, size = null, roots = ROOTS, refused = [], effective, functions } = row;
  const identity = row.identity ?? (await identityOf("ana"));
  const who = { person: String(identity.person), state: String(identity.state) };
  const expect: ChainCase["expect"] =
    row.expect === "ok"
      ? {
          ok: true,
          ...who,
          ...(effective !== undefined && { effective }),
          ...(functions !== undefined && { functions }),
        }
      : { ok: false, why: row.expect };
  return { name, now, size, roots, entries: pool.add(log.entries), refused, identity, expect };
}

export async function makeVectors(): Promise<ChainVectors> {
  const pool = new Pool();
  const cases: ChainCase[] = [];
  for (const row of [...(await rows()), ...(await tampered())]) cases.push(await caseOf(pool, row));
  return {
    about:
      "Written by frontend/tests/vectors/make-chain-vectors.ts. A case: replay `entries` (when, and " +
      "the index of a statement or null) under `roots`; those without effect have the reasons " +
      "`refused`, in order. Then, as of `now` and of the first `size` entries: may the device in " +
      "`identity` act? Every statement under `malformed` is refused as it is read.",
    statements: pool.statements,
    cases,
    malformed: await malformed(),
    fingerprints: await Promise.all(["ana", "cora", "eva"].map(fingerprintOf)),
    digests: await Promise.all(
      pool.statements.slice(0, 9).map(async (statement, at) => {
        return { statement: at, digest: await digestOf(statement) };
      }),
    ),
  };
}

async function fingerprintOf(name: string): Promise<ChainVectors["fingerprints"][number]> {
  const key = await keyOf(name);
  const indices = await fingerprint(b64u.decode(key));
  return { key, indices, words: spoken(indices).join(" ") };
}

export const VECTORS = new URL("../../../tests/vectors/chain.json", import.meta.url);

export async function writeVectors(): Promise<void> {
  writeFileSync(VECTORS, `${JSON.stringify(await makeVectors(), null, 1)}\n`);
}
