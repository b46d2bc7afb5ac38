/**
 * Signed statements: how a State's root, officers, coordinators and persons vouch for keys.
 *
 * A statement is canonical JSON (RFC 8785) with Ed25519 signatures (RFC 8032) over
 * "casehub/" || type || "/1" || 0x00 || body. The type in the signed bytes keeps a signature made
 * for one purpose from serving another. Python: casehub/directory/statements.py; both run
 * tests/vectors/chain.json.
 */
import * as v from "valibot";
import { b64u, concat, hex, sha256, utf8 } from "../bytes";
import { canonical, fromCanonical, type Json } from "../canonical";
import { signWith, verifies } from "./ed25519";
import { fingerprint, WORD_BITS, WORDS } from "./fingerprint";
import { carriedBefore, carriesAny, FUNCTIONS } from "./functions";
import { Key, SigningKey, StateCode, Uuid } from "./identity";
import { isLine } from "./lines";

/** As it travels: bytes are base64url without padding. */
export type WireStatement = {
  readonly type: string;
  readonly body: string;
  readonly signatures: readonly { readonly key: string; readonly signature: string }[];
};

const BODY_LIMIT = 8 * 1024;
const SIGNATURES_LIMIT = 16;

/** `2026-11-24T17:00:00Z`: UTC, whole seconds, from the year 1000 on; milliseconds since 1970. */
export const Instant = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.check((text) => instantText(Date.parse(text)) === text),
  v.transform((text) => Date.parse(text)),
);
/** The characters of a name, a post, an agency; code points, as Python counts them. */
const LONGEST_TEXT = 160;
const LONGEST_LIST = 32;

const Code = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Day = v.pipe(
  v.string(),
  v.check((text) => v.is(Instant, `${text}T00:00:00Z`)),
);
const Text = v.pipe(
  v.string(),
  v.check((text) => [...text].length <= LONGEST_TEXT),
  v.check(isLine),
);
/** Each thing once. */
const listOf = <const Item extends v.GenericSchema>(item: Item, least = 0) =>
  v.pipe(
    v.array(item),
    v.check((all) => all.length >= least && all.length <= LONGEST_LIST),
    v.check((all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length),
  );
/** What a designation can make of somebody; ministry officers are named by the root. */
const Role = v.picklist(["central-authority", "coordinator", "liaison", "national-auditor"]);
const Consulted = v.strictObject({
  agency_kind: Code,
  date: Day,
  outcome: v.picklist(["no-answer", "no-objection", "objection"]),
  digest: v.nullable(Digest),
});
const Word = v.pipe(
  v.number(),
  v.check((index) => Number.isInteger(index) && index >= 0 && index < 2 ** WORD_BITS),
);
const common = { v: v.literal(1), serial: Uuid, issued: Instant, state: StateCode };

const unsaid: { region: string | null; deputy: string | null } = { region: null, deputy: null };
const designated = {
  person: Uuid,
  name: Text,
  post: Text,
  roles: listOf(Role, 1),
  office: Uuid,
  agency: Text,
  scope: listOf(Code),
  languages: listOf(Code),
  from: Instant,
  until: Instant,
  urgent: v.boolean(),
  consultation: listOf(Consulted),
};

const second = {
  /** The part of the State; null for all of it. */
  region: v.nullable(Text),
  /** The person who stands in. */
  deputy: v.nullable(Uuid),
};

const BODIES = {
  "state-root": v.strictObject({
    ...common,
    key: SigningKey,
    previous: v.nullable(SigningKey),
    approval: v.picklist(["two-officers", "officer-and-coordinator"]),
  }),
  officer: v.strictObject({
    ...common,
    person: Uuid,
    name: Text,
    post: Text,
    key: SigningKey,
    from: Instant,
    until: Instant,
  }),
  designation: v.pipe(
    v.variant("v", [
      v.pipe(
        v.strictObject({ ...common, ...designated }),
        // version 1 says neither
        v.transform((said) => ({ ...said, ...unsaid, functions: carriedBefore(said.roles) })),
      ),
      v.pipe(
        v.strictObject({ ...common, ...designated, ...second, v: v.literal(2) }),
        v.transform((said) => ({ ...said, functions: carriedBefore(said.roles) })),
      ),
      v.strictObject({
        ...common,
        ...designated,
        ...second,
        v: v.literal(3),
        /** What a liaison or coordinator does besides; others carry none. */
        functions: listOf(v.picklist(FUNCTIONS)),
      }),
    ]),
    v.check(({ person, deputy }) => deputy !== person),
    v.check(({ roles, functions }) => functions.length === 0 || carriesAny(roles)),
  ),
  binding: v.strictObject({
    ...common,
    person: Uuid,
    key: SigningKey,
    words: v.pipe(v.array(Word), v.length(WORDS)),
    designation: Uuid,
  }),
  device: v.strictObject({
    ...common,
    person: Uuid,
    device: Uuid,
    signature_key: SigningKey,
    history_key: Key,
    from: Instant,
    until: Instant,
  }),
  revocation: v.pipe(
    v.strictObject({
      ...common,
      person: Uuid,
      device: v.nullable(Uuid),
      kind: v.picklist(["device", "suspended", "removed"]),
      reason: Code,
    }),
    v.check(({ kind, device }) => (kind === "device") === (device !== null)),
  ),
  reinstatement: v.strictObject({ ...common, person: Uuid, revokes: Digest }),
  "state-stop": v.strictObject({ ...common, reason: Code }),
  "state-lift": v.strictObject({ ...common, stops: Uuid }),
};

export type StatementType = keyof typeof BODIES;

type StatementTypes = {
  [Type in StatementType]: {
    readonly type: Type;
    /** SHA-256 of the canonical wire form, signatures included, in hex: its name. */
    readonly digest: string;
    /** The exact bytes that were signed, b64u. */
    readonly body: string;
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
  if (type === "binding") await requireWords(fields.output as StatementOf<"binding">["fields"]);
  const input = signingInput(type, body);
  const signers = new Set<string>();
  for (const { key, signature } of signatures) {
    const bytes = malformedUnless(() => b64u.decode(signature));
    if (await verifies(b64u.decode(key), bytes, input)) signers.add(key);
  }
  const digest = await digestOf(outer.output);
  const read: unknown = { type, digest, body: outer.output.body, fields: fields.output, signers };
  // type and fields were checked against each other above; the compiler cannot follow that
  return read as Statement;
}

/** What was read aloud is of this key and no other. */
async function requireWords({ key, words }: StatementOf<"binding">["fields"]): Promise<void> {
  const own = await fingerprint(b64u.decode(key));
  if (own.join() !== words.join()) throw new StatementMalformed("words of another key");
}

/** The name of a statement: the same words under another signature are another statement. */
export async function digestOf({ type, body, signatures }: WireStatement): Promise<string> {
  const pairs = signatures.map(({ key, signature }) => ({ key, signature }));
  return hex.encode(await sha256(canonical({ type, body, signatures: pairs })));
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

/** `signers` are Ed25519 seeds, 32 bytes each. Of version 1, if `fields` says no other. */
export async function signStatement(
  type: StatementType,
  fields: { readonly [key: string]: Json },
  signers: readonly Uint8Array[],
): Promise<WireStatement> {
  const body = canonical({ v: 1, ...fields });
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
