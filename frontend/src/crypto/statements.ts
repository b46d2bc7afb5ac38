/**
 * Signed statements: how a State's root, officers, coordinators and persons vouch for keys.
 *
 * A statement is canonical JSON (RFC 8785) with Ed25519 signatures (RFC 8032) over
 * "casehub/" || type || "/1" || 0x00 || body. The type in the signed bytes keeps a signature made
 * for one purpose from serving another. Python: casehub/directory/statements.py; both run
 * tests/vectors/chain.json.
 */
import * as v from "valibot";
import { b64u, concat, utf8 } from "../bytes";
import { canonical, fromCanonical, type Json } from "../canonical";
import { signWith, verifies } from "./ed25519";
import { Key, StateCode, Uuid } from "./identity";

/** As it travels: bytes are base64url without padding. */
export type WireStatement = {
  readonly type: string;
  readonly body: string;
  readonly signatures: readonly { readonly key: string; readonly signature: string }[];
};

const BODY_LIMIT = 8 * 1024;
const SIGNATURES_LIMIT = 16;

/** `2026-11-24T17:00:00Z`: UTC, whole seconds; becomes milliseconds since 1970. */
const Instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.check((text) => instantText(Date.parse(text)) === text),
  v.transform((text) => Date.parse(text)),
);
const Anything = v.unknown();
const common = { v: v.literal(1), serial: Uuid, issued: Instant, state: StateCode };

const BODIES = {
  "state-root": v.strictObject({ ...common, key: Key }),
  officer: v.strictObject({ ...common, person: Uuid, key: Key, until: Instant }),
  designation: v.strictObject({
    ...common,
    person: Uuid,
    roles: v.array(v.string()),
    office: Anything,
    agency: Anything,
    scope: Anything,
    from: Instant,
    until: Instant,
    consultation: Anything,
  }),
  binding: v.strictObject({ ...common, person: Uuid, key: Key, fingerprint_words: Anything }),
  device: v.strictObject({
    ...common,
    person: Uuid,
    device: Uuid,
    signature_key: Key,
    history_key: Key,
    from: Instant,
    until: Instant,
  }),
  revocation: v.strictObject({
    ...common,
    person: Uuid,
    device: v.nullable(Uuid),
    reason: Anything,
  }),
};

export type StatementType = keyof typeof BODIES;

type StatementTypes = {
  [Type in StatementType]: {
    readonly type: Type;
    readonly fields: v.InferOutput<(typeof BODIES)[Type]>;
    /** The keys (b64u) whose signatures are good. */
    readonly signers: ReadonlySet<string>;
  };
};

export type Statement = StatementTypes[StatementType];
export type StatementOf<Type extends StatementType> = Extract<Statement, { type: Type }>;

/** A statement that is not of the agreed form, whoever signed it. */
export class StatementMalformed extends Error {
  override readonly name = "StatementMalformed";
}

const Wire = v.strictObject({
  type: v.picklist(Object.keys(BODIES) as StatementType[]),
  body: v.string(),
  signatures: v.pipe(
    v.array(v.strictObject({ key: Key, signature: v.pipe(v.string(), v.length(86)) })),
    v.maxLength(SIGNATURES_LIMIT),
  ),
});

/**
 * Read a statement and check its signatures; whether they count is verify/chain.ts's to say.
 *
 * @throws {StatementMalformed}
 */
export async function readStatement(wire: unknown): Promise<Statement> {
  const outer = v.safeParse(Wire, wire);
  if (!outer.success) throw new StatementMalformed("not a statement");
  const { type, signatures } = outer.output;
  const body = malformedUnless(() => b64u.decode(outer.output.body));
  if (body.length > BODY_LIMIT) throw new StatementMalformed("too long");
  const json = malformedUnless(() => fromCanonical(body));
  const fields = v.safeParse<(typeof BODIES)[StatementType]>(BODIES[type], json);
  if (!fields.success) throw new StatementMalformed("fields");
  const input = signingInput(type, body);
  const signers = new Set<string>();
  for (const { key, signature } of signatures) {
    const bytes = malformedUnless(() => b64u.decode(signature));
    if (await verifies(b64u.decode(key), bytes, input)) signers.add(key);
  }
  // type and fields were checked against each other two lines up; the compiler cannot follow that
  return { type, fields: fields.output, signers } as Statement;
}

function malformedUnless<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new StatementMalformed("encoding");
  }
}

/** The bytes that a signature of a statement covers. */
export function signingInput(type: StatementType, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8.encode(`casehub/${type}/1\0`), body);
}

/** `signers` are Ed25519 seeds, 32 bytes each. `fields` without `v`. */
export async function signStatement(
  type: StatementType,
  fields: { readonly [key: string]: Json },
  signers: readonly Uint8Array[],
): Promise<WireStatement> {
  const body = canonical({ ...fields, v: 1 });
  const input = signingInput(type, body);
  const signatures = [];
  for (const seed of signers) {
    const { key, signature } = await signWith(seed, input);
    signatures.push({ key: b64u.encode(key), signature: b64u.encode(signature) });
  }
  return { type, body: b64u.encode(body), signatures };
}

export type DeviceFields = {
  readonly serial: string;
  readonly state: string;
  readonly person: string;
  readonly device: string;
  readonly signatureKey: Uint8Array;
  readonly historyKey: Uint8Array;
  /** Milliseconds since 1970; written as whole seconds. */
  readonly issued: number;
  readonly from: number;
  readonly until: number;
};

/** A person names a device: signed with the person's identity key (an Ed25519 seed, 32 bytes). */
export function signDevice(device: DeviceFields, identitySeed: Uint8Array): Promise<WireStatement> {
  const fields = {
    serial: device.serial,
    issued: instantText(device.issued),
    state: device.state,
    person: device.person,
    device: device.device,
    signature_key: b64u.encode(device.signatureKey),
    history_key: b64u.encode(device.historyKey),
    from: instantText(device.from),
    until: instantText(device.until),
  };
  return signStatement("device", fields, [identitySeed]);
}

/** Whole seconds in UTC, `2026-11-24T17:00:00Z`; empty for no instant at all. */
export function instantText(ms: number): string {
  return Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(0, 19)}Z` : "";
}
