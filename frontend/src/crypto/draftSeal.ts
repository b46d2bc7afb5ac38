/**
 * A version of a draft, sealed for the server to keep: AES-256-GCM (NIST SP 800-38D) under a key
 * of its own, which travels only inside an MLS message of the drafting circle.
 *
 * JSON || 0x80 || 0x00..., up to the smallest bucket that holds it: the server sees one of eight
 * sizes. The request's and the version's ids are authenticated, so that the server cannot hand
 * out one version for another.
 */
import { concat, owned, sha256, utf8 } from "../bytes";

const KEY = 32;
const NONCE = 12;
const TAG = 16;

/** Bytes of the sealed body, nonce and tag included; the largest is the server's limit. */
export const DRAFT_BUCKETS = [
  4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288,
] as const;

export type SealedDraft = {
  /** `nonce (12 bytes) || ciphertext || tag`; one of DRAFT_BUCKETS long. */
  readonly body: Uint8Array;
  /** 32 bytes, used once. */
  readonly key: Uint8Array;
  /** SHA-256 of `body`, which the key's message names. */
  readonly digest: Uint8Array;
};

/** The draft does not fit into the largest bucket. */
export class DraftTooLong extends Error {
  override readonly name = "DraftTooLong";
}

/** Not what its author sealed: another body, another key, or another place. */
export class DraftUnreadable extends Error {
  override readonly name = "DraftUnreadable";
}

type Place = { readonly request: string; readonly client_id: string };

function boundTo({ request, client_id }: Place): Uint8Array<ArrayBuffer> {
  return utf8.encode(`casehub/draft/1\0${request}\0${client_id}`);
}

/** @throws {DraftTooLong} */
export async function sealDraft(place: Place, plain: Uint8Array): Promise<SealedDraft> {
  const size = DRAFT_BUCKETS.find((bucket) => plain.length < bucket - NONCE - TAG);
  if (size === undefined) throw new DraftTooLong(`${plain.length} bytes do not fit`);
  const padded = new Uint8Array(size - NONCE - TAG);
  padded.set(plain);
  padded[plain.length] = 0x80;
  const key = crypto.getRandomValues(new Uint8Array(KEY));
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const algorithm = { name: "AES-GCM", iv, additionalData: boundTo(place) };
  const secret = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, secret, padded));
  padded.fill(0);
  const body = concat(iv, sealed);
  return { body, key, digest: await sha256(body) };
}

/** @throws {DraftUnreadable} for anything that `sealDraft` would not have made for this place. */
export async function openDraft(
  place: Place,
  body: Uint8Array,
  key: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!DRAFT_BUCKETS.some((bucket) => bucket === body.length) || key.length !== KEY) {
    throw new DraftUnreadable("size");
  }
  const algorithm = {
    name: "AES-GCM",
    iv: owned(body.subarray(0, NONCE)),
    additionalData: boundTo(place),
  };
  let padded: Uint8Array<ArrayBuffer>;
  try {
    const secret = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["decrypt"]);
    padded = new Uint8Array(
      await crypto.subtle.decrypt(algorithm, secret, owned(body.subarray(NONCE))),
    );
  } catch {
    throw new DraftUnreadable("key, body or place");
  }
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 0x80) throw new DraftUnreadable("padding");
  return padded.slice(0, end);
}
