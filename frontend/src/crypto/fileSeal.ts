/**
 * A file, sealed piece by piece for the server to keep: AES-256-GCM (NIST SP 800-38D) under a key of
 * its own, which travels only inside an MLS message.
 *
 * The file, followed by zeros up to one of a few sizes, is cut into pieces of 1 MiB. A piece's nonce
 * is `prefix (7 bytes) || counter u32 || last u8`, as in STREAM (Hoang, Reyhanitabar, Rogaway and
 * Vizár 2015): a piece in another's place, one too few or one too many does not open. The file's id
 * is authenticated with each, so that none opens as another file's. docs/files.md has an example.
 */
import { concat, owned, sha256, utf8, uuid } from "../bytes";

const KIB = 1024;
/** Bytes of plaintext in each piece but the last. */
export const CHUNK = KIB * KIB;
export const TAG = 16;
/** Of one file, before it is padded. */
export const MOST_BYTES = 2 * KIB * KIB * KIB;
const LEAST = 4 * KIB;
const KEY = 32;
const PREFIX = 7;
const FILE_DOMAIN = utf8.encode("casehub/file/1\0");

/** Where a file's pieces belong, and what opens them. */
export type FileKey = {
  readonly id: string;
  /** 32 bytes, of this file alone. */
  readonly key: Uint8Array;
  /** 7 bytes. */
  readonly prefix: Uint8Array;
};

/** Not a piece that its author sealed for this place. */
export class PieceUnreadable extends Error {
  override readonly name = "PieceUnreadable";
}

/**
 * The size to which so many bytes are padded, at most a twentieth more: the server learns it, and no
 * other. The same ones stand in casehub/core/pieces.py.
 *
 * @throws {RangeError} above {@link MOST_BYTES}
 */
export function paddedSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0 || size > MOST_BYTES) {
    throw new RangeError("not a size of a file");
  }
  let padded = LEAST;
  while (padded < size) padded += Math.floor(padded / 20);
  return padded;
}

/** In how many pieces a file of `size` bytes comes. */
export function piecesOf(size: number): number {
  return Math.ceil(paddedSize(size) / CHUNK);
}

/** How many bytes of plaintext, padding included, piece `index` of a file has. */
export function pieceLength(size: number, index: number): number {
  return Math.min(CHUNK, paddedSize(size) - index * CHUNK);
}

export function newFileKey(id: string): FileKey {
  const fresh = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return { id, key: fresh(KEY), prefix: fresh(PREFIX) };
}

/** What stands for a whole sealed file: SHA-256 over those of its pieces, in order; 32 bytes. */
export function sealedDigest(id: string, pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  return sha256(FILE_DOMAIN, uuid.toBytes(id), ...pieces);
}

export type Pieces = {
  readonly count: number;
  /**
   * Seal piece `index`: `plain` is its part of the file, which is padded here. The same place must
   * never be given other bytes under the same key.
   */
  seal(index: number, plain: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Its part of the file, without the padding. @throws {PieceUnreadable} */
  open(index: number, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
};

/** The pieces of a file of `size` bytes. */
export async function piecesUnder({ id, key, prefix }: FileKey, size: number): Promise<Pieces> {
  if (key.length !== KEY || prefix.length !== PREFIX) throw new PieceUnreadable("key");
  const secret = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  const additionalData = concat(FILE_DOMAIN, uuid.toBytes(id));
  const count = piecesOf(size);

  function algorithm(index: number): AesGcmParams {
    const iv = new Uint8Array(12);
    iv.set(prefix);
    new DataView(iv.buffer).setUint32(PREFIX, index);
    iv[11] = index === count - 1 ? 1 : 0;
    return { name: "AES-GCM", iv, additionalData };
  }

  /** How much of piece `index` is the file itself. */
  const own = (index: number): number =>
    Math.max(0, Math.min(pieceLength(size, index), size - index * CHUNK));

  return {
    count,
    seal: async (index, plain) => {
      if (index < 0 || index >= count || plain.length !== own(index)) {
        throw new RangeError("not a piece of this file");
      }
      const padded = new Uint8Array(pieceLength(size, index));
      padded.set(plain);
      return new Uint8Array(await crypto.subtle.encrypt(algorithm(index), secret, padded));
    },
    open: async (index, sealed) => {
      if (index < 0 || index >= count || sealed.length !== pieceLength(size, index) + TAG) {
        throw new PieceUnreadable("length");
      }
      let padded: Uint8Array<ArrayBuffer>;
      try {
        const opened = await crypto.subtle.decrypt(algorithm(index), secret, owned(sealed));
        padded = new Uint8Array(opened);
      } catch {
        throw new PieceUnreadable("key, piece or place");
      }
      const length = own(index);
      if (padded.subarray(length).some((byte) => byte !== 0)) throw new PieceUnreadable("padding");
      return padded.subarray(0, length);
    },
  };
}
