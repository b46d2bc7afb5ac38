/**
 * What stands inside an MLS message: canonical JSON, padded so that its length says little.
 *
 * JSON || 0x80 || 0x00..., up to the smallest bucket that holds it. The server sees one of five
 * sizes, and never the content.
 */
import * as v from "valibot";
import { b64u, concat } from "../bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "../canonical";
import { Bytes32, type Content, ContentShape, Count, type Unknown } from "./content";
import { Uuid } from "./identity";

export type { Content } from "./content";

export const BUCKETS = [256, 1024, 4096, 16_384, 32_768] as const;

export type Envelope = {
  /** The circle: thread id and MLS group id. */
  readonly thread: string;
  /** The sender's own id for this message; also in its authenticated data. */
  readonly id: string;
  /** The sender's count of messages in this thread, from 0. */
  readonly counter: number;
  /** The last log entry the sender had accepted; a forked log shows here. */
  readonly prev: { readonly seq: number; readonly chain: Uint8Array };
  /** The sender's view of the epoch; a forked group shows here. 32 bytes. */
  readonly epochAuthenticator: Uint8Array;
  readonly content: Content;
};

/** One that arrived may be of a later version of the program. */
export type Opened = Omit<Envelope, "content"> & { readonly content: Content | Unknown };

/** The content does not fit into the largest bucket. */
export class EnvelopeTooLong extends Error {
  override readonly name = "EnvelopeTooLong";
}

/** Bytes that are no envelope: wrong size, padding, JSON, or fields. */
export class EnvelopeMalformed extends Error {
  override readonly name = "EnvelopeMalformed";
}

const Shape = v.strictObject({
  v: v.literal(1),
  thread: Uuid,
  id: Uuid,
  counter: Count,
  prev: v.strictObject({ seq: Count, chain: Bytes32 }),
  epoch_authenticator: Bytes32,
  content: ContentShape,
});

/** @throws {EnvelopeTooLong} */
export function sealEnvelope(envelope: Opened): Uint8Array {
  const json = canonical({
    v: 1,
    thread: envelope.thread,
    id: envelope.id,
    counter: envelope.counter,
    prev: { seq: envelope.prev.seq, chain: b64u.encode(envelope.prev.chain) },
    epoch_authenticator: b64u.encode(envelope.epochAuthenticator),
    content: wireOf(envelope.content),
  });
  return bucketed(concat(json, Uint8Array.of(0x80)));
}

/** What is padded, up to the byte that ends it, in its bucket. @throws {EnvelopeTooLong} */
export function bucketed(ended: Uint8Array): Uint8Array {
  const size = bucketFor(ended.length - 1);
  if (size === undefined) throw new EnvelopeTooLong(`${ended.length} bytes do not fit`);
  const padded = new Uint8Array(size);
  padded.set(ended);
  return padded;
}

/** @throws {EnvelopeMalformed} for anything that `sealEnvelope` would not have written. */
export function openEnvelope(bytes: Uint8Array): Opened {
  const end = bytes.findLastIndex((byte) => byte !== 0);
  if (bytes[end] !== 0x80 || bucketFor(end) !== bytes.length) {
    throw new EnvelopeMalformed("padding");
  }
  const read = v.safeParse(Shape, jsonOf(bytes.subarray(0, end)));
  if (!read.success) throw new EnvelopeMalformed("fields");
  const { thread, id, counter, prev, epoch_authenticator, content } = read.output;
  return { thread, id, counter, prev, epochAuthenticator: epoch_authenticator, content };
}

/** Bytes become text; everything else is JSON already. */
function wireOf(content: Content | Unknown): Json {
  if (content.kind === "unknown") return JSON.parse(content.kept) as Json;
  return Object.fromEntries(
    Object.entries(content).flatMap(([name, value]): [string, Json][] => {
      if (value === undefined) return [];
      return [[name, value instanceof Uint8Array ? b64u.encode(value) : (value as Json)]];
    }),
  );
}

/** The smallest bucket for JSON of this length and the byte that ends it. */
function bucketFor(length: number): number | undefined {
  return BUCKETS.find((bucket) => length < bucket);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return fromCanonical(bytes);
  } catch (error) {
    if (error instanceof NotCanonical) throw new EnvelopeMalformed("json");
    throw error;
  }
}
