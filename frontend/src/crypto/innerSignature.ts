/**
 * The signature that a member's device puts inside each message, kept so that it can be shown to
 * people who cannot decrypt: a court, or whoever comes in later.
 *
 * RFC 9420 section 6.1: SignWithLabel(., "FramedContentTBS", FramedContentTBS). It covers what was
 * said, what stands beside it in clear, the thread, the epoch and the sender's leaf. Nothing here
 * needs an MLS library: whoever has the parts puts the signed bytes together and checks them.
 */

import { concat, u64, utf8, uuid } from "../bytes";
import { verifies } from "./ed25519";

/** A message's signature and what it covers, besides the thread, whose id is the group's. */
export type InnerSignature = {
  readonly epoch: number;
  /** The sender's leaf in that epoch. */
  readonly leaf: number;
  /** Of the group's context in that epoch, 32 bytes each. */
  readonly tree: Uint8Array;
  readonly transcript: Uint8Array;
  /** What stood beside the message in clear. */
  readonly aad: Uint8Array;
  /** The padded envelope (envelope.ts). */
  readonly plaintext: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /**
   * What opens the message as it lies in the thread's log (listening.ts): whoever is given that is
   * shown what the group was sent, and not what somebody says it was. Older programs kept none.
   */
  readonly opener?: Uint8Array;
};

const LABEL = utf8.encode("MLS 1.0 FramedContentTBS");
const MLS10 = 1;
const PRIVATE_MESSAGE = 2;
const MEMBER = 1;
const APPLICATION = 1;
/** MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519 */
const SUITE = 1;

const number = (value: number, width: 1 | 2 | 4): Uint8Array => u64(value).slice(8 - width);

/** A vector with its length before it (RFC 9420 section 2.1.2). */
function vector(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length < 1 << 6) return concat(number(length, 1), bytes);
  if (length < 1 << 14) return concat(number(length | 0x4000, 2), bytes);
  return concat(number(length + 0x8000_0000, 4), bytes);
}

/** What a message's author signed, put together from its parts; groups have no extensions. */
export function signedBytes(thread: string, inner: InnerSignature): Uint8Array<ArrayBuffer> {
  const { epoch, leaf, tree, transcript, aad, plaintext } = inner;
  const group = vector(uuid.toBytes(thread));
  const version = number(MLS10, 2);
  const content = concat(
    ...[group, u64(epoch), number(MEMBER, 1), number(leaf, 4), vector(aad)],
    ...[number(APPLICATION, 1), vector(plaintext)],
  );
  const context = concat(
    ...[version, number(SUITE, 2), group, u64(epoch), vector(tree), vector(transcript)],
    vector(new Uint8Array()),
  );
  const tbs = concat(version, number(PRIVATE_MESSAGE, 2), content, context);
  return concat(vector(LABEL), vector(tbs));
}

/** Whether it is the signature of the device with this key, 32 bytes, in that thread. */
export function isSignedBy(
  key: Uint8Array,
  thread: string,
  inner: InnerSignature,
): Promise<boolean> {
  return verifies(key, inner.signature, signedBytes(thread, inner));
}
