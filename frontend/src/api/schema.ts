/**
 * The shapes on the wire, parsed before anybody uses them. Bytes arrive as base64url and leave this
 * module as Uint8Array. Fields the server adds later are dropped, so an older page keeps working.
 */

import * as v from "valibot";
import { b64u } from "../bytes";
import { consulted } from "./consulted";

const text = v.string();
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const uuid = v.pipe(v.string(), v.uuid());

export const bytes = v.pipe(
  v.string(),
  v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
    try {
      return b64u.decode(dataset.value);
    } catch {
      addIssue({ message: "not base64url" });
      return NEVER;
    }
  }),
);

/** What can be stopped: a person for now or for good, one device, a whole State. */
const stopKind = v.picklist(["suspended", "removed", "device", "state"]);
/** That access is stopped; without a signature, until when one is awaited. */
export const stopped = {
  kind: stopKind,
  at: text,
  signed: v.boolean(),
  sign_by: v.nullable(text),
};
/** A signed statement as it travels; `verify/` decodes and judges it. */
export const statement = v.object({
  type: text,
  body: text,
  signatures: v.array(v.object({ key: text, signature: text })),
});
export type WireStatement = v.InferOutput<typeof statement>;
const stoppedNow = v.optional(v.nullable(v.object(stopped)), null);
/** Devices that were stopped while their person was not. */
const devicesStopped = v.optional(v.array(v.object({ device: uuid, at: text })), []);
export type Stopped = NonNullable<v.InferOutput<typeof stoppedNow>>;

export const session = v.object({
  state: v.picklist(["anonymous", "password", "full"]),
  /** Why this session ended, or is good for little: somebody stopped what it stood for. */
  cut_off: v.optional(v.nullable(v.object({ kind: stopKind, at: v.nullable(text) })), null),
  demo: v.optional(v.boolean(), false),
  operator: v.optional(text, ""),
  person: v.optional(
    v.nullable(
      v.object({
        id: uuid,
        name: text,
        state: text,
        office: text,
        roles: v.array(text),
        fictional: v.optional(v.boolean(), false),
      }),
    ),
    null,
  ),
  /** Set once the person's designation is over: until then they read their cases, and no more. */
  reads_until: v.optional(v.nullable(text), null),
  device: v.optional(v.nullable(uuid), null),
  factors: v.optional(v.array(text), []),
  idle_seconds: v.optional(v.nullable(v.number()), null),
  /** Seconds after which the session ends if nobody does anything. */
  idle_left: v.optional(v.nullable(v.number()), null),
  ends_at: v.optional(v.nullable(text), null),
});
export type SessionInfo = v.InferOutput<typeof session>;

export const factors = v.object({
  passkeys: v.array(
    v.object({
      id: v.union([text, v.number()]),
      name: text,
      created_at: text,
      last_used_at: v.optional(v.nullable(text), null),
    }),
  ),
  totp: v.boolean(),
  totp_since: v.optional(v.nullable(text), null),
  /** Whether the person's State lets codes count for their roles. */
  totp_allowed: v.boolean(),
  recovery_codes_left: count,
});
export type Factors = v.InferOutput<typeof factors>;

/** A code generator to set up; `secret` is base 32, `expires_in` seconds. */
export const totpOffer = v.object({ secret: text, uri: text, expires_in: v.number() });
export type TotpOffer = v.InferOutput<typeof totpOffer>;

export const ownSessions = v.array(
  v.object({
    id: uuid,
    this: v.boolean(),
    method: v.picklist(["passkey", "totp", "recovery-code"]),
    device: v.nullable(uuid),
    started_at: text,
    last_seen_at: text,
  }),
);
export type OwnSession = v.InferOutput<typeof ownSessions>[number];

/** WebAuthn options and credentials are the browser's business; here they pass through. */
export const options = v.object({ options: v.record(text, v.unknown()) });
export const codes = v.object({ codes: v.array(text) });
export const rules = v.object({ accepted_at: v.nullable(text) });
export const backup = v.object({ body: bytes, made_at: v.nullable(text) });
export const kit = v.object({ kept_at: v.nullable(text), proven_on: v.nullable(text) });
export const backupKept = v.object({ made_at: text });
export const ticket = v.object({ ticket: text, expires_in: v.number() });
export const share = v.object({ share: bytes });

export const demoPeople = v.array(
  v.object({ account: text, name: text, state: text, role: text, office: text }),
);
export type DemoPerson = v.InferOutput<typeof demoPeople>[number];
export const demoCode = v.object({ password: text, code: text, seconds_left: v.number() });
export type DemoCode = v.InferOutput<typeof demoCode>;
export const identityKey = v.object({ private_key: bytes });

export const states = v.array(v.object({ code: text, name: v.record(text, text) }));
export type StateName = v.InferOutput<typeof states>[number];
export const people = v.array(
  v.object({
    id: uuid,
    name: text,
    state: text,
    office: v.optional(text, ""),
    telephone: v.optional(text, ""),
    post: v.optional(text, ""),
    roles: v.optional(v.array(text), []),
    functions: v.optional(v.array(text), []),
    languages: v.optional(v.array(text), []),
    valid_until: v.optional(v.nullable(text), null),
    /** "in-force", or why they count no longer. */
    status: v.optional(text, "in-force"),
    fictional: v.optional(v.boolean(), false),
    stopped: stoppedNow,
  }),
);
export type Person = v.InferOutput<typeof people>[number];

/** Entries of the directory's log, without a gap; `effects/directory` checks them. */
export const directoryPage = v.object({
  size: v.number(),
  entries: v.array(
    v.object({
      index: v.number(),
      salt: v.nullable(text),
      payload: v.nullable(text),
      statement: v.nullable(statement),
    }),
  ),
});
export type DirectoryPage = v.InferOutput<typeof directoryPage>;
export const device = v.object({ device: uuid });

/** Opening a case to a State: what it waits for, or how it ended. */
export const joining = v.object({
  id: uuid,
  case: uuid,
  reference: text,
  owner_state: text,
  state: text,
  step: v.picklist([
    "consent",
    "acceptance",
    "accepted",
    "refused",
    "withdrawn",
    "objected",
    "lapsed",
    "void",
  ]),
  urgent: v.boolean(),
  proposer: uuid,
  proposed_at: text,
  lapses_at: text,
  consented_at: v.nullable(text),
  objections_until: v.nullable(text),
  wait_until: v.nullable(text),
  wait_for: v.picklist(["", "own", "case"]),
  ended_at: v.nullable(text),
  reason: text,
});
export type Joining = v.InferOutput<typeof joining>;
export const joinings = v.array(joining);
export const JOINING_REASONS = ["not-competent", "already-handled", "talk-first", "other"] as const;
export type JoiningReason = (typeof JOINING_REASONS)[number];

export const caseFile = v.object({
  id: uuid,
  reference: text,
  state: text,
  states: v.array(text),
  circle: uuid,
  opened_at: text,
  owner: uuid,
  joinings,
  people: v.array(
    v.object({ id: uuid, since: text, stopped: stoppedNow, devices_stopped: devicesStopped }),
  ),
  threads: v.array(
    v.object({
      circle: uuid,
      opened_at: text,
      people: v.array(uuid),
      client_id: v.optional(v.nullable(uuid), null),
    }),
  ),
  /** Drafting circles that this person reads; their requests stand behind /requests. */
  drafts: v.optional(
    v.array(v.object({ circle: uuid, opened_at: text, people: v.array(uuid) })),
    [],
  ),
});
export type CaseFile = v.InferOutput<typeof caseFile>;
export const cases = v.array(caseFile);

export const keyPackageCount = v.object({ available: count, last_resort: v.optional(v.boolean()) });
export const claimed = v.object({
  packages: v.array(v.object({ device: uuid, package: bytes })),
  missing: v.optional(v.array(uuid), []),
});

export const logs = v.array(v.object({ name: text, origin: text, size: count }));
export type LogInfo = v.InferOutput<typeof logs>[number];
/** Base64 as the log has it, not base64url; `proof` is a C2SP tlog-proof. */
export const receipts = v.array(
  v.object({
    event: count,
    salt: v.nullable(text),
    payload: v.nullable(text),
    leaf: text,
    log: text,
    proof: v.nullable(text),
  }),
);
export type Receipt = v.InferOutput<typeof receipts>[number];

const position = { seq: count, epoch: count, chain: bytes };
export const accepted = v.object(position);
export type Accepted = v.InferOutput<typeof accepted>;
export const threadInfo = v.object({
  epoch: count,
  head: count,
  roster: v.array(v.object({ leaf: count, device: uuid, person: uuid })),
  entitled: v.array(v.object({ person: uuid, devices: v.array(uuid) })),
  started: v.boolean(),
  acknowledged: v.optional(v.nullable(count), null),
});
export type ThreadInfo = v.InferOutput<typeof threadInfo>;
export const threadInfos = v.object({
  threads: v.array(v.object({ thread: uuid, ...threadInfo.entries })),
  more: v.boolean(),
});

export const entry = v.object({
  seq: count,
  kind: v.picklist(["commit", "message"]),
  epoch: count,
  device: uuid,
  id: uuid,
  at: text,
  body: bytes,
  chain: bytes,
});
export type Entry = v.InferOutput<typeof entry>;
export const log = v.object({ head: count, entries: v.array(entry) });
export const welcomes = v.array(
  v.object({
    id: v.union([text, v.number()]),
    thread: uuid,
    seq: count,
    chain: bytes,
    welcome: bytes,
  }),
);
export type WelcomeRow = v.InferOutput<typeof welcomes>[number];
export const groupInfo = v.object({ group_info: bytes, ...position });
export type GroupInfoRow = v.InferOutput<typeof groupInfo>;

export const request = v.object({
  id: uuid,
  case: uuid,
  circle: uuid,
  requesting_state: text,
  requested_state: text,
  stage: text,
  /** It was sent back; no step was signed since. */
  came_back: v.boolean(),
  version: count,
  drafter: uuid,
  people: v.array(uuid),
  opened_at: text,
  saved_at: v.nullable(text),
  turn: v.nullable(v.object({ person: uuid, until: text })),
  attested: v.nullable(v.object({ version: count, rulebook: text, person: uuid, at: text })),
  /** Oldest first. */
  consultations: v.array(consulted),
});
export type RequestRow = v.InferOutput<typeof request>;
export const requests = v.array(request);

export const versionRow = v.object({
  version: count,
  at: text,
  person: uuid,
  device: uuid,
  size: count,
  digest: bytes,
});
export type VersionRow = v.InferOutput<typeof versionRow>;
export const versionRows = v.array(versionRow);
export const versionBody = v.object({ ...versionRow.entries, body: bytes });
export type VersionBody = v.InferOutput<typeof versionBody>;

export const attestations = v.array(
  v.object({
    version: count,
    rulebook: text,
    person: uuid,
    at: text,
    device: uuid,
    commitment: bytes,
    results: bytes,
    disclosed: bytes,
    signature: bytes,
    overridden: v.array(text),
    ready: v.boolean(),
  }),
);
export type AttestationRow = v.InferOutput<typeof attestations>[number];

const heads = v.record(uuid, count);
export const failure = v.object({
  code: text,
  message: v.optional(text, ""),
  do: v.optional(text, ""),
  params: v.optional(v.record(text, v.unknown()), {}),
});

/** What the server may say over the socket. */
export const serverFrame = v.variant("type", [
  v.object({
    type: v.literal("hello"),
    heads,
    reads: v.optional(heads, {}),
    unread: v.optional(heads, {}),
    acks: v.optional(heads, {}),
  }),
  v.object({
    type: v.literal("accepted"),
    id: uuid,
    thread: uuid,
    seq: count,
    chain: bytes,
    at: text,
    /** Its number among the events, and the log's promise of its place; none for a repetition. */
    event: v.optional(count),
    promise: v.optional(v.nullable(text)),
  }),
  v.object({ type: v.literal("refused"), id: v.nullable(uuid), ...failure.entries }),
  v.object({ type: v.literal("entries"), thread: uuid, entries: v.array(entry) }),
  v.object({ type: v.literal("heads"), heads }),
  v.object({ type: v.literal("joined"), thread: v.optional(v.nullable(uuid), null) }),
  v.object({ type: v.literal("left"), thread: uuid }),
  v.object({ type: v.literal("look"), thread: uuid }),
  v.object({ type: v.picklist(["read", "unread"]), thread: uuid, seq: count }),
  /** Somebody else writes in the thread just now, as the server says. */
  v.object({ type: v.literal("typing"), thread: uuid, person: uuid }),
  v.object({ type: v.literal("request"), request: uuid }),
  /** The answer to an informal consultation is wanted soon. */
  v.object({ type: v.literal("consultation"), consultation: uuid }),
  v.object({ type: v.literal("devices") }),
  /** What all States were told of one, or a designation of one's own State: look again. */
  v.object({ type: v.literal("notice"), notice: uuid }),
  v.object({ type: v.literal("designation"), designation: uuid }),
  /** Something waits for one's State, or no longer does: the opening of a case to a State. */
  v.object({ type: v.literal("joining"), joining: uuid }),
  v.object({ type: v.literal("export"), export: uuid }),
  v.object({ type: v.literal("pong") }),
]);
export type ServerFrame = v.InferOutput<typeof serverFrame>;
export type DirectoryFrame = Extract<ServerFrame, { type: "notice" | "designation" }>;

/** What this client may say over the socket. */
export type ClientFrame =
  | { type: "post"; thread: string; epoch: number; id: string; body: string }
  | { type: "ack"; thread: string; seq: number }
  | { type: "read" | "unread"; thread: string; seq: number }
  | { type: "typing"; thread: string }
  | { type: "ping" };
