/**
 * Writes tests/vectors/chain.json: good and broken chains of statements with the verdict that
 * both readers (src/verify/chain.ts, casehub/directory/chain.py) must reach, and statements that
 * both must call malformed. Everything is fixed, so that the file comes out the same every time:
 *
 *     npm run vectors
 */
import { writeFileSync } from "node:fs";
import { b64u, utf8 } from "../../src/bytes";
import { canonical, type Json } from "../../src/canonical";
import { fingerprint } from "../../src/crypto/fingerprint";
import { spoken } from "../../src/crypto/fingerprintWords";
import {
  digestOf,
  type StatementType,
  signStatement,
  type WireStatement,
} from "../../src/crypto/statements";
import type { ChainReason } from "../../src/verify/chain";
import {
  binding,
  designation,
  type Fields,
  good,
  identityOf,
  keyOf,
  NOW,
  RECENTLY,
  revocation,
  seedOf,
  uuidOf,
} from "./chain-links";
import { rows } from "./chain-rows";

export type ChainCase = {
  name: string;
  now: string;
  /** Which of the file's statements, by index. */
  statements: number[];
  /** The identity in the leaf's credential, as JSON. */
  identity: Fields;
  expect: { ok: true; person: string; state: string } | { ok: false; why: ChainReason };
};

export type ChainVectors = {
  about: string;
  roots: { [state: string]: string };
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

  add(statements: readonly WireStatement[]): number[] {
    return statements.map((statement) => {
      const text = JSON.stringify(statement);
      const index = this.#indexes.get(text) ?? this.statements.push(statement) - 1;
      this.#indexes.set(text, index);
      return index;
    });
  }
}

async function tampered(pool: Pool): Promise<ChainCase[]> {
  const ana = await identityOf("ana");
  const cases: ChainCase[] = [];
  const types: [StatementType, ChainReason][] = [
    ["officer", "designation-unsigned"],
    ["designation", "designation-unsigned"],
    ["binding", "binding-unsigned"],
    ["device", "device-unsigned"],
  ];
  for (const [type, why] of types) {
    const { statements } = await good();
    cases.push({
      name: `one bit of each signature of the ${type} is changed`,
      now: NOW,
      statements: pool.add(
        statements.map((statement) =>
          statement.type === type ? { ...statement, signatures: spoiled(statement) } : statement,
        ),
      ),
      identity: ana,
      expect: { ok: false, why },
    });
  }
  return cases;
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

export async function makeVectors(): Promise<ChainVectors> {
  const ana = await identityOf("ana");
  const pool = new Pool();
  const cases: ChainCase[] = [];
  for (const [name, expected, change, identity = ana, now = NOW] of await rows()) {
    const links = await good();
    await change(links);
    const reverse = name.includes("reverse order");
    cases.push({
      name,
      now,
      statements: pool.add(reverse ? links.statements.reverse() : links.statements),
      identity,
      expect:
        expected === "ok"
          ? { ok: true, person: String(identity.person), state: String(identity.state) }
          : { ok: false, why: expected },
    });
  }
  cases.push(...(await tampered(pool)));
  return {
    about:
      "Written by frontend/tests/vectors/make-chain-vectors.ts. A case: judge the `statements` with those indexes at " +
      "`now` under `roots`; may the device in `identity` act? Take the device statement whose " +
      "serial is the identity's (none: no-device), judge it, then compare it with the identity " +
      "(else: key-mismatch). Every statement under `malformed` is refused as it is read.",
    roots: { SV: await keyOf("root SV"), GT: await keyOf("root GT") },
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
