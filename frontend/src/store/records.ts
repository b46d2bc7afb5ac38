/** What is kept on a device, and under which names. Values are never changed in place. */

import type { Content } from "../crypto/envelope";
import type { InnerSignature } from "../crypto/innerSignature";
import type { Draft } from "../rules/book";
import type { Disclosed } from "../rules/disclosed";
import type { Along } from "./along";
import type { ErasedRecord, HeardRecord } from "./erased";
import type { EventRecord } from "./events";
import type { MadeRecord, WishRecord } from "./exports";
import type { IntentRecord } from "./intents";
import type {
  AltaRecord,
  AskingRecord,
  IdentityRecord,
  KitProofRecord,
  KitRecord,
  OwnDeviceRecord,
  VerifiedRecord,
} from "./own";
import type { PromiseRecord, ReceiptRecord, Settled, SoughtRecord } from "./promises";
import type {
  ActRecord,
  GrantRecord,
  KeptUnread,
  SaidRecord,
  ThreadSaid,
  UploadRecord,
} from "./said";
import type { Key } from "./vault";

export type { IntentRecord } from "./intents";

/** This install's device: its keys, and the statement by which its owner vouches for it. */
export type DeviceRecord = {
  device: string;
  person: string;
  state: string;
  credential: Uint8Array;
  signaturePrivate: Uint8Array;
  signaturePublic: Uint8Array;
  historyPrivate: Uint8Array;
  historyPublic: Uint8Array;
  statement: unknown;
  /** False until the server has acknowledged the statement. */
  registered: boolean;
};

/** The private half of a published key package, under its reference. */
export type KeyPackageRecord = {
  package: Uint8Array;
  secret: Uint8Array;
  lastResort: boolean;
  at: number;
};

export type Member = {
  leaf: number;
  person: string;
  state: string;
  device: string;
  /** The signature key of the leaf, base64url. */
  key: string;
};

/** Where this device stands in one thread. Written in the same batch as the MLS state. */
export type ThreadRecord = {
  circle: string;
  status: "active" | "left" | "frozen";
  frozenWhy?: string;
  /** Last entry processed, and the chain value there. */
  seq: number;
  chain: Uint8Array;
  epoch: number;
  /** Where this device came in: entries up to here were never readable here. */
  since: { seq: number; chain: Uint8Array };
  roster: Member[];
  /** The title of the case or the thread, when somebody has said it. */
  name: string | null;
  /** Messages this device has encrypted here. */
  counter: number;
  /** Messages of others so far: unread = this minus its value at the read mark. */
  others: number;
  lastAt: string | null;
  /** Persons its owner decided to let in, who have no device in the group yet. */
  invited: string[];
  /** Persons taken out because they were stopped: since when, as the server said it then. */
  cutOff?: Readonly<Record<string, string>>;
  /** Revision of the batch that wrote the MLS state, to notice a state put back alone. */
  stateRevision: number;
  /** Milliseconds; when its own keys in the tree were last renewed, and messages sent since. */
  renewedAt: number;
  sentSince: number;
  /**
   * The local state is behind what this device once did, so it must rejoin before it sends:
   * "behind" can still follow the log, "stuck" cannot.
   */
  rolledBack?: "behind" | "stuck";
  /** Persons of one State draft in it: once known, whatever the host calls it later. */
  drafting?: true;
  /** Of a frozen one: what is known of how that came. */
  fault?: FaultRecord;
  /** How much of the directory's log was known here when this log was last read to its end. */
  heldAtHead?: number;
  /** The log of the directory, and how much of it, that the newest commit here stated. */
  directory?: { log: string; size: number };
  /** A commit waits here that states more of the directory than this device is shown. */
  behind?: { at: string; log: string; size: number; here: number };
  /** Keys that the host offered under a member's name and nobody vouched for; none came in. */
  strangers?: readonly Stranger[];
  /** The act on this device that began its group. */
  begunBy?: string;
  /** The stopped thread that it goes on from, as whoever began it says. */
  continues?: string;
  /** Of a stopped one: where its owner decided to go on. */
  continuedIn?: string;
} & ThreadSaid;

/**
 * How far it is proven from whom a refused entry came: "proven" to anybody by signature; "doubtful":
 * the signature is theirs, what is wrong is not covered by it; "read": it was in a message that this
 * device decrypted; "named": only the host says so.
 */
export type Proof = "proven" | "doubtful" | "read" | "named" | "none";

export type Suspect = { person: string; device: string; state: string };

/** A key package as the host handed it out, base64url, and what speaks against it. */
export type Stranger = {
  person: string;
  device: string;
  why: string;
  at: string;
  package: string;
};

/** Why a thread stopped here, as far as this device can tell. */
export type FaultRecord = {
  why: string;
  /** When it was noticed here. */
  at: string;
  by: Suspect | null;
  proof: Proof;
  /** Leaves that stood, or would have come, in it against what is known of them; key as base64url. */
  refused: readonly (Suspect & { key: string; why: string })[];
  /** The history that the author claims, and what stands here at that place. */
  claim: { seq: number; theirs: Uint8Array; ours: Uint8Array | null } | null;
  /** The directory that a commit states, and the root of so many entries as it is known here. */
  directory?: { log: string; size: number; root: Uint8Array; ours: Uint8Array | null };
};

/** What was refused, as it came. */
export type RefusedRecord = {
  entry: {
    seq: number;
    kind: "commit" | "message";
    epoch: number;
    device: string;
    id: string;
    at: string;
    body: Uint8Array;
    chain: Uint8Array;
  };
  /** The chain value that follows from the last entry accepted here. */
  expected: Uint8Array;
  /** The group's context, which a commit's signature covers too. */
  context: Uint8Array | null;
};

type At = {
  seq: number;
  chain: Uint8Array;
  at: string;
  /** Messages of others up to and including this entry. */
  others: number;
};

/** One log entry as this device understood it. Every entry has one, also those not shown. */
export type LineRecord =
  /** `skipped`: said while this device was out of the group; nothing of it is known here. */
  | (At & { kind: "silent"; skipped?: true })
  | (At &
      SaidRecord & {
        kind: "message";
        id: string;
        person: string;
        device: string;
        mine: boolean;
        text: string;
        /** The entry could not be read here; why. */
        error?: string;
        /** Of an own one: its proven place in the public log. */
        settled?: Settled;
      })
  | (At & { kind: "act" } & ActRecord)
  | (At & { kind: "event" } & EventRecord);

export type { EventKind } from "./events";
export type { PromiseRecord, ReceiptRecord, Settled, SoughtRecord } from "./promises";
export type { Content, ErasedRecord, HeardRecord };

/** Something to be sent. Kept until the log shows it. */
export type OutboxRecord = {
  /** The client message id on the wire. */
  id: string;
  circle: string;
  content: Content;
  at: string;
  /** "held": somebody would read it whom its author did not know of. */
  status: "queued" | "sent" | "failed" | "held";
  /** Whom its author agreed to be read by. Titles are for whoever is in. */
  readers?: readonly string[];
  error?: { code: string; message: string; remedy: string };
  /** Which tab sends it first. */
  tab: string;
  /** The message as encrypted, once it was: it is only ever posted unchanged. */
  wire?: { epoch: number; body: Uint8Array; inner?: InnerSignature };
  /** Entries of the messages that it gives somebody: it does not leave once one was taken back. */
  gives?: readonly number[];
};

export type CommitIntent =
  | { kind: "add"; devices: { device: string; person: string; package: Uint8Array }[] }
  | { kind: "remove"; devices: string[] }
  | { kind: "update" }
  | { kind: "rejoin" };

/** A commit made but not known to be accepted; `next` is merged only when it is. */
export type PendingCommit = {
  client_id: string;
  epoch: number;
  commit: Uint8Array;
  welcome?: Uint8Array;
  groupInfo: Uint8Array;
  next: Uint8Array;
  intent: CommitIntent;
  at: number;
  /** For a rejoin: the position of the GroupInfo it was made from. */
  from?: { seq: number; chain: Uint8Array };
  /** What it states of the directory. */
  directory?: ThreadRecord["directory"];
};

/** A new group made but not known to be registered. */
export type PendingCreation = {
  client_id: string;
  groupInfo: Uint8Array;
  state: Uint8Array;
};

/** How far the directory's log was replayed, and whose it is. */
export type DirectoryRecord = { origin: string; size: number };

/** One entry of the directory's log, verified: its leaf's hash and date, and what was signed. */
export type LoggedRecord = { hash: Uint8Array; at: number; statement: unknown };

/** A draft as it stands on this device. */
export type DraftRecord = {
  draft: Draft;
  /** That it is written in, as it was first known here. */
  circle?: string;
  /** The version that it goes on from, 0 for none, and that version's own id. */
  base: number;
  origin: string | null;
  /** It says something else than that version. */
  dirty: boolean;
  /** Counts the changes made here. */
  edit: number;
  /** Own texts that gave way to somebody else's version, oldest first. */
  aside: readonly { draft: Draft; base: number; at: string }[];
};

/** A version made and sealed, but not known to be at the server. Its body is kept beside it. */
export type PendingVersion = {
  client_id: string;
  base: number;
  /** The state of the text that it holds. */
  edit: number;
  disclosed: Disclosed;
};

/** The key of a version, as a device said it in the circle: its author's or, with `author`, another's. */
export type VersionKeyRecord = Omit<Extract<Content, { kind: "version" }>, "kind"> & {
  person: string;
  device: string;
  seq: number;
};

export type CommentRecord = {
  id: string;
  section: string;
  text: string;
  person: string;
  at: string;
  resolved: { person: string; at: string } | null;
};

export const keys = {
  device: "device" as Key<DeviceRecord>,
  identity: "identity" as Key<IdentityRecord>,
  /** 32 bytes, and nothing around them: see crypto/identityKey.ts. */
  identitySeed: "identity-seed" as Key<Uint8Array>,
  asking: "asking" as Key<AskingRecord>,
  ownDevices: "own-device/" as Key<OwnDeviceRecord>,
  ownDevice: (device: string) => `own-device/${device}` as Key<OwnDeviceRecord>,
  kit: "kit" as Key<KitRecord>,
  kitProof: "kit-proof" as Key<KitProofRecord>,
  alta: "alta" as Key<AltaRecord>,
  allVerified: "verified/" as Key<VerifiedRecord>,
  verified: (person: string) => `verified/${person}` as Key<VerifiedRecord>,
  packages: "kp/" as Key<KeyPackageRecord>,
  package: (ref: string) => `kp/${ref}` as Key<KeyPackageRecord>,
  threads: "thread/" as Key<ThreadRecord>,
  thread: (circle: string) => `thread/${circle}` as Key<ThreadRecord>,
  group: (circle: string) => `group/${circle}` as Key<Uint8Array>,
  lines: (circle: string) => `line/${circle}/` as Key<LineRecord>,
  line: (circle: string, seq: number) => `line/${circle}/${padded(seq)}` as Key<LineRecord>,
  /** Signatures of a message and of what was done to it, under the message's own entry. */
  allSigned: (circle: string, about: number) =>
    `signed/${circle}/${padded(about)}/` as Key<InnerSignature>,
  signed: (circle: string, about: number, seq: number) =>
    `signed/${circle}/${padded(about)}/${padded(seq)}` as Key<InnerSignature>,
  allGrants: "grant/" as Key<GrantRecord>,
  grants: (circle: string) => `grant/${circle}/` as Key<GrantRecord>,
  grant: (circle: string, seq: number) => `grant/${circle}/${padded(seq)}` as Key<GrantRecord>,
  allOutbox: "outbox/" as Key<OutboxRecord>,
  outboxOf: (circle: string) => `outbox/${circle}/` as Key<OutboxRecord>,
  outbox: (circle: string, order: number, id: string) =>
    `outbox/${circle}/${padded(order)}-${id}` as Key<OutboxRecord>,
  commits: "commit/" as Key<PendingCommit>,
  commit: (circle: string) => `commit/${circle}` as Key<PendingCommit>,
  claim: (circle: string) =>
    `claim/${circle}` as Key<{ device: string; person: string; package: Uint8Array }[]>,
  creation: (circle: string) => `creation/${circle}` as Key<PendingCreation>,
  intents: "intent/" as Key<IntentRecord>,
  intent: (id: string) => `intent/${id}` as Key<IntentRecord>,
  /** Cases looked into that the server has not been told of. */
  looks: "look/" as Key<string>,
  look: (caseId: string) => `look/${caseId}` as Key<string>,
  uploads: (circle: string) => `upload/${circle}/` as Key<UploadRecord>,
  upload: (circle: string, id: string) => `upload/${circle}/${id}` as Key<UploadRecord>,
  /** Files of messages that were withdrawn, to be destroyed at the server: of which circle. */
  removals: "removal/" as Key<string>,
  removal: (id: string) => `removal/${id}` as Key<string>,
  drafts: "draft/" as Key<string>,
  draft: (circle: string) => `draft/${circle}` as Key<string>,
  alongs: "along/" as Key<Along>,
  along: (circle: string) => `along/${circle}` as Key<Along>,
  allTyped: "typed/" as Key<string>,
  typed: (circle: string, what: string) => `typed/${circle}/${what}` as Key<string>,
  drafting: "drafting/" as Key<DraftRecord>,
  draftOf: (request: string) => `drafting/${request}` as Key<DraftRecord>,
  saving: "saving/" as Key<PendingVersion>,
  savingOf: (request: string) => `saving/${request}` as Key<PendingVersion>,
  sealed: (request: string) => `sealed/${request}` as Key<Uint8Array>,
  allVersionKeys: "version/" as Key<VersionKeyRecord>,
  versionKeys: (circle: string) => `version/${circle}/` as Key<VersionKeyRecord>,
  versionKey: (circle: string, id: string) => `version/${circle}/${id}` as Key<VersionKeyRecord>,
  allComments: "comment/" as Key<CommentRecord>,
  comment: (circle: string, id: string) => `comment/${circle}/${id}` as Key<CommentRecord>,
  reads: "read/" as Key<number>,
  kept: (circle = "") => `unread/${circle}` as Key<KeptUnread>,
  read: (circle: string) => `read/${circle}` as Key<number>,
  /** Threads in which this person does not have it told that they write. */
  quiet: (circle = "") => `quiet/${circle}` as Key<true>,
  directory: "directory" as Key<DirectoryRecord>,
  directoryPages: "dirlog/" as Key<readonly LoggedRecord[]>,
  directoryPage: (first: number) => `dirlog/${padded(first)}` as Key<readonly LoggedRecord[]>,
  allErased: "erased/" as Key<ErasedRecord>,
  erased: (circle: string) => `erased/${circle}` as Key<ErasedRecord>,
  allHeard: "heard/" as Key<HeardRecord>,
  heard: (circle: string) => `heard/${circle}` as Key<HeardRecord>,
  /** Wishes for exports, by their own ids, and what was made of them. */
  wishes: "wish/" as Key<WishRecord>,
  wish: (id: string) => `wish/${id}` as Key<WishRecord>,
  madeExport: (id: string) => `made-export/${id}` as Key<MadeRecord>,
  letterhead: (office: string) => `letterhead/${office}` as Key<number>, // the newest seen here
  refused: (circle: string) => `refused/${circle}` as Key<RefusedRecord>,
  /** An event's number may come again after a server was put back: the promise tells them apart. */
  promises: "promise/" as Key<PromiseRecord>,
  promise: (name: string) => `promise/${name}` as Key<PromiseRecord>,
  receipts: "receipt/" as Key<ReceiptRecord>,
  receipt: (name: string) => `receipt/${name}` as Key<ReceiptRecord>,
  allSought: "sought/" as Key<SoughtRecord>,
  sought: (circle: string, seq: number) => `sought/${circle}/${padded(seq)}` as Key<SoughtRecord>,
  /** Answers to acts that came without a promise, the newest last. */
  unpromised: "unpromised" as Key<readonly { act: string; at: number }[]>,
};

/** Numbers in names sort as numbers. */
export function padded(value: number): string {
  return String(value).padStart(16, "0");
}
