/**
 * A message as it lies in a thread's log, opened by its own key by somebody who was never in the
 * thread: RFC 9420 sections 6 and 6.3.1, without an MLS library (innerSignature.ts).
 *
 * The key opens this one ciphertext alone. That another one opens it to other words is out of reach:
 * in what is inside, hundreds of bytes are given by its form (envelope.ts), its ids and its padding.
 */

import { owned } from "../bytes";
import { MlsRefused } from "./refusal";

export type Unsealed = {
  readonly groupId: Uint8Array;
  readonly epoch: number;
  /** What stood beside it in clear. */
  readonly aad: Uint8Array;
  /** The padded envelope. */
  readonly plaintext: Uint8Array;
  /** 64 bytes: what its author's device signed with it. */
  readonly signature: Uint8Array;
};

const MLS10 = 1;
const PRIVATE_MESSAGE = 2;
const APPLICATION = 1;
const [KEY, NONCE] = [16, 12] as const;

/**
 * @param body one MLSMessage
 * @param opener its key and nonce, 16 and 12 bytes
 * @throws {MlsRefused} `malformed`, `wrong-kind`; `invalid` if it is not opened by that
 */
export async function unsealed(body: Uint8Array, opener: Uint8Array): Promise<Unsealed> {
  const reading = new Reading(body);
  if (reading.number(2) !== MLS10) throw new MlsRefused("malformed");
  if (reading.number(2) !== PRIVATE_MESSAGE) throw new MlsRefused("wrong-kind");
  const start = reading.at;
  const groupId = reading.vector();
  const epoch = reading.number(8);
  if (reading.number(1) !== APPLICATION) throw new MlsRefused("wrong-kind");
  const aad = reading.vector();
  // PrivateContentAAD: exactly these fields, as they stand in the message.
  const bound = body.slice(start, reading.at);
  reading.vector(); // who sent it, sealed
  const ciphertext = reading.vector();
  reading.end();
  const content = new Reading(await decrypted(opener, bound, ciphertext));
  const [plaintext, signature] = [content.vector(), content.vector()];
  content.zeros();
  return { groupId, epoch, aad, plaintext, signature };
}

async function decrypted(opener: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array) {
  if (opener.length !== KEY + NONCE) throw new MlsRefused("invalid");
  const [key, iv] = [owned(opener.slice(0, KEY)), owned(opener.slice(KEY))];
  const secret = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv, additionalData: owned(additionalData) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, secret, owned(ciphertext)));
  } catch (cause) {
    throw new MlsRefused("invalid", { cause });
  }
}

/** By its first two bits: bytes of a length, what these bits add to it, and the least it may be. */
const LENGTHS = [
  { width: 1, mark: 0, least: 0 },
  { width: 2, mark: 0x4000, least: 1 << 6 },
  { width: 4, mark: 0x8000_0000, least: 1 << 14 },
] as const;

/** RFC 9420 section 2.1, as far as it is needed; what is read is copied. */
class Reading {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @throws {MlsRefused} also for more than a safe integer holds */
  number(width: 1 | 2 | 4 | 8): number {
    const value = this.#take(width).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new MlsRefused("malformed");
    return value;
  }

  /** With its length before it, in the shortest spelling (section 2.1.2). */
  vector(): Uint8Array {
    const first = this.bytes[this.at] ?? 0;
    const kind = LENGTHS[first >> 6];
    if (kind === undefined) throw new MlsRefused("malformed");
    const length = this.number(kind.width) - kind.mark;
    if (length < kind.least) throw new MlsRefused("malformed");
    return this.#take(length);
  }

  zeros(): void {
    if (this.bytes.slice(this.at).some((byte) => byte !== 0)) throw new MlsRefused("malformed");
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new MlsRefused("malformed");
  }

  #take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.bytes.length) throw new MlsRefused("malformed");
    const taken = this.bytes.slice(this.at, end);
    this.at = end;
    return taken;
  }
}
