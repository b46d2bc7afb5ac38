/**
 * Node's WebCrypto, less wasteful. Each of its operations is a job for another thread, whose waking
 * costs ten times what the work does; and its OpenSSL takes 0.4 ms to read a private key in PKCS#8.
 * A scenario asks for some hundred thousand. Here the same OpenSSL does the same work at once, and
 * the answer comes in a later turn of the loop, as before: sometimes in a much later one, for what
 * is under way at the same time must end in any order. Whatever is not exactly as foreseen here
 * (another algorithm, a key of other uses, a seal that does not open) is Node's own, errors too.
 */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  KeyObject,
  sign,
  verify,
} from "node:crypto";

type Subtle = SubtleCrypto & { readonly [ours]?: true };
const ours = Symbol("less wasteful");
const TAG = 16;
const PKCS8 = 48;
/** Of a hundred answers so many come several turns late. */
const LATE = 10;

type Bytes = Uint8Array<ArrayBuffer>;
type Work = () => Bytes | boolean | null;

function bytesOf(data: BufferSource): Bytes {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data);
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

const nameOf = (algorithm: AlgorithmIdentifier) =>
  typeof algorithm === "string" ? algorithm : algorithm.name;

const may = (key: CryptoKey, algorithm: string, use: KeyUsage) =>
  key.algorithm.name === algorithm && key.usages.includes(use);

const objects = new WeakMap<CryptoKey, KeyObject>();
function objectOf(key: CryptoKey): KeyObject {
  const object = objects.get(key) ?? KeyObject.from(key as never);
  objects.set(key, object);
  return object;
}

/** A test may have the clock in its hand, and no other thread asks it. */
const turn = setImmediate;

/** A later turn of the loop, as if another thread had worked. */
async function later(): Promise<void> {
  const turns = Math.random() * 100 < LATE ? 2 + Math.floor(Math.random() * 4) : 1;
  for (let left = turns; left > 0; left -= 1) await new Promise((done) => turn(done));
}

/** What `work` makes; what Node says, where it cannot. */
async function answered<T>(work: Work, node: () => Promise<T>): Promise<T> {
  let made: ReturnType<Work>;
  try {
    made = work();
  } catch {
    made = null;
  }
  if (made === null) return node();
  await later();
  return (typeof made === "boolean" ? made : made.buffer) as T;
}

const copied = (buffer: Buffer): Bytes => Uint8Array.from(buffer);

/** Undefined unless AES-GCM is asked for as everybody does: 12 bytes of nonce, 16 of tag. */
function gcm(algorithm: AesGcmParams, key: CryptoKey) {
  const { iv, additionalData, tagLength } = algorithm;
  if (nameOf(algorithm) !== "AES-GCM" || tagLength !== undefined) return undefined;
  const nonce = bytesOf(iv);
  const { length } = key.algorithm as AesKeyAlgorithm;
  if (nonce.length !== 12 || (length !== 128 && length !== 256)) return undefined;
  const suite = `aes-${length}-gcm` as const;
  return { suite, nonce, aad: additionalData && bytesOf(additionalData) };
}

function sealed(algorithm: AesGcmParams, key: CryptoKey, plain: Bytes): Bytes | null {
  const how = may(key, "AES-GCM", "encrypt") ? gcm(algorithm, key) : undefined;
  if (how === undefined) return null;
  const cipher = createCipheriv(how.suite, objectOf(key), how.nonce);
  if (how.aad) cipher.setAAD(how.aad);
  return copied(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

function opened(algorithm: AesGcmParams, key: CryptoKey, box: Bytes): Bytes | null {
  const how = may(key, "AES-GCM", "decrypt") ? gcm(algorithm, key) : undefined;
  if (how === undefined || box.length < TAG) return null;
  const decipher = createDecipheriv(how.suite, objectOf(key), how.nonce, { authTagLength: TAG });
  if (how.aad) decipher.setAAD(how.aad);
  decipher.setAuthTag(box.subarray(-TAG));
  const plain = decipher.update(box.subarray(0, -TAG));
  return copied(Buffer.concat([plain, decipher.final()]));
}

const isSha256 = (key: CryptoKey) => (key.algorithm as HmacKeyAlgorithm).hash?.name === "SHA-256";

function signed(algorithm: AlgorithmIdentifier, key: CryptoKey, data: Bytes): Bytes | null {
  if (nameOf(algorithm) === "HMAC" && may(key, "HMAC", "sign") && isSha256(key))
    return copied(createHmac("sha256", objectOf(key)).update(data).digest());
  if (nameOf(algorithm) === "Ed25519" && may(key, "Ed25519", "sign"))
    return copied(sign(null, data, objectOf(key)));
  return null;
}

/** The same bytes make the same key, and nothing changes a key: each is read once. */
function keysRead(node: SubtleCrypto["importKey"]) {
  const known = new Map<string, Promise<CryptoKey>>();
  return (...asked: Parameters<SubtleCrypto["importKey"]>): Promise<CryptoKey> => {
    const [format, data, algorithm, extractable, usages] = asked;
    const pkcs8 = (format as string) === "pkcs8" && !("kty" in data) && bytesOf(data as never);
    if (!pkcs8 || pkcs8.length !== PKCS8) return node(...asked);
    const name = nameOf(algorithm as AlgorithmIdentifier);
    const asText = `${name} ${extractable} ${usages} ${Buffer.from(pkcs8).toString("latin1")}`;
    const key = known.get(asText) ?? node(...asked);
    known.set(asText, key);
    key.catch(() => known.delete(asText));
    return key;
  };
}

/** From now on `crypto.subtle` works so, in this process. */
export function lessWasteful(subtle: Subtle = crypto.subtle): void {
  if (subtle[ours]) return;
  const node = {
    digest: subtle.digest.bind(subtle),
    sign: subtle.sign.bind(subtle),
    verify: subtle.verify.bind(subtle),
    encrypt: subtle.encrypt.bind(subtle),
    decrypt: subtle.decrypt.bind(subtle),
  };
  const read = keysRead(subtle.importKey.bind(subtle) as SubtleCrypto["importKey"]);
  const instead: Partial<SubtleCrypto> = {
    digest: (algorithm, data) =>
      answered(
        () => {
          if (nameOf(algorithm) !== "SHA-256") return null;
          return copied(createHash("sha256").update(bytesOf(data)).digest());
        },
        () => node.digest(algorithm, data),
      ),
    sign: (algorithm, key, data) =>
      answered(
        () => signed(algorithm as AlgorithmIdentifier, key, bytesOf(data)),
        () => node.sign(algorithm, key, data),
      ),
    verify: (algorithm, key, signature, data) =>
      answered(
        () => {
          const asked = nameOf(algorithm as AlgorithmIdentifier) === "Ed25519";
          if (!asked || !may(key, "Ed25519", "verify")) return null;
          return verify(null, bytesOf(data), objectOf(key), bytesOf(signature));
        },
        () => node.verify(algorithm, key, signature, data),
      ),
    encrypt: (algorithm, key, data) =>
      answered(
        () => sealed(algorithm as AesGcmParams, key, bytesOf(data)),
        () => node.encrypt(algorithm, key, data),
      ),
    decrypt: (algorithm, key, data) =>
      answered(
        () => opened(algorithm as AesGcmParams, key, bytesOf(data)),
        () => node.decrypt(algorithm, key, data),
      ),
    importKey: read as SubtleCrypto["importKey"],
  };
  for (const [name, value] of Object.entries(instead)) {
    Object.defineProperty(subtle, name, { value, configurable: true, writable: true });
  }
  Object.defineProperty(subtle, ours, { value: true });
}
