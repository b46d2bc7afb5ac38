/**
 * Messages from before somebody came, given to them by a member: what opens each of them as it lies
 * in the thread's log, sealed to that person's devices.
 *
 * No text travels: whoever receives it fetches the log, holds it against the hash chain and opens
 * the messages there, so nobody can hand over other words than the group was sent. The list is
 * canonical JSON under AES-256-GCM with a key that is used once; the key is sealed to each device's
 * history key (HPKE, RFC 9180), which its person's directory entry names.
 */

import * as v from "valibot";
import { b64u, concat, MalformedBytes, owned, utf8 } from "../bytes";
import { canonical, fromCanonical, NotCanonical } from "../canonical";
import type { MlsEngine } from "./contract";
import { Uuid } from "./identity";
import { MlsRefused } from "./refusal";

/** What is given to whom, as it also stands in clear beside the message. */
export type Announced = {
  /** A person's id. */
  readonly to: string;
  /** Entries of the first and the last message that is given, and how many there are. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
};

export type Grant = Announced & {
  /** Nonce and sealed list, base64url. */
  readonly list: string;
  /** The list's key for each device: `enc` 32 and `key` 48 bytes, base64url. */
  readonly sealed: readonly {
    readonly device: string;
    readonly enc: string;
    readonly key: string;
  }[];
};

/** One entry that is opened: its sender's leaf, and its key and nonce, 28 bytes. */
export type Opened = { readonly seq: number; readonly leaf: number; readonly opener: Uint8Array };

/** Of a group's context in an epoch, which its messages' signatures cover; 32 bytes each. */
export type EpochFacts = {
  readonly epoch: number;
  readonly tree: Uint8Array;
  readonly transcript: Uint8Array;
};

export type GivenList = {
  readonly epochs: readonly EpochFacts[];
  readonly messages: readonly Opened[];
  /** What was done to their texts before the newcomer came. */
  readonly edits: readonly Opened[];
};

/** Bytes of a list's JSON: with its seals it fits into the largest message. */
export const MOST_LIST = 19_000;
export const MOST_DEVICES = 24;

/** Not what a member's program would have made for this device. */
export class HistoryUnreadable extends Error {
  override readonly name = "HistoryUnreadable";
}

const text = (bytes: number) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.length(Math.ceil((bytes * 4) / 3)));
const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const GrantEntries = {
  to: Uuid,
  first: Seq,
  last: Seq,
  count: Seq,
  list: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(28_000)),
  sealed: v.pipe(
    v.array(v.strictObject({ device: Uuid, enc: text(32), key: text(48) })),
    v.minLength(1),
    v.maxLength(MOST_DEVICES),
  ),
};

const Item = v.strictTuple([Seq, Whole, text(28)]);
const ListShape = v.strictObject({
  v: v.literal(1),
  epochs: v.array(v.strictTuple([Whole, text(32), text(32)])),
  messages: v.pipe(v.array(Item), v.minLength(1)),
  edits: v.array(Item),
});

/** What a seal is bound to: its thread, and all that is announced of it. */
function boundTo(circle: string, { to, first, last, count }: Announced): Uint8Array<ArrayBuffer> {
  const said = canonical({ v: 1, circle, to, first, last, count });
  return concat(utf8.encode("casehub/history/1\0"), said);
}

function infoOf(bound: Uint8Array, device: string): Uint8Array {
  return concat(bound, utf8.encode(`\0${device}`));
}

/** A list as it is sealed. */
export function listBytes({ epochs, messages, edits }: GivenList): Uint8Array<ArrayBuffer> {
  const items = (opened: readonly Opened[]) =>
    opened.map(({ seq, leaf, opener }) => [seq, leaf, b64u.encode(opener)]);
  return canonical({
    v: 1,
    epochs: epochs.map(({ epoch, tree, transcript }) => [
      epoch,
      b64u.encode(tree),
      b64u.encode(transcript),
    ]),
    messages: items(messages),
    edits: items(edits),
  });
}

export type Device = { readonly device: string; readonly historyKey: Uint8Array };

export async function sealHistory(
  engine: MlsEngine,
  circle: string,
  announced: Announced,
  list: GivenList,
  devices: readonly Device[],
): Promise<Grant> {
  const bound = boundTo(circle, announced);
  const key = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = listBytes(list);
  const secret = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound };
  const body = new Uint8Array(await crypto.subtle.encrypt(algorithm, secret, plain));
  plain.fill(0);
  const sealed: Grant["sealed"][number][] = [];
  for (const { device, historyKey } of devices) {
    const { enc, ct } = await engine.sealTo(historyKey, infoOf(bound, device), key);
    sealed.push({ device, enc: b64u.encode(enc), key: b64u.encode(ct) });
  }
  key.fill(0);
  return { ...announced, list: b64u.encode(concat(iv, body)), sealed };
}

/**
 * What a grant gives to one device.
 *
 * @throws {HistoryUnreadable} if it is not sealed to it, or not as it is announced
 */
export async function openHistory(
  engine: MlsEngine,
  circle: string,
  grant: Grant,
  device: string,
  historyPrivate: Uint8Array,
): Promise<GivenList> {
  const own = grant.sealed.find((one) => one.device === device);
  if (own === undefined) throw new HistoryUnreadable("of another device");
  const bound = boundTo(circle, grant);
  try {
    const sealed = { enc: b64u.decode(own.enc), ct: b64u.decode(own.key) };
    const key = await engine.openSealed(historyPrivate, infoOf(bound, device), sealed);
    const secret = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["decrypt"]);
    const body = b64u.decode(grant.list);
    const algorithm = { name: "AES-GCM", iv: body.subarray(0, 12), additionalData: bound };
    const plain = await crypto.subtle.decrypt(algorithm, secret, body.subarray(12));
    key.fill(0);
    return asAnnounced(listOf(new Uint8Array(plain)), grant);
  } catch (error) {
    if (WRONG.some((kind) => error instanceof kind) || isOperation(error)) {
      throw new HistoryUnreadable("not sealed as it must be", { cause: error });
    }
    throw error;
  }
}

const WRONG = [MlsRefused, NotCanonical, MalformedBytes];

/** WebCrypto's word for what does not open, and for keys that are none. */
function isOperation(error: unknown): boolean {
  return (
    error instanceof DOMException && (error.name === "OperationError" || error.name === "DataError")
  );
}

function listOf(plain: Uint8Array): GivenList {
  const read = v.safeParse(ListShape, fromCanonical(plain));
  if (!read.success) throw new HistoryUnreadable("not a list");
  const { epochs, messages, edits } = read.output;
  const items = (opened: readonly (readonly [number, number, string])[]): Opened[] =>
    opened.map(([seq, leaf, opener]) => ({ seq, leaf, opener: b64u.decode(opener) }));
  return {
    epochs: epochs.map(([epoch, tree, transcript]) => ({
      epoch,
      tree: b64u.decode(tree),
      transcript: b64u.decode(transcript),
    })),
    messages: items(messages),
    edits: items(edits),
  };
}

/** @throws {HistoryUnreadable} if an entry is named twice, or other ones than were announced */
function asAnnounced(list: GivenList, { first, last, count }: Announced): GivenList {
  const { messages, edits } = list;
  const rising = (all: readonly Opened[]) =>
    all.every(({ seq }, at) => at === 0 || seq > (all[at - 1]?.seq ?? 0));
  const both = new Set([...messages, ...edits].map(({ seq }) => seq));
  const right =
    rising(messages) &&
    rising(edits) &&
    both.size === messages.length + edits.length &&
    messages.length === count &&
    messages[0]?.seq === first &&
    messages.at(-1)?.seq === last;
  if (!right) throw new HistoryUnreadable("not what was announced");
  return list;
}
